"""The chat template of a checkpoint's own tokenizer, for models that the catalog does not write."""

import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING

from jinja2 import TemplateError

from inference.engine import ChatMessage
from inference.errors import InvalidRequest, ModelLoadFailed
from inference.formats import jais, llama2
from inference.formats.span import Span, content, with_folded_system

if TYPE_CHECKING:  # who writes the catalog's formats needs no transformers
    from transformers import PreTrainedTokenizerBase

_KNOWN_MARKS = (*llama2.MARKS, *jais.MARKS)


class TemplateFormat:
    """Runs the template with a random placeholder in place of every content, so whatever it
    writes around the placeholders is its own, whatever the contents say."""

    adds_bos = False

    def __init__(self, tokenizer: "PreTrainedTokenizerBase") -> None:
        """Raises ModelLoadFailed when the tokenizer has no chat template."""
        if not tokenizer.chat_template:
            raise ModelLoadFailed(
                "the checkpoint's tokenizer has no chat template, so there is no telling how to "
                "write a conversation for it: add a chat_template.jinja to its folder"
            )
        self._tokenizer = tokenizer
        source = str(tokenizer.chat_template)
        self.marks: Sequence[str] = tuple(mark for mark in _KNOWN_MARKS if mark in source)
        self.controls: Sequence[str] = tuple(
            token.content
            for token in tokenizer.added_tokens_decoder.values()
            if token.special or (len(token.content.strip()) > 1 and token.content in source)
        )
        self._folds_system = not self._knows_system()

    def render(self, messages: Sequence[ChatMessage]) -> list[Span]:
        turns = with_folded_system(messages) if self._folds_system else messages
        places = [secrets.token_hex(16) for _ in turns]
        try:
            rest = self._run(turns, places)
        except TemplateError as error:
            raise InvalidRequest("the checkpoint's chat template refuses this chat") from error
        spans: list[Span] = []
        for place, message in zip(places, turns, strict=True):
            before, found, rest = rest.partition(place)
            if not found:
                raise InvalidRequest("the checkpoint's chat template leaves out a message")
            spans += (Span(before, True), content(message, self.marks))
        return [*spans, Span(rest, True)]

    def _run(self, messages: Sequence[ChatMessage], places: Sequence[str]) -> str:
        rendered = self._tokenizer.apply_chat_template(
            [{"role": m.role, "content": place} for m, place in zip(messages, places, strict=True)],
            tokenize=False,
            add_generation_prompt=True,
        )
        assert isinstance(rendered, str)
        return rendered

    def _knows_system(self) -> bool:
        """Some templates raise at a system message, some drop it without a word."""
        probe = (ChatMessage("system", ""), ChatMessage("user", ""))
        places = [secrets.token_hex(16) for _ in probe]
        try:
            return places[0] in self._run(probe, places)
        except TemplateError:
            return False
