"""What Slack tells a bot: the payloads of events, commands, buttons and shortcuts. Pure."""

import random
import time
from typing import Any

from tests.slack.workspace import APP_ID, Channel, Message, Workspace

Payload = dict[str, Any]


def callback(team: Workspace, event: Payload, shared: bool = False) -> Payload:
    """The envelope of an event."""
    return {
        "token": "verification-token",
        "team_id": team.id,
        "context_team_id": team.id,
        "context_enterprise_id": team.enterprise or None,
        "api_app_id": APP_ID,
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{random.getrandbits(48):012X}",
        "event_time": int(time.time()),
        "authorizations": [
            {
                "enterprise_id": team.enterprise or None,
                "team_id": None if team.whole else team.id,
                "user_id": team.bot_user,
                "is_bot": True,
                "is_enterprise_install": team.whole,
            }
        ],
        "is_ext_shared_channel": shared,
        "event_context": f"4-{random.getrandbits(60):x}",
    }


def posted(team: Workspace, channel: Channel, message: Message) -> Payload:
    return team.shown(channel, message) | {
        "channel": channel.id,
        "event_ts": message.ts,
        "channel_type": channel.kind,
    }


def mention(team: Workspace, channel: Channel, message: Message) -> Payload:
    event = posted(team, channel, message) | {"type": "app_mention"}
    del event["channel_type"]
    return event


def changed(team: Workspace, channel: Channel, message: Message, before: str) -> Payload:
    shown = team.shown(channel, message) | {"source_team": team.id, "user_team": team.id}
    ts = team.next_ts()
    return {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "channel": channel.id,
        "channel_type": channel.kind,
        "ts": ts,
        "event_ts": ts,
        "message": shown,
        "previous_message": {**shown, "text": before, "edited": None},
    }


def deleted(team: Workspace, channel: Channel, message: Message) -> Payload:
    ts = team.next_ts()
    return {
        "type": "message",
        "subtype": "message_deleted",
        "hidden": True,
        "channel": channel.id,
        "channel_type": channel.kind,
        "ts": ts,
        "event_ts": ts,
        "deleted_ts": message.ts,
        "previous_message": team.shown(channel, message),
    }


def home_opened(team: Workspace, user: str, tab: str) -> Payload:
    return {"type": "app_home_opened", "user": user, "channel": team.direct(user).id,
            "event_ts": team.next_ts(), "tab": tab}  # fmt: skip


def slash(team: Workspace, channel: Channel, user: str, text: str, more: Payload) -> Payload:
    return {
        "token": "verification-token",
        "team_id": team.id,
        "team_domain": team.name,
        "channel_id": channel.id,
        "channel_name": channel.name or "directmessage",
        "user_id": user,
        "user_name": team.people[user]["name"],
        "command": "/mersal",
        "text": text,
        "api_app_id": APP_ID,
        "is_enterprise_install": str(team.whole).lower(),
        **({"enterprise_id": team.enterprise} if team.enterprise else {}),
        **more,
    }


def _who(team: Workspace, user: str) -> Payload:
    return {
        "user": {"id": user, "name": team.people[user]["name"], "team_id": team.id},
        "team": {"id": team.id, "domain": team.name},
        "api_app_id": APP_ID,
        "token": "verification-token",
        "enterprise": {"id": team.enterprise, "name": "co"} if team.enterprise else None,
        "is_enterprise_install": team.whole,
    }


def pressed(
    team: Workspace, channel: Channel, message: Message, user: str, action: Payload, more: Payload
) -> Payload:
    """A button, menu or thumb under a message."""
    where = {"type": "message", "message_ts": message.ts, "channel_id": channel.id,
             "is_ephemeral": False}  # fmt: skip
    if message.thread_ts:
        where["thread_ts"] = message.thread_ts
    return {
        "type": "block_actions",
        **_who(team, user),
        "container": where,
        "channel": {"id": channel.id, "name": channel.name or "directmessage"},
        "message": team.shown(channel, message),
        "state": {"values": {}},
        "actions": [action],
        **more,
    }


def pressed_at_home(team: Workspace, user: str, action: Payload, more: Payload) -> Payload:
    view = {**team.homes[user], "id": f"V{user}", "team_id": team.id, "hash": "1.a"}
    return {
        "type": "block_actions",
        **_who(team, user),
        "container": {"type": "view", "view_id": view["id"]},
        "view": view,
        "actions": [action],
        **more,
    }


def shortcut(
    team: Workspace, channel: Channel, message: Message, user: str, name: str, more: Payload
) -> Payload:
    return {
        "type": "message_action",
        "callback_id": name,
        **_who(team, user),
        "channel": {"id": channel.id, "name": channel.name or "directmessage"},
        "message": team.shown(channel, message),
        "message_ts": message.ts,
        "action_ts": team.next_ts(),
        **more,
    }


def find_action(blocks: list[Payload], label: str, choice: str = "") -> Payload:
    """What is sent when the element whose label holds `label`, and a button's value or an option's
    label `choice`, is used. Raises LookupError."""
    found = [
        action
        for block in blocks
        for element in [*block.get("elements", []), block.get("accessory") or {}]
        for action in _actions_of(element, label, choice)
    ]
    if not found:
        raise LookupError(f"nothing is called {label}")
    return {"block_id": "b1", "action_ts": str(time.time()), **found[0]}


def _actions_of(element: Payload, label: str, choice: str) -> list[Payload]:
    kind, action = element.get("type"), {"action_id": element.get("action_id", "")}
    value = str(element.get("value", ""))
    if kind in ("button", "icon_button") and label in element["text"]["text"] and choice in value:
        return [{"type": kind, **action, "value": value}]
    if kind == "feedback_buttons":
        sides = (element["positive_button"], element["negative_button"])
        return [{"type": kind, **action, "value": side["value"]} for side in sides
                if label in side["text"]["text"]]  # fmt: skip
    if kind in ("static_select", "overflow", "radio_buttons") and label in str(element):
        chosen = [one for one in element["options"] if choice in one["text"]["text"]]
        return [{"type": kind, **action, "selected_option": one} for one in chosen[:1]]
    return []
