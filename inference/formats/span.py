"""A rendered prompt's pieces, the template's own and contents kept apart, and who writes them.

They are kept apart so that only the template can ever become control tokens.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from inference.engine import ChatMessage
from inference.neutral import neutralize


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a rendered prompt; `control` marks the template's own text."""

    text: str
    control: bool


class PromptFormat(Protocol):
    """Writes a conversation: optional system text, then user and assistant in turns."""

    @property
    def marks(self) -> Sequence[str]:
        """Plain text that structures the prompt; contents have none of it."""

    @property
    def controls(self) -> Sequence[str]:
        """Control tokens as they are spelled, which contents may spell too: by id they differ."""

    @property
    def adds_bos(self) -> bool:
        """Whether the tokenizer puts its beginning-of-sequence token before the prompt."""

    def render(self, messages: Sequence[ChatMessage]) -> list[Span]:
        """The spans of a prompt for the next answer. Raises InvalidRequest."""


def prompt_text(prompt_format: PromptFormat, messages: Sequence[ChatMessage]) -> str:
    """The prompt as one string, for whoever tokenizes it elsewhere.

    Nobody can tell there which control token was spelled by whom, so contents have none.
    """
    return "".join(
        span.text if span.control else neutralize(span.text, prompt_format.controls)
        for span in prompt_format.render(messages)
    )


def content(message: ChatMessage, marks: Sequence[str] = ()) -> Span:
    """A message's content, trimmed, and without the format's marks unless it is the system text:
    that one is the operator's."""
    text = message.content.strip()
    return Span(text if message.role == "system" else neutralize(text, marks), False)


def split_system(
    messages: Sequence[ChatMessage],
) -> tuple[ChatMessage | None, Sequence[ChatMessage]]:
    """The system text, if any, and the rest."""
    if messages and messages[0].role == "system":
        return messages[0], messages[1:]
    return None, messages


def with_folded_system(messages: Sequence[ChatMessage]) -> list[ChatMessage]:
    """The system text put before the first user message, for models without a system role."""
    system, rest = split_system(messages)
    if system is None:
        return list(rest)
    text = f"{system.content.strip()}\n\n{rest[0].content.strip()}"
    return [ChatMessage("user", text), *rest[1:]]
