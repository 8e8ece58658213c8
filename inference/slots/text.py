"""Token ids to text that may be shown (inference/shown.py)."""

from collections.abc import Sequence
from typing import Protocol

from transformers import PreTrainedTokenizerBase

from inference.shown import ShownText

_UNDECIDED = "\ufffd"  # what an unfinished byte sequence decodes to

LONGEST_UNDECIDED_TOKENS = 64
"""A letter takes at most four; whatever is still no text after so many will never be."""


class TextDecoder(Protocol):
    """Token ids to text; control tokens become nothing."""

    def decode(self, ids: Sequence[int]) -> str: ...


class TokenizerDecoder:
    """Decodes with a checkpoint's tokenizer."""

    def __init__(self, tokenizer: PreTrainedTokenizerBase) -> None:
        self._tokenizer = tokenizer

    def decode(self, ids: Sequence[int]) -> str:
        text = self._tokenizer.decode(
            list(ids), skip_special_tokens=True, clean_up_tokenization_spaces=False
        )
        assert isinstance(text, str)
        return text


class TextAssembler:
    """Takes a completion's tokens one by one and gives out text when it is sure of it."""

    def __init__(self, decoder: TextDecoder, stop: Sequence[str]) -> None:
        self._decoder = decoder
        self._text = ShownText(stop)
        self._ids: list[int] = []
        self._context_start = 0  # decoding starts here, so that spaces between words come out right
        self._decoded_ids = 0

    @property
    def stopped(self) -> bool:
        """Whether a stop string has come."""
        return self._text.stopped

    @property
    def shown(self) -> str:
        """All text given out so far."""
        return self._text.shown

    def add(self, token_id: int) -> str:
        """The text that may be shown now, often none."""
        self._ids.append(token_id)
        fresh = self._decode_fresh()
        undecided = len(self._ids) - self._decoded_ids
        if fresh.endswith(_UNDECIDED) and undecided < LONGEST_UNDECIDED_TOKENS:
            return ""
        self._context_start = self._decoded_ids
        self._decoded_ids = len(self._ids)
        return self._text.add(fresh)

    def finish(self) -> str:
        """The text that was held back, now that no more tokens come."""
        return self._text.finish("" if self.stopped else self._decode_fresh())

    def _decode_fresh(self) -> str:
        known = self._decoder.decode(self._ids[self._context_start : self._decoded_ids])
        return self._decoder.decode(self._ids[self._context_start :])[len(known) :]
