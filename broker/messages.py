"""What travels between bots and workers: frozen, versioned JSON.

A reader accepts every version up to its own and ignores fields that it does not know;
a message of a newer version raises UnsupportedVersion instead of being half understood.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Self, cast, get_args
from urllib.parse import quote, unquote

from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json

from broker.errors import BadMessage, UnsupportedVersion

logger = logging.getLogger(__name__)

VERSION = 1
MAX_ID_CHARS = 200

Action = Literal["say", "regenerate", "edit"]
Task = Literal["", "translate", "summarize", "explain", "sentiment"]
TASKS: frozenset[Task] = frozenset(get_args(Task)) - {""}
AnswerScript = Literal["", "arab", "latn"]
Outcome = Literal[
    "answered",  # the model finished
    "stopped",  # the user said stop; the text is what was said so far
    "interrupted",  # newer messages are answered instead; the text is what was said so far
    "timed_out",  # the turn's deadline passed; the text is what was said so far
    "failed",  # the model could not answer
    "too_long",  # the message does not fit the model's context window
    "set_aside",  # the message killed its worker too often
    "nothing_to_regenerate",
    "refused",  # the safeguards let no answer through, or end it; the text is what was said so far
    "cannot",  # the model was not made for this task
]
Notice = Literal["old_turns_dropped", "message_cut", "cut_at_length", "disclaimer"]


class Message:
    """Base of what travels: JSON in, JSON out."""

    __slots__ = ()

    def to_json(self) -> bytes:
        """The message as one JSON object with its version in `v`."""
        return _HEAD + _adapter(type(self)).dump_json(self)[1:]

    @classmethod
    def from_json(cls, raw: bytes | str) -> Self:
        """Read a message. Raises UnsupportedVersion or BadMessage."""
        try:
            content = from_json(raw)
            version = content.pop("v", 1)
        except (ValueError, AttributeError, TypeError) as error:
            raise BadMessage(f"{cls.__name__}: no JSON object") from error
        if not isinstance(version, int) or version > VERSION:
            raise UnsupportedVersion(f"{cls.__name__}: version {version}, ours is {VERSION}")
        try:
            return cast(Self, _adapter(cls).validate_python(content))
        except ValidationError as error:
            fields = ", ".join(".".join(map(str, e["loc"])) for e in error.errors())
            raise BadMessage(f"{cls.__name__}: bad or missing: {fields}") from None


_HEAD = b'{"v":%d,' % VERSION
_ADAPTERS: dict[type, TypeAdapter[object]] = {}


def _adapter(cls: type) -> TypeAdapter[object]:
    if cls not in _ADAPTERS:
        _ADAPTERS[cls] = TypeAdapter(cls)
    return _ADAPTERS[cls]


def _refuse_half_characters(**fields: str) -> None:
    """Half a surrogate pair is valid in JSON's escapes, but no UTF-8 can hold it."""
    for name, text in fields.items():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise BadMessage(f"{name}: half a character") from None


@dataclass(frozen=True, slots=True)
class Address(Message):
    """Where a reply goes: channel, chat and thread, as the channel names them."""

    channel: str
    chat: str
    thread: str = ""

    def __post_init__(self) -> None:
        if not self.channel.isidentifier():
            raise BadMessage("address: the channel must be a plain name")
        if not self.chat or max(len(self.chat), len(self.thread)) > MAX_ID_CHARS:
            raise BadMessage(f"address: chat and thread hold 1 to {MAX_ID_CHARS} characters")
        _refuse_half_characters(channel=self.channel, chat=self.chat, thread=self.thread)

    @property
    def conversation_id(self) -> str:
        """The conversation that lives at this address; safe inside a Redis key."""
        return ":".join((self.channel, quote(self.chat, safe=""), quote(self.thread, safe="")))

    @classmethod
    def of_conversation(cls, conversation_id: str) -> "Address":
        """The address whose `conversation_id` this is."""
        channel, chat, thread = conversation_id.split(":")
        return cls(channel, unquote(chat), unquote(thread))


@dataclass(frozen=True, slots=True)
class UserMessage(Message):
    """What a bot submits. `message_id` is the platform's: a redelivery carries the same one.

    `sent_at` is in seconds since the epoch. `language` is a BCP 47 tag, as far as known.
    An edit has an id of its own and `replaces` the message with that id, if that is still
    unanswered or was answered last; else it is a message like others.
    `task`: what to do with the text, "" to answer it; `target` is the language (ary, ar, fr, en)
    of a translation. The model forgets a task at once unless `keeps`. `script`: the letters that
    the user wants Darija's answer in, "" as the model writes.
    """

    address: Address
    message_id: str
    user_id: str
    text: str
    sent_at: float
    language: str = ""
    sender: str = ""
    action: Action = "say"
    replaces: str = ""
    task: Task = ""
    target: str = ""
    keeps: bool = False
    script: AnswerScript = ""

    def __post_init__(self) -> None:
        _refuse_half_characters(
            message_id=self.message_id, user_id=self.user_id, text=self.text, sender=self.sender
        )

    @property
    def user_key(self) -> str:
        """The user across this channel's conversations; safe inside a Redis key."""
        return f"{self.address.channel}:{quote(self.user_id, safe='')}"


@dataclass(frozen=True, slots=True)
class Said:
    """A user message as a turn remembers it. `read`: what the model read instead of `text`, ""
    the text itself."""

    message_id: str
    text: str
    sent_at: float
    sender: str = ""
    read: str = ""


@dataclass(frozen=True, slots=True)
class Reply(Message):
    """The answer on its way back; `reply_id` is unique for ever.

    `text` is the model's, empty when there is none: the words for an outcome or a notice
    are the bot's, in the user's language. `refusal`: what a refused turn touched, as the
    safeguards name it.
    """

    address: Address
    reply_id: str
    message_ids: tuple[str, ...]
    text: str
    outcome: Outcome
    language: str = ""
    model: str = ""
    notices: tuple[Notice, ...] = ()
    created_at: float = 0.0
    tokens: int = 0
    task: Task = ""
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class ReplyDelta(Message):
    """A piece of a reply that is still being written; `offset` counts the characters before it.

    Lossy on purpose: the final Reply is the truth.
    """

    conversation_id: str
    reply_id: str
    offset: int
    text: str


@dataclass(frozen=True, slots=True)
class Turn(Message):
    """A turn as remembered: what the user said, and the reply.

    `original`: what the model wrote, where the reply's text is that in other letters; "" the text
    itself. An `aside` turn (a task) is shown to the user and never to the model.
    """

    said: tuple[Said, ...]
    reply_id: str
    text: str
    outcome: Outcome
    model: str = ""
    language: str = ""
    created_at: float = 0.0
    notices: tuple[Notice, ...] = ()
    original: str = ""
    task: Task = ""
    target: str = ""
    aside: bool = False
    script: AnswerScript = ""
    refusal: str = ""


def fence_of(reply_id: str) -> str:
    """The fencing token in a reply's id: digits that grow within a conversation; "" of ""."""
    return reply_id.rpartition("/")[2]


def read_turns(raws: Iterable[bytes]) -> tuple[Turn, ...]:
    """A history. A turn that cannot be read (a newer Mersal wrote it) is left out: the
    conversation goes on without it."""
    turns = []
    for raw in raws:
        try:
            turns.append(Turn.from_json(raw))
        except (BadMessage, UnsupportedVersion) as error:
            logger.error("turn left out: %s", error)
    return tuple(turns)
