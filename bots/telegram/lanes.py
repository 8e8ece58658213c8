"""Raw updates, before anything is understood of them: whose they are, and what keeps its order."""

from typing import Any


def chat_of(update: dict[str, Any]) -> int:
    """The chat of a raw update; 0: none."""
    return int(_content(update)[1].get("chat", {}).get("id", 0))


def move_of(update: dict[str, Any]) -> tuple[int, int] | None:
    """The old and the new id of a group, if this raw update tells of its becoming a supergroup."""
    _, message = _content(update)
    if "migrate_to_chat_id" in message:
        return chat_of(update), int(message["migrate_to_chat_id"])
    if "migrate_from_chat_id" in message:
        return int(message["migrate_from_chat_id"]), chat_of(update)
    return None


def lane_of(update: dict[str, Any]) -> str:
    """Which raw updates keep their order: those of one chat and topic."""
    name, message = _content(update)
    in_topic = message.get("is_topic_message") or name == "stopped_message_generation"
    topic = message.get("message_thread_id", "") if in_topic else ""
    return f"{message.get('business_connection_id', '')}/{chat_of(update) or ''}/{topic}"


def _content(update: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The kind of a raw update, and the message that it is or that it is about."""
    for name, content in update.items():
        if isinstance(content, dict):
            return name, content.get("message") or content
    return "", {}
