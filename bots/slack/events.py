"""From Slack's payloads to what they mean for us: pure functions, no I/O.

A payload (of an event, a slash command, a button or a shortcut) becomes one event of ours, or
nothing. What was said in a thread may be for us or not: who reads it knows whether we take part.
"""

import time
from dataclasses import dataclass
from typing import Any, Literal

from bots.slack.place import Place, Workspace
from bots.slack.text import addressee, mentions, without_mention

Payload = dict[str, Any]
# Messages of people; all other subtypes are Slack's own notes.
_SAID = (None, "", "file_share", "thread_broadcast", "me_message")
_SLACKBOT = "USLACKBOT"
# What is kept of a deleted message: where it was and whose.
_OF_DELETED = ("ts", "thread_ts", "user", "bot_id", "subtype")


@dataclass(frozen=True, slots=True)
class Me:
    """The bot itself in one workspace."""

    user_id: str
    bot_id: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an event came from. `message_id` is Slack's timestamp, "" none; `event_id` is unique
    among all that this place submits. `response_url` takes words that only the user sees."""

    place: Place
    user_id: str
    message_id: str
    event_id: str
    at: float
    response_url: str = ""


@dataclass(frozen=True, slots=True)
class Says:
    """Something said, in Slack's markup. `replaces` is the message that it is an edit of.

    `addressed`: to us for certain, or only if we take part in the thread.
    `in_thread`: it is not the first message of its thread.
    """

    origin: Origin
    text: str
    addressed: Literal["yes", "perhaps"]
    in_thread: bool
    replaces: str = ""
    files: bool = False


@dataclass(frozen=True, slots=True)
class Commands:
    """A slash command: its first word and the rest."""

    origin: Origin
    name: str
    argument: str


@dataclass(frozen=True, slots=True)
class Presses:
    """A button. `shown_to_one`: in a message that only its user sees; `home`: on the App Home."""

    origin: Origin
    action: str
    value: str
    home: bool = False


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A message shortcut: on this message of this author, in Slack's markup."""

    origin: Origin
    task: str
    author: str
    text: str


@dataclass(frozen=True, slots=True)
class Deleted:
    """A message is gone."""

    place: Place
    message_id: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A user opened the App Home or the conversation with us. `thread` with older apps alone."""

    workspace: Workspace
    user_id: str
    chat_id: str
    tab: Literal["home", "messages"]
    thread: str = ""


@dataclass(frozen=True, slots=True)
class Stops:
    """A user pressed Slack's own stop button."""

    place: Place


@dataclass(frozen=True, slots=True)
class Uninstalled:
    """The app is gone from a workspace, or its tokens are."""

    workspace: Workspace


Event = Says | Commands | Presses | Shortcut | Deleted | Opened | Stops | Uninstalled


def workspace_of(payload: Payload) -> Workspace:
    """The workspace that the app is installed in and this came through.

    In channels shared by two companies `team_id` may be the other's.
    """
    first: Payload = next(iter(payload.get("authorizations") or []), {})
    team = payload.get("team")
    own = team.get("id") if isinstance(team, dict) else team
    team_id = first.get("team_id") or own or payload.get("team_id")
    team_id = (
        team_id or payload.get("context_team_id") or (payload.get("user") or {}).get("team_id")
    )
    whole = first.get("is_enterprise_install", payload.get("is_enterprise_install"))
    enterprise = ""
    if whole in (True, "true"):
        company = payload.get("enterprise")
        enterprise = first.get("enterprise_id") or payload.get("enterprise_id") or ""
        enterprise = enterprise or (company or {}).get("id", "")
    return Workspace(str(team_id or ""), str(enterprise))


def event_id(payload: Payload) -> str:
    """What is the same in every delivery of one event; "" when it is none that we know."""
    team = workspace_of(payload).team
    if payload.get("type") == "event_callback":
        return f"{team}:{payload['event_id']}"
    if "command" in payload:
        return f"{team}:command:{payload.get('trigger_id', '')}"
    actions = payload.get("actions") or [{}]
    told = actions[0].get("action_ts") or payload.get("action_ts") or payload.get("trigger_id")
    return f"{team}:{payload.get('type')}:{told}:{actions[0].get('action_id', '')}" if told else ""


def without_deleted(payload: Payload) -> Payload:
    """The payload without the words of what somebody deleted: they are nobody's business."""
    event = payload.get("event") or {}
    gone = event.get("previous_message")
    is_stone = (event.get("message") or {}).get("subtype") == "tombstone"
    if gone is None or not (is_stone or event.get("subtype") == "message_deleted"):
        return payload
    left = {name: gone[name] for name in _OF_DELETED if name in gone}
    return {**payload, "event": {**event, "previous_message": left}}


def lane_of(payload: Payload, threaded: bool = True) -> str:
    """Which payloads keep their order: those of one thread, or where direct messages open none,
    those of one person."""
    event = payload.get("event") or {}
    message = event.get("message") or event.get("previous_message") or event
    message = payload.get("message") or message
    channel = payload.get("channel") or event.get("channel") or payload.get("channel_id") or ""
    channel = channel.get("id", "") if isinstance(channel, dict) else channel
    thread = message.get("thread_ts") or message.get("ts") or event.get("deleted_ts") or ""
    if not threaded and channel.startswith("D"):
        thread = ""
    return f"{workspace_of(payload).team}/{channel}/{thread}"


def read(payload: Payload, me: Me, threaded: bool = True) -> Event | None:
    """What a payload means; None: nothing for us. `threaded`: each message in a direct message
    opens a thread of its own."""
    if payload.get("type") == "event_callback":
        return _event(payload, me, threaded)
    if "command" in payload:
        return _command(payload)
    if payload.get("type") == "block_actions":
        return _press(payload)
    if payload.get("type") == "message_action":
        return _shortcut(payload)
    return None


