"""How a conversation is written for a model: pieces of template and pieces of content.

The two are kept apart so that only the template can ever become control tokens.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from jinja2 import TemplateError
from transformers import PreTrainedTokenizerBase

from inference.engine import ChatMessage
from inference.errors import InvalidRequest, ModelLoadFailed


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a rendered prompt; `control` marks the template's own text."""

    text: str
    control: bool


class PromptFormat(Protocol):
    """Writes a conversation: optional system text, then user and assistant in turns."""

    def render(self, messages: Sequence[ChatMessage]) -> list[Span]:
        """The spans of a prompt for the next answer. Raises InvalidRequest."""


def with_folded_system(messages: Sequence[ChatMessage]) -> list[ChatMessage]:
    """The system text put before the first user message, for models without a system role."""
    if not messages or messages[0].role != "system":
        return list(messages)
    system, first, *rest = messages
    return [ChatMessage("user", f"{system.content}\n\n{first.content}"), *rest]


class GemmaFormat:
    """Gemma's format, which Atlas-Chat shares: no system role, the assistant is "model"."""

    def render(self, messages: Sequence[ChatMessage]) -> list[Span]:
        spans = [Span("<bos>", True)]
        for message in with_folded_system(messages):
            role = "model" if message.role == "assistant" else "user"
            spans += (
                Span(f"<start_of_turn>{role}\n", True),
                Span(message.content, False),
                Span("<end_of_turn>\n", True),
            )
        return [*spans, Span("<start_of_turn>model\n", True)]


class TemplateFormat:
    """The chat template of the checkpoint's own tokenizer.

    The template is run with a random placeholder in place of every content, so whatever it
    writes around the placeholders is its own, whatever the contents say.
    """

    def __init__(self, tokenizer: PreTrainedTokenizerBase) -> None:
        """Raises ModelLoadFailed when the tokenizer has no chat template."""
        if not tokenizer.chat_template:
            raise ModelLoadFailed(
                "the checkpoint's tokenizer has no chat template, so there is no telling how to "
                "write a conversation for it: add a chat_template.jinja to its folder"
            )
        self._tokenizer = tokenizer
        self._folds_system = not self._knows_system()

    def render(self, messages: Sequence[ChatMessage]) -> list[Span]:
        turns = with_folded_system(messages) if self._folds_system else messages
        marks = [secrets.token_hex(16) for _ in turns]
        try:
            rest = self._run(turns, marks)
        except TemplateError as error:
            raise InvalidRequest("the checkpoint's chat template refuses this chat") from error
        spans: list[Span] = []
        for mark, message in zip(marks, turns, strict=True):
            before, found, rest = rest.partition(mark)
            if not found:
                raise InvalidRequest("the checkpoint's chat template leaves out a message")
            spans += (Span(before, True), Span(message.content, False))
        return [*spans, Span(rest, True)]

    def _run(self, messages: Sequence[ChatMessage], marks: Sequence[str]) -> str:
        rendered = self._tokenizer.apply_chat_template(
            [{"role": m.role, "content": mark} for m, mark in zip(messages, marks, strict=True)],
            tokenize=False,
            add_generation_prompt=True,
        )
        assert isinstance(rendered, str)
        return rendered

    def _knows_system(self) -> bool:
        """Some templates raise at a system message, some drop it without a word."""
        probe = (ChatMessage("system", ""), ChatMessage("user", ""))
        marks = [secrets.token_hex(16) for _ in probe]
        try:
            return marks[0] in self._run(probe, marks)
        except TemplateError:
            return False


def make_format(name: str, tokenizer: PreTrainedTokenizerBase) -> PromptFormat:
    """The format called `name`. Raises ModelLoadFailed when the tokenizer cannot serve it."""
    if name == "template":
        return TemplateFormat(tokenizer)
    absent = {"<bos>", "<start_of_turn>", "<end_of_turn>"} - set(tokenizer.get_added_vocab())
    if absent:
        raise ModelLoadFailed(f"the tokenizer lacks Gemma's {', '.join(sorted(absent))}")
    return GemmaFormat()
