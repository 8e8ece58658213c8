"""From Telegram's updates to what they mean for us: pure functions, no I/O."""

import re
import time
from dataclasses import dataclass

from telegram import CallbackQuery, Message, MessageEntity, Update, User

from bots.telegram.context import context_of, quoted_in
from bots.telegram.events import (
    Commands,
    Connected,
    Deleted,
    Event,
    Moved,
    Origin,
    Overhears,
    OwnerWrote,
    Presses,
    Says,
    Stops,
    Unreadable,
)
from bots.telegram.place import Place
from broker.messages import TASKS

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


@dataclass(frozen=True, slots=True)
class _Speaker:
    """Whose words they are; `tongue` is the language of his Telegram, "" unknown."""

    id: str
    name: str
    tongue: str = ""


def read(update: Update, me: Me, known: Known = Known()) -> Event | Moved | None:
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


def _message(message: Message, update: Update, me: Me, home: int) -> Event | Moved | None:
    if message.migrate_to_chat_id:
        return Moved(message.chat.id, message.migrate_to_chat_id)
    if message.migrate_from_chat_id:
        return Moved(message.migrate_from_chat_id, message.chat.id)
    speaker = _speaker(message)
    if speaker is None:
        return None
    origin = _origin(message, update, speaker, home)
    if _brings_us(message, me):
        return Commands(origin, "start", "")
    edited = update.edited_message is not None
    text = message.text or message.caption or ""
    command = _COMMAND.fullmatch(text) if message.text else None
    if command:
        return _command(command, message, origin, me, edited)
    if not _is_for_us(message, me):
        return Overhears(origin, text) if text.strip() else None
    return _said(message, origin, _without_mention(text, me), edited)


def _command(
    command: re.Match[str], message: Message, origin: Origin, me: Me, edited: bool
) -> Commands | None:
    name, whom, argument = command.groups()
    if whom and whom.lower() != me.username.lower():
        return None  # another bot's
    if edited and name.lower() not in TASKS:
        return None  # it is done, and would be done twice
    return Commands(
        origin, name.lower(), argument or "", quoted_in(message), _edited(message, origin, edited)
    )


def _business(message: Message, update: Update, owner: str) -> Event | None:
    if message.sender_business_bot is not None or message.from_user is None:
        return None  # ours, or another bot's
    place = Place(message.chat.id, 0, message.business_connection_id or "")
    if str(message.from_user.id) == owner or message.from_user.id != message.chat.id:
        return OwnerWrote(place)
    edited = update.edited_business_message is not None
    origin = _origin(message, update, _person(message.from_user), 0)
    return _said(message, origin, message.text or message.caption or "", edited)


def _said(message: Message, origin: Origin, text: str, edited: bool) -> Event | None:
    if not text.strip():
        # Somebody joined, a picture changed: nothing was said.
        return Unreadable(origin) if message.effective_attachment is not None else None
    full = "\n".join(filter(None, (context_of(message), text)))
    return Says(origin, full, text, _edited(message, origin, edited))


def _edited(message: Message, origin: Origin, edited: bool) -> str:
    return origin.place.name_of(message.message_id) if edited else ""


def _press(query: CallbackQuery, update_id: int, home: int) -> Event | None:
    message = query.message
    if message is None or not query.data:
        return None
    topic = 0
    if isinstance(message, Message) and message.is_topic_message:
        topic = message.message_thread_id or 0
    user = _person(query.from_user)
    origin = Origin(
        place=_place(message.chat.id, topic, "", home),
        user_id=user.id,
        name=user.name,
        tongue=user.tongue,
        message_id=message.message_id,
        event_id=f"u{update_id}",
        at=time.time(),
    )
    return Presses(origin, query.id, query.data)


def _speaker(message: Message) -> _Speaker | None:
    """Who says it: a user, or a chat in whose name an admin writes. None: a bot, or nobody, as
    where Telegram itself brings a channel's posts into its group."""
    chat, user = message.sender_chat, message.from_user
    if chat is not None:
        return None if message.is_automatic_forward else _Speaker(str(chat.id), chat.title or "")
    return None if user is None or user.is_bot else _person(user)


def _person(user: User) -> _Speaker:
    return _Speaker(str(user.id), user.first_name, user.language_code or "")


def _brings_us(message: Message, me: Me) -> bool:
    """Whether somebody took the bot into a group, or made one with it."""
    came = any(user.id == me.id for user in message.new_chat_members)
    return came or bool(message.group_chat_created or message.supergroup_chat_created)


def _origin(message: Message, update: Update, speaker: _Speaker, home: int) -> Origin:
    topic = message.message_thread_id if message.is_topic_message else 0
    edited = update.edited_message is not None or update.edited_business_message is not None
    place = _place(message.chat.id, topic or 0, message.business_connection_id or "", home)
    name = place.name_of(message.message_id)
    # An edit is a message of its own; a redelivery of it has the same update id.
    event_id = f"{name}.{update.update_id}" if edited else name
    return Origin(
        place=place,
        user_id=speaker.id,
        name=speaker.name,
        tongue=speaker.tongue,
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
