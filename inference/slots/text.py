"""Token ids to text that may be shown: whole characters, and no stop string, not even its start."""

import unicodedata
from collections.abc import Sequence
from typing import Protocol

from transformers import PreTrainedTokenizerBase

_JOINER = "\u200d"
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
    """Takes a completion's tokens one by one and gives out text when it is sure of it.

    Held back are the last character, because a mark, a joiner or a skin tone may still follow,
    and any end of the text that may be the beginning of a stop string.
    """

    def __init__(self, decoder: TextDecoder, stop: Sequence[str]) -> None:
        self._decoder = decoder
        self._stop = tuple(stop)
        self._ids: list[int] = []
        self._context_start = 0  # decoding starts here, so that spaces between words come out right
        self._decoded_ids = 0
        self._text = ""
        self._shown = 0
        self._stopped = False

    @property
    def stopped(self) -> bool:
        """Whether a stop string has come."""
        return self._stopped

    @property
    def shown(self) -> str:
        """All text given out so far."""
        return self._text[: self._shown]

    def add(self, token_id: int) -> str:
        """The text that may be shown now, often none."""
        self._ids.append(token_id)
        fresh = self._decode_fresh()
        undecided = len(self._ids) - self._decoded_ids
        if fresh.endswith(_UNDECIDED) and undecided < LONGEST_UNDECIDED_TOKENS:
            return ""
        self._accept(fresh)
        safe = len(self._text) if self._stopped else self._safe_length()
        return self._show(safe)

    def finish(self) -> str:
        """The text that was held back, now that no more tokens come."""
        if not self._stopped:
            self._accept(self._decode_fresh())
        return self._show(len(self._text))

    def _decode_fresh(self) -> str:
        known = self._decoder.decode(self._ids[self._context_start : self._decoded_ids])
        return self._decoder.decode(self._ids[self._context_start :])[len(known) :]

    def _accept(self, fresh: str) -> None:
        self._context_start = self._decoded_ids
        self._decoded_ids = len(self._ids)
        searched_from = max(0, len(self._text) - max(map(len, self._stop), default=0))
        self._text += fresh
        found = [self._text.find(stop, searched_from) for stop in self._stop]
        ends = [at for at in found if at >= 0]
        if ends:
            self._text = self._text[: min(ends)]
            self._stopped = True

    def _safe_length(self) -> int:
        return min(_last_character(self._text), _stop_start(self._text, self._stop))

    def _show(self, length: int) -> str:
        start = self._shown
        self._shown = max(start, length)
        return self._text[start : self._shown]


def _stop_start(text: str, stops: Sequence[str]) -> int:
    """Where the longest end of `text` starts that some stop string begins with."""
    length = len(text)
    for stop in stops:
        for size in range(min(len(stop) - 1, len(text)), 0, -1):
            if text.endswith(stop[:size]):
                length = min(length, len(text) - size)
                break
    return length


def _last_character(text: str) -> int:
    """Where the last character of `text`, as people count characters, starts."""
    at = len(text) - 1
    while at > 0 and _belongs_to_previous(text, at):
        at -= 1
    return max(at, 0)


def _belongs_to_previous(text: str, at: int) -> bool:
    """Marks, joined emoji, skin tones, flags: enough of Unicode's UAX 29 for chat."""
    char, previous = text[at], text[at - 1]
    if char == _JOINER or previous == _JOINER or unicodedata.category(char) in ("Mn", "Me", "Mc"):
        return True
    if "\U0001f3fb" <= char <= "\U0001f3ff" or "\U000e0020" <= char <= "\U000e007f":
        return True
    return _is_flag_half(char) and _flag_halves_before(text, at) % 2 == 1


def _is_flag_half(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _flag_halves_before(text: str, at: int) -> int:
    count = 0
    while at - count > 0 and _is_flag_half(text[at - count - 1]):
        count += 1
    return count
