"""Who asks the bot itself for something, and what he gets: words, buttons, a file."""

import time
from dataclasses import dataclass

from broker.inbox import Receipt
from broker.messages import Address, UserMessage


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks, and where. `event_id` is the platform's id of the asking, `language` his tag;
    `steers`: he may do what concerns everybody in the chat; `replaces`: the message of which the
    asking is an edit, "" none."""

    address: Address
    user_id: str
    event_id: str
    language: str = ""
    steers: bool = True
    replaces: str = ""

    @property
    def user_key(self) -> str:
        return self.message("").user_key

    def message(self, text: str) -> UserMessage:
        """A message of this person."""
        return UserMessage(
            address=self.address,
            message_id=self.event_id,
            user_id=self.user_id,
            text=text,
            sent_at=time.time(),
            language=self.language,
            action="edit" if self.replaces else "say",
            replaces=self.replaces,
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: pressing it runs the command with the argument."""

    label: str
    command: str
    argument: str


@dataclass(frozen=True, slots=True)
class Document:
    """A file for the user."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """The bot's words, "" for none; with buttons or a file. `receipt`: what became of the
    message that was made of it. `quotes`: the words are a user's, so no name in them is to call
    anybody."""

    text: str = ""
    choices: tuple[Choice, ...] = ()
    document: Document | None = None
    receipt: Receipt | None = None
    quotes: bool = False

    @property
    def awaited(self) -> bool:
        """Whether a model's reply follows."""
        return self.receipt is not None and self.receipt.kept
