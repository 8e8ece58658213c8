"""A text without its middle, for a message that alone is longer than a model can read."""

import unicodedata
from collections.abc import Sequence

GAP = "\n[…]\n"

WORD_CHARS = 30
"""So far a cut moves to fall between two words; a longer word is cut in two."""


def shortened(text: str, length: int) -> str:
    """The beginning and the end of `text`, together `length` characters at most, and a gap.

    Cut between words where there are any, and never between a letter and its marks.
    """
    if length >= len(text):
        return text
    head, tail = length - length // 2, len(text) - length // 2
    beginning = text[: _cut(text, range(head, max(0, head - WORD_CHARS) - 1, -1))]
    end = text[_cut(text, range(tail, min(len(text), tail + WORD_CHARS) + 1)) :]
    return f"{beginning}{GAP}{end}"


def _cut(text: str, places: Sequence[int]) -> int:
    """The best of `places`, the nearest first."""
    whole = [at for at in places if not _is_mark(text[at : at + 1])] or [places[-1]]
    between = (at for at in whole if text[at - 1 : at].isspace() or text[at : at + 1].isspace())
    return next(between, whole[0])


def _is_mark(letter: str) -> bool:
    return letter == "\u200d" or bool(letter) and unicodedata.category(letter).startswith("M")
