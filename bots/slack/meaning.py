"""From Slack's payloads to what they mean for us: pure functions, no I/O."""

import time
from typing import Literal

from bots.slack.events import (
    Commands,
    Deleted,
    Event,
    Me,
    Opened,
    Origin,
    Presses,
    Says,
    Shortcut,
    Stops,
    Uninstalled,
)
from bots.slack.payloads import Payload, event_id, workspace_of
from bots.slack.place import Place
from bots.slack.text import addressee, mentions, without_mention
from broker.text.cleaning import clean

# Messages of people; all other subtypes are Slack's own notes.
SAID = (None, "", "file_share", "thread_broadcast", "me_message")
_SLACKBOT = "USLACKBOT"


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
        case "app_mention" if event.get("edited"):
            return None  # comes as a changed message too, which tells what it was before
        case "message" | "app_mention":
            return _message(payload, event, me, threaded)
        case "app_home_opened":
            tab: Literal["home", "messages"] = "home" if event.get("tab") == "home" else "messages"
            return Opened(workspace, event["user"], event.get("channel", ""), tab)
        case "agent_session_stopped":
            place = Place(workspace, event["channel"], event.get("thread_ts") or "")
            streams = tuple(event.get("streaming_message_ts") or ())
            user = event.get("user") or ""
            return Stops(place, user, float(event["event_ts"]), streams)
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
        return _said(payload, event, message, me, threaded, before)
    return _said(payload, event, event, me, threaded)


def _said(
    payload: Payload,
    event: Payload,
    message: Payload,
    me: Me,
    threaded: bool,
    before: Payload | None = None,
) -> Event | None:
    """Something said; `before` is what it was before an edit."""
    if message.get("subtype") not in SAID or _is_bots(message, me) or not message.get("user"):
        return None
    text, place = message.get("text") or "", _place(payload, event, message, threaded)
    in_thread = bool(message.get("thread_ts")) and message["thread_ts"] != message["ts"]
    mentioned = me.user_id in mentions(text) or event.get("type") == "app_mention"
    to_us = place.private or mentioned
    if not to_us and (not in_thread or addressee(text)):
        return None  # among others, or to another
    ts, edited = message["ts"], before is not None
    said = payload["event_id"] if edited else ""
    was_mentioned = before is not None and me.user_id in mentions(before.get("text") or "")
    origin = Origin(
        place=place,
        user_id=message["user"],
        message_id=ts,
        event_id=f"{ts}.{said}" if said else ts,
        at=float((message.get("edited") or {}).get("ts") or ts) if edited else float(ts),
        team=message.get("user_team") or message.get("team") or "",
    )
    return Says(
        origin=origin,
        text=without_mention(text, me.user_id),
        addressed="yes" if to_us else "perhaps",
        in_thread=in_thread,
        replaces=ts if edited else "",
        called=edited and mentioned and not (was_mentioned or place.private),
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
    # What was copied from us may have marks around it.
    name, _, argument = clean(payload.get("text") or "").strip().partition(" ")
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
        team=payload["user"].get("team_id") or "",
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
    return Shortcut(origin, payload["callback_id"], message.get("text") or "")
