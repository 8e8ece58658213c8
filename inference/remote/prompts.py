"""A conversation on its way to a server: as messages, or written out by our catalog.

A server reads control tokens out of any text, so contents must not spell one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from inference.engine import ChatMessage
from inference.formats import PromptFormat, prompt_text, with_folded_system
from inference.neutral import neutralize


@dataclass(frozen=True, slots=True)
class Prompt:
    """The fields of a request that hold the conversation, and how many bytes of text they are."""

    fields: Mapping[str, object]
    text_bytes: int


class Prompts(Protocol):
    """Writes prompts of one form."""

    @property
    def path(self) -> str:
        """Where a server takes them, below its base address."""

    def write(self, messages: Sequence[ChatMessage]) -> Prompt:
        """Raises InvalidRequest."""


MESSAGE_BYTES = 16
"""What a template writes around a message, in bytes of text that take as many tokens."""

COMMON_CONTROLS = (
    *("<|", "<s>", "</s>", "<unk>", "<pad>", "<bos>", "<eos>", "<mask>"),
    *("<start_of_turn>", "<end_of_turn>", "[INST]", "[/INST]", "<<SYS>>", "<</SYS>>"),
)
"""How tokenizers at large spell control tokens; "<|" begins most of them."""


class Messages:
    """For servers that apply the model's chat template themselves."""

    path = "chat/completions"

    def __init__(self, controls: Sequence[str], folds_system: bool) -> None:
        """`controls`: what the model's tokenizer takes for control tokens, beside the common
        ones. `folds_system`: its template knows no system role."""
        self._controls = tuple(dict.fromkeys((*controls, *COMMON_CONTROLS)))
        self._folds_system = folds_system

    def write(self, messages: Sequence[ChatMessage]) -> Prompt:
        safe = [self._safe(message) for message in messages]
        turns = with_folded_system(safe) if self._folds_system else safe
        size = sum(len(turn.content.encode()) + MESSAGE_BYTES for turn in turns)
        return Prompt(
            {"messages": [{"role": turn.role, "content": turn.content} for turn in turns]}, size
        )

    def _safe(self, message: ChatMessage) -> ChatMessage:
        """The system text is the operator's own."""
        if message.role == "system":
            return message
        return ChatMessage(message.role, neutralize(message.content, self._controls))


class WrittenOut:
    """For models without a template of their own: the server reads what our catalog wrote."""

    path = "completions"

    def __init__(self, prompt_format: PromptFormat, bos: str) -> None:
        """`bos`: what the format begins with and the server's tokenizer adds by itself."""
        self._format = prompt_format
        self._bos = bos

    def write(self, messages: Sequence[ChatMessage]) -> Prompt:
        text = prompt_text(self._format, messages).removeprefix(self._bos)
        return Prompt({"prompt": text}, len(text.encode()))
