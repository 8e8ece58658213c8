"""From Telegram's updates to what they mean for us: pure functions, no I/O."""

import re
import time
from dataclasses import dataclass
from typing import Any

from telegram import CallbackQuery, Message, MessageEntity, Update

from bots.telegram.events import (
    Commands,
    Connected,
    Deleted,
    Event,
    Moved,
    Origin,
    OwnerWrote,
    Presses,
    Says,
    Stops,
    Unreadable,
)
from bots.telegram.place import Place

QUOTED_CHARS = 500
_COMMAND = re.compile(r"/(\w{1,64})(?:@(\w+))?(?:\s+(.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Me:
    """The bot itself; `hears_all`: in groups everything said is for it."""

    id: int
    username: str
    hears_all: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What an update does not say itself: the owner of its business connection, and the id under
    which the conversation of its chat began (0: its own)."""

    owner: str = ""
    home: int = 0


def read(update: Update, me: Me, known: Known = Known()) -> Event | None:
    """What an update means; None: nothing for us."""
    if update.business_connection is not None:
        found = update.business_connection
        rights = found.rights is not None and bool(found.rights.can_reply)
        return Connected(found.id, str(found.user.id), rights and found.is_enabled)
    if update.deleted_business_messages is not None:
        gone = update.deleted_business_messages
        place = Place(gone.chat.id, 0, gone.business_connection_id)
        return Deleted(place, tuple(map(str, gone.message_ids)))
    if update.callback_query is not None:
        return _press(update.callback_query, update.update_id, known.home)
    stopped = update.api_kwargs.get("stopped_message_generation")  # newer than the library
    if stopped is not None:
        place = Place(int(stopped["chat"]["id"]), int(stopped.get("message_thread_id") or 0))
        return Stops(place, int(stopped["draft_id"]))
    business = update.business_message or update.edited_business_message
    if business is not None:
        return _business(business, update, known.owner)
    message = update.message or update.edited_message
    return _message(message, update, me, known.home) if message is not None else None


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


def _message(message: Message, update: Update, me: Me, home: int) -> Event | None:
    if message.migrate_to_chat_id:
        return Moved(message.chat.id, message.migrate_to_chat_id)
    if message.migrate_from_chat_id:
        return Moved(message.migrate_from_chat_id, message.chat.id)
    if message.from_user is None or message.from_user.is_bot:
        return None
    origin = _origin(message, update, home)
    edited = update.edited_message is not None
    text = message.text or message.caption or ""
    command = _COMMAND.fullmatch(text) if message.text else None
    if command and not edited:
        name, whom, argument = command.groups()
        if whom and whom.lower() != me.username.lower():
            return None  # another bot's
        return Commands(origin, name.lower(), argument or "")
    if not _is_for_us(message, me):
        return None
    return _said(message, origin, _without_mention(text, me), edited)


def _business(message: Message, update: Update, owner: str) -> Event | None:
    if message.sender_business_bot is not None or message.from_user is None:
        return None  # ours, or another bot's
    place = Place(message.chat.id, 0, message.business_connection_id or "")
    if str(message.from_user.id) == owner or message.from_user.id != message.chat.id:
        return OwnerWrote(place)
    edited = update.edited_business_message is not None
    origin = _origin(message, update, 0)
    return _said(message, origin, message.text or message.caption or "", edited)


def _said(message: Message, origin: Origin, text: str, edited: bool) -> Event | None:
    if not text.strip():
        # Somebody joined, a picture changed: nothing was said.
        return Unreadable(origin) if message.effective_attachment is not None else None
    full = "\n".join(filter(None, (_context(message), text)))
    replaced = origin.place.name_of(message.message_id) if edited else ""
    return Says(origin, full, text, replaced)


def _press(query: CallbackQuery, update_id: int, home: int) -> Event | None:
    message = query.message
    if message is None or not query.data:
        return None
    topic = 0
    if isinstance(message, Message) and message.is_topic_message:
        topic = message.message_thread_id or 0
    user = query.from_user
    origin = Origin(
        place=_place(message.chat.id, topic, "", home),
        user_id=str(user.id),
        name=user.first_name,
        tongue=user.language_code or "",
        message_id=message.message_id,
        event_id=f"u{update_id}",
        at=time.time(),
    )
    return Presses(origin, query.id, query.data)


def _origin(message: Message, update: Update, home: int) -> Origin:
    user = message.from_user
    assert user is not None  # checked by whoever asks
    topic = message.message_thread_id if message.is_topic_message else 0
    edited = update.edited_message is not None or update.edited_business_message is not None
    place = _place(message.chat.id, topic or 0, message.business_connection_id or "", home)
    name = place.name_of(message.message_id)
    # An edit is a message of its own; a redelivery of it has the same update id.
    event_id = f"{name}.{update.update_id}" if edited else name
    return Origin(
        place=place,
        user_id=str(user.id),
        name=user.first_name,
        tongue=user.language_code or "",
        message_id=message.message_id,
        event_id=event_id,
        at=message.date.timestamp(),
    )


def _place(chat_id: int, topic: int, business: str, home: int) -> Place:
    return Place(chat_id, topic, business, home if home != chat_id else 0)


def _is_for_us(message: Message, me: Me) -> bool:
    """Private chats are; in groups: mentions of the bot and replies to it."""
    if message.chat.type == "private" or me.hears_all:
        return True
    answered = message.reply_to_message
    if answered is not None and answered.from_user is not None and answered.from_user.id == me.id:
        return True
    return any(_mentions(message, me))


def _mentions(message: Message, me: Me) -> list[str]:
    found = {**message.parse_entities(["mention"]), **message.parse_caption_entities(["mention"])}
    named = [text for text in found.values() if text.lower() == f"@{me.username}".lower()]
    entities: tuple[MessageEntity, ...] = (*message.entities, *message.caption_entities)
    named += ["" for one in entities if one.user is not None and one.user.id == me.id]
    return named


def _without_mention(text: str, me: Me) -> str:
    """The model need not read its own name."""
    return re.sub(rf"@{re.escape(me.username)}\b", "", text, flags=re.IGNORECASE).strip()


def _context(message: Message) -> str:
    """What a message answers or passes on, for the model: quoted, one mark a line."""
    lines: list[str] = []
    if message.forward_origin is not None:
        lines.append(f"[{_forwarded_from(message)}]")
    quoted = _quoted(message)
    if quoted:
        lines += [f"> {line}" for line in quoted[:QUOTED_CHARS].splitlines()]
    return "\n".join(lines)


def _quoted(message: Message) -> str:
    if message.quote is not None:
        return message.quote.text
    answered = message.reply_to_message
    if answered is None or answered.message_id == message.message_thread_id:
        return ""  # every message of a topic answers the one that opened it
    return answered.text or answered.caption or ""


def _forwarded_from(message: Message) -> str:
    origin = message.forward_origin
    user = getattr(origin, "sender_user", None)
    chat = getattr(origin, "sender_chat", None) or getattr(origin, "chat", None)
    if user is not None:
        return f"↪ {user.first_name}"
    if chat is not None:
        return f"↪ {chat.effective_name or ''}".rstrip()
    return f"↪ {getattr(origin, 'sender_user_name', '')}".rstrip()
