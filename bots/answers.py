"""What the bot itself answers: words, buttons, a file."""

from dataclasses import dataclass

from broker.inbox import Receipt


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
