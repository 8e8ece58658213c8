"""Slack's payloads as they come: of which workspace, by what they are known, which keep their
order, and what of them is kept. Pure."""

from typing import Any

from bots.slack.place import Workspace

Payload = dict[str, Any]
# What is kept of a deleted message: where it was and whose.
_OF_DELETED = ("ts", "thread_ts", "user", "bot_id", "subtype")


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
