"""What the page asks for over the socket. Pure."""

import re
from dataclasses import dataclass, replace
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, ValidationError

from bots.commands import NAMES
from bots.person import Person
from broker.messages import AnswerScript, UserMessage

# Ids are the page's own (a UUID), so that sending again is harmless.
MessageId = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{8,64}$")]
Fence = Annotated[str, Field(pattern=r"^[0-9]{0,20}$")]

_COMMAND = re.compile(r"\s*/(\w+)(?:\s+(.*))?", re.DOTALL | re.ASCII)


@dataclass(frozen=True, slots=True)
class Say:
    """The user wrote."""

    type: Literal["say"]
    id: MessageId
    text: str

    @property
    def command(self) -> tuple[str, str] | None:
        """The name of a command and what stands behind it; None for what is no command of ours:
        a path, say."""
        found = _COMMAND.fullmatch(self.text)
        if found is None or found[1].lower() not in NAMES:
            return None
        return found[1].lower(), found[2] or ""


@dataclass(frozen=True, slots=True)
class Regenerate:
    """The user wants another answer to the last question."""

    type: Literal["regenerate"]
    id: MessageId


@dataclass(frozen=True, slots=True)
class Choose:
    """The user chooses in the page's menu: the command of this name, with the value."""

    type: Literal["choose"]
    name: Literal["language", "script", "tasks"]
    value: Annotated[str, Field(max_length=20)]


@dataclass(frozen=True, slots=True)
class Wish:
    """stop: the answer; forget: the conversation; look: send the whole view; about: tell what can
    be asked for; ping: answer.

    `answer`: the fence of the one to stop, when the page shows it; "": whatever is waited for.
    """

    type: Literal["stop", "forget", "look", "about", "ping"]
    answer: Fence = ""


Request = Say | Regenerate | Choose | Wish
_REQUESTS: TypeAdapter[Request] = TypeAdapter(Annotated[Request, Field(discriminator="type")])


def read_request(raw: str) -> Request:
    """Read what the page sent. Raises ValueError."""
    try:
        return _REQUESTS.validate_json(raw, strict=True)
    except ValidationError as error:
        # The text of the request stays out of the error, which is logged.
        raise ValueError(", ".join(problem["type"] for problem in error.errors())) from None


def to_user_message(
    request: Say | Regenerate, person: Person, script: AnswerScript = ""
) -> UserMessage:
    """What the inbox wants."""
    if isinstance(request, Regenerate):
        return replace(person.message(""), action="regenerate", script=script)
    return replace(person.message(request.text), script=script)
