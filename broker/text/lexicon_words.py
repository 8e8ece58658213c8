"""A word as somebody wrote it, in either script, to both spellings, by the lexicon.

It is looked for as it stands, then without affixes (arabizi_affixes); first strictly, then past
what people leave out or confuse (arabizi_fold).
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache, lru_cache
from typing import NamedTuple

from broker.text.arabizi_affixes import (
    Affix,
    Affixes,
    join_arabic,
    join_latin,
    prefixes,
    suffixes,
)
from broker.text.arabizi_fold import fold_latin, without_silent_alif
from broker.text.distance import edits
from broker.text.lexicon import Entry, Side, index

# The kinds of lexicon.tsv that are words by themselves; q and the derived stems need an affix.
_ALONE = frozenset("winaxvp")
_KINDS = "winmfaxvTpgq"
_NOUNS = frozenset("nmfax")
_SUN = frozenset("tdrzsnlC")
_LEAST_STEM = 2
# Of these kinds many words are short, and would be found within others: b-li.
_OFTEN_SHORT, _LEAST_OFTEN_SHORT = frozenset("wi"), 3
# Longer ones are no words, and would take long.
LONGEST = 40
# Messages repeat words: so many are remembered in each script.
_REMEMBERED = 20_000


class Word(NamedTuple):
    """A word that the lexicon knows, in both scripts as Mersal writes it."""

    arabic: str
    latin: str
    # The kinds of lexicon.tsv that its stem may be.
    kinds: str


class _Parse(NamedTuple):
    before: Affix
    entry: Entry
    after: Affix
    # The letters of the word that are stem.
    stem: str

    @property
    def cost(self) -> tuple[int, int, int]:
        """Best is the longest stem, then the fewest affixes, and before it rather than after it.

        A hidden t is nobody's first reading.
        """
        hidden = 2 if self.entry.kinds == "T" else 0
        pieces = self.before.pieces + self.after.pieces
        return hidden - len(self.stem), pieces, self.after.pieces


@lru_cache(_REMEMBERED)
def known(word: str, side: Side) -> Word | None:
    """The word in both scripts, or None: a name, a mistake, a foreign or a rare word."""
    if len(word) > LONGEST:
        return None
    fold = index(side).fold(word)
    found = _whole(word, fold, side, loose=False) or _split(fold, side, loose=False)
    if found:
        return found
    spoken = without_silent_alif(fold) if side == "arabic" else fold
    if spoken != fold:
        return known(spoken, side)
    return _whole(word, fold, side, loose=True) or _split(fold, side, loose=True)


def _whole(word: str, fold: str, side: Side, loose: bool) -> Word | None:
    """The entry that is spelled most like the word; of equals, the first in the file."""
    found = [one for one in index(side).find(fold, loose) if not _ALONE.isdisjoint(one.kinds)]
    if not found:
        return None
    if side == "arabic":
        return Word(found[0].arabic, found[0].latin[0], found[0].kinds)
    doubled = _doubles_sun(fold)
    nouns = [one for one in found if not _NOUNS.isdisjoint(one.kinds)]
    best = min((doubled and nouns) or found, key=lambda one: _distance_to(word.lower(), one))
    if doubled and nouns and not any(_doubles_sun(fold_latin(one)) for one in best.latin):
        return Word("ال" + best.arabic, "l" + best.latin[0], best.kinds)
    return Word(best.arabic, best.latin[0], best.kinds)


def _split(fold: str, side: Side, loose: bool) -> Word | None:
    parses = list(_parses(fold, side, loose))
    if not parses:
        return None
    least = min(parse.cost for parse in parses)
    equals = [parse for parse in parses if parse.cost == least]
    if side == "latin" and len(equals) > 1:
        equals.sort(key=_distance_of_stem)
    before, entry, after, _ = equals[0]
    return Word(
        before.arabic + join_arabic(entry.arabic, after.arabic),
        before.latin + join_latin(entry.latin[0], after.latin),
        entry.kinds,
    )


def _parses(fold: str, side: Side, loose: bool) -> Iterator[_Parse]:
    first, last = _every(prefixes, side), _every(suffixes, side)
    for start in range(len(fold) - _LEAST_STEM + 1):
        if fold[:start] not in first:
            continue
        for end in range(start + _LEAST_STEM, len(fold) + 1):
            if fold[end:] in last:
                for entry in index(side).find(fold[start:end], loose):
                    yield from _fitting(entry, (fold[:start], fold[start:end], fold[end:]), side)


def _fitting(entry: Entry, parts: tuple[str, str, str], side: Side) -> Iterator[_Parse]:
    front, stem, back = parts
    for kind in entry.kinds:
        before = _table(prefixes(kind), side).get(front)
        after = _table(suffixes(kind), side).get(back)
        short = kind in _OFTEN_SHORT and len(stem) < _LEAST_OFTEN_SHORT
        if before and after and not (short and before.pieces):
            if kind in _NOUNS and side == "latin":
                before = _with_article(before, stem)
            yield _Parse(before, entry, after, stem)


def _with_article(before: Affix, stem: str) -> Affix:
    """A doubled sun letter in front is the article: ddar is الدار."""
    if not _doubles_sun(stem) or before.arabic.endswith(("ال", "لل")):
        return before
    return replace(before, arabic=before.arabic + "ال", latin=before.latin + "l")


def _distance_of_stem(parse: _Parse) -> int:
    return min(edits(parse.stem, fold_latin(spelling)) for spelling in parse.entry.latin)


def _doubles_sun(fold: str) -> bool:
    return len(fold) > 1 and fold[0] == fold[1] and fold[0] in _SUN


def _distance_to(word: str, entry: Entry) -> int:
    return min(edits(word, spelling) for spelling in entry.latin)


@cache
def _every(affixes: Callable[[str], Affixes], side: Side) -> frozenset[str]:
    """All spellings of prefixes, or of suffixes, whatever the kind of word."""
    return frozenset(spelling for kind in _KINDS for spelling in _table(affixes(kind), side))


def _table(affixes: Affixes, side: Side) -> dict[str, Affix]:
    return affixes.by_arabic if side == "arabic" else affixes.by_latin
