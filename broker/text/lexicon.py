"""The Darija lexicon, lexicon.tsv: the lines of the file, and the stems that follow from them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from broker.text.arabizi_fold import (
    collapse,
    fold_arabic,
    fold_latin,
    loosen_arabic,
    loosen_latin,
)

Side = Literal["arabic", "latin"]

_FILE = Path(__file__).with_name("lexicon.tsv")
# Shorter keys have lost too much to tell words apart.
_LEAST_LOOSE = 3


@dataclass(frozen=True)
class Entry:
    """One line of the lexicon: a letter per kind of word, and its spellings, usual ones first."""

    kinds: str
    arabic: str
    latin: tuple[str, ...]


class Index:
    """Entries by their spelling in one script, strictly or past what people leave out."""

    def __init__(self, side: Side, entries: tuple[Entry, ...]) -> None:
        self._fold = fold_arabic if side == "arabic" else fold_latin
        self._once = collapse if side == "latin" else str
        self._loosen = loosen_arabic if side == "arabic" else loosen_latin
        self._strict: dict[str, list[Entry]] = {}
        self._loose: dict[str, list[Entry]] = {}
        self._spelled = {one for entry in entries for one in (entry.arabic, *entry.latin)}
        for entry in entries:
            for spelling in (entry.arabic,) if side == "arabic" else entry.latin:
                fold = self._fold(spelling)
                _file_under(self._once(fold), entry, self._strict)
                _file_under(self._loosen(fold), entry, self._loose)

    def fold(self, word: str) -> str:
        """The fold of a word in the script of this index."""
        return self._fold(word)

    def spells(self, word: str) -> bool:
        """Whether a line of the lexicon has exactly this spelling."""
        return word in self._spelled

    def find(self, fold: str, loose: bool) -> list[Entry]:
        """The entries of a fold, in the order of the file."""
        if not loose:
            return self._strict.get(self._once(fold), [])
        key = self._loosen(fold)
        return self._loose.get(key, []) if len(key) >= _LEAST_LOOSE else []


@cache
def index(side: Side) -> Index:
    """The lexicon by the spellings of one script; read once."""
    return Index(side, entries())


@cache
def entries() -> tuple[Entry, ...]:
    """Every line of the lexicon, each followed by the stems that it brings."""
    lines = _FILE.read_text("utf-8").splitlines()
    written = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return tuple(
        one
        for kinds, arabic, latin in written
        for one in _with_stems(Entry(kinds, arabic, tuple(latin.split())))
    )


def _with_stems(entry: Entry) -> Iterator[Entry]:
    """The stems that stand before some affixes alone, as kinds of their own:

    m خدمت- of خدمة before an owner, f خدم- before the plural, g مش- of مشا before "she",
    T a verb in t-, which hides the t of the second person.
    """
    yield entry
    if entry.kinds == "n" and entry.arabic.endswith("ة"):
        bare = tuple(one.removesuffix("a") for one in entry.latin)
        yield Entry("m", entry.arabic[:-1] + "ت", tuple(one + "t" for one in bare))
        yield Entry("f", entry.arabic[:-1], bare)
    if "p" in entry.kinds and entry.latin[0].endswith("a"):
        yield Entry("g", entry.arabic[:-1], tuple(one.removesuffix("a") for one in entry.latin))
    if "v" in entry.kinds and entry.arabic.startswith("ت"):
        yield Entry("T", entry.arabic, entry.latin)


def _file_under(key: str, entry: Entry, into: dict[str, list[Entry]]) -> None:
    found = into.setdefault(key, [])
    if entry not in found:
        found.append(entry)