def _event(payload: Payload, me: Me, threaded: bool) -> Event | None:
    event, workspace = payload["event"], workspace_of(payload)
    match event.get("type"):
        case "message" | "app_mention":
            return _message(payload, event, me, threaded)
        case "app_home_opened":
            tab: Literal["home", "messages"] = "home" if event.get("tab") == "home" else "messages"
            return Opened(workspace, event["user"], event.get("channel", ""), tab)
        case "assistant_thread_started":
            thread = event["assistant_thread"]
            return Opened(
                workspace, thread["user_id"], thread["channel_id"], "messages", thread["thread_ts"]
            )
        case "agent_session_stopped":
            return Stops(Place(workspace, event["channel"], event.get("thread_ts") or ""))
        case "app_uninstalled":
            return Uninstalled(workspace)
        case "tokens_revoked":
            return Uninstalled(workspace) if (event.get("tokens") or {}).get("bot") else None
    return None


def _message(payload: Payload, event: Payload, me: Me, threaded: bool) -> Event | None:
    subtype = event.get("subtype")
    if subtype == "message_deleted":
        gone = event.get("previous_message") or {}
        if _is_bots(gone, me) or not event.get("deleted_ts"):
            return None
        place = _place(payload, event, {**gone, "ts": event["deleted_ts"]}, threaded)
        # Without a text its words were taken out, because it concerns us.
        to_us = "text" not in gone or me.user_id in mentions(gone["text"] or "")
        if not (to_us or place.private or gone.get("thread_ts")):
            return None  # among others
        return Deleted(place, event["deleted_ts"])
    if subtype == "message_changed":
        message, before = event.get("message") or {}, event.get("previous_message") or {}
        if message.get("subtype") == "tombstone" and not _is_bots(before, me):
            # The first message of a thread that has others is gone, but for its place.
            return Deleted(_place(payload, event, message, threaded), message["ts"])
        if message.get("text") == before.get("text"):
            return None  # a link was unfolded, somebody answered in the thread
        return _said(payload, event, message, me, threaded, edited=True)
    return _said(payload, event, event, me, threaded)


def _said(
    payload: Payload, event: Payload, message: Payload, me: Me, threaded: bool, edited: bool = False
) -> Event | None:
    if message.get("subtype") not in _SAID or _is_bots(message, me) or not message.get("user"):
        return None
    text, place = message.get("text") or "", _place(payload, event, message, threaded)
    in_thread = bool(message.get("thread_ts")) and message["thread_ts"] != message["ts"]
    to_us = place.private or me.user_id in mentions(text) or event.get("type") == "app_mention"
    if not to_us and (not in_thread or addressee(text)):
        return None  # among others, or to another
    ts = message["ts"]
    said = payload["event_id"] if edited else ""
    origin = Origin(place, message["user"], ts, f"{ts}.{said}" if said else ts, float(ts))
    return Says(
        origin=origin,
        text=without_mention(text, me.user_id),
        addressed="yes" if to_us else "perhaps",
        in_thread=in_thread,
        replaces=ts if edited else "",
        files=bool(message.get("files")),
    )


def _is_bots(message: Payload, me: Me) -> bool:
    """Ours or another bot's: two bots that answer each other never end."""
    user = message.get("user")
    from_bot = bool(message.get("bot_id")) or message.get("subtype") == "bot_message"
    return from_bot or user in (me.user_id, _SLACKBOT)


def _place(payload: Payload, event: Payload, message: Payload, threaded: bool) -> Place:
    channel = event.get("channel") or ""
    opens = threaded or not channel.startswith("D")
    thread = message.get("thread_ts") or (message["ts"] if opens else "")
    return Place(workspace_of(payload), channel, thread)


def _command(payload: Payload) -> Commands:
    name, _, argument = (payload.get("text") or "").strip().partition(" ")
    origin = Origin(
        place=Place(workspace_of(payload), payload["channel_id"], payload.get("thread_ts") or ""),
        user_id=payload["user_id"],
        message_id="",
        event_id=event_id(payload),
        at=time.time(),
        response_url=payload.get("response_url") or "",
    )
    return Commands(origin, name.lower().lstrip("/!") or "start", argument.strip())


def _press(payload: Payload) -> Presses | None:
    action = next(iter(payload.get("actions") or []), None)
    if action is None:
        return None
    message, box = payload.get("message") or {}, payload.get("container") or {}
    channel = (payload.get("channel") or {}).get("id") or box.get("channel_id") or ""
    thread = message.get("thread_ts") or box.get("thread_ts") or ""
    home = box.get("type") == "view"
    origin = Origin(
        place=Place(workspace_of(payload), channel or "D", thread),
        user_id=payload["user"]["id"],
        message_id="",
        event_id=event_id(payload),
        at=time.time(),
        response_url="" if home else payload.get("response_url") or "",
    )
    return Presses(origin, action.get("action_id") or "", str(action.get("value") or ""), home)


def _shortcut(payload: Payload) -> Shortcut:
    message = payload["message"]
    thread = message.get("thread_ts") or message["ts"]
    origin = Origin(
        place=Place(workspace_of(payload), payload["channel"]["id"], thread),
        user_id=payload["user"]["id"],
        message_id=message["ts"],
        event_id=event_id(payload),
        at=time.time(),
        response_url=payload.get("response_url") or "",
    )
    author = message.get("user") or message.get("bot_id") or ""
    return Shortcut(origin, payload["callback_id"], author, message.get("text") or "")
