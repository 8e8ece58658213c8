"""What Telegram's updates mean for us: one update becomes one event, or nothing.

Something said, a command, something said to others, a press on a button, something that we
cannot read, a stop, a change of a business connection, a group that moved.
"""

from dataclasses import dataclass

from bots.telegram.place import Place
from broker.messages import AnswerScript, UserMessage


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an event came from. `tongue` is the language of the user's Telegram, "" unknown.

    `message_id` is Telegram's; `event_id` is unique among all that this place submits.
    """

    place: Place
    user_id: str
    name: str
    tongue: str
    message_id: int
    event_id: str
    at: float


@dataclass(frozen=True, slots=True)
class Says:
    """Text for the model. `replaces` is the message that it is an edit of, "" none."""

    origin: Origin
    text: str
    spoken: str
    replaces: str = ""

    def to_user_message(self, language: str, script: AnswerScript) -> UserMessage:
        """The message in the broker's terms."""
        origin = self.origin
        return UserMessage(
            address=origin.place.address,
            message_id=origin.event_id,
            user_id=origin.user_id,
            text=self.text,
            sent_at=origin.at,
            language=language,
            sender="" if origin.place.private else origin.name,
            action="edit" if self.replaces else "say",
            replaces=self.replaces,
            script=script,
        )


@dataclass(frozen=True, slots=True)
class Commands:
    """A command; `name` without its slash, `quoted` the text of the message that it answers.
    `replaces` is the message that it is an edit of, "" none."""

    origin: Origin
    name: str
    argument: str
    quoted: str = ""
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class Overhears:
    """Something said in a group, and not to the bot."""

    origin: Origin
    text: str


@dataclass(frozen=True, slots=True)
class Presses:
    """A button under message `origin.message_id`; `query_id` answers the press."""

    origin: Origin
    query_id: str
    data: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A message without text for us: a photo, a voice, a sticker, a file."""

    origin: Origin


@dataclass(frozen=True, slots=True)
class Connected:
    """What a business owner allows; `connection` names the connection."""

    connection: str
    owner: str
    can_reply: bool


@dataclass(frozen=True, slots=True)
class OwnerWrote:
    """The business owner answered a customer himself."""

    place: Place


@dataclass(frozen=True, slots=True)
class Deleted:
    """Messages of a business chat are gone."""

    place: Place
    message_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stops:
    """The button under a draft: no more of this."""

    place: Place
    draft_id: int


@dataclass(frozen=True, slots=True)
class Moved:
    """A group has become a supergroup."""

    old: int
    new: int


# What a person asks or does, and all that a handler is given.
FromPerson = Says | Commands | Overhears | Presses | Unreadable
Event = FromPerson | Connected | OwnerWrote | Deleted | Stops
