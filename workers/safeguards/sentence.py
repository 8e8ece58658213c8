"""A sentence as rules look at it: in all its readings at once."""

import re
from itertools import zip_longest

from workers.safeguards.normal import SENTENCE_END, readings
from workers.safeguards.terms import whole_words


class Sentence:
    """One sentence in each of its readings."""

    def __init__(self, variants: tuple[str, ...]) -> None:
        self._variants = variants
        self._words = frozenset(word for variant in variants for word in variant.split())

    def places(self, terms: tuple[str, ...]) -> set[int]:
        """The numbers of the words that terms begin with. The readings have as many words, or
        nearly so: half of them may be told by the one and half by the other."""
        found = whole_words(terms)
        return {
            variant.count(" ", 0, match.start())
            for variant in self._variants
            for match in found.finditer(variant)
        }

    def may_have(self, keys: frozenset[str], starred: re.Pattern[str] | None) -> bool:
        """Whether one of the terms may be there that these are made of (terms.py)."""
        if not keys.isdisjoint(self._words):
            return True
        return starred is not None and any(map(starred.search, self._variants))


def sentences_of(text: str) -> list[Sentence]:
    """The sentences of a text, in order."""
    lines = [reading.split(SENTENCE_END) for reading in readings(text)]
    return [
        Sentence(tuple(" ".join(variant.split()) for variant in variants))
        for variants in zip_longest(*lines, fillvalue="")
    ]
