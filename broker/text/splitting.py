"""Splitting a long text where a reader would pause: pure, and the same for every channel.

A part ends at the end of a paragraph, else of a line, a sentence (Arabic ones too), a clause, a
word; never inside a grapheme, and inside what must stay whole (a link, a number, a piece of code)
only when that alone is longer than a part.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from itertools import accumulate

import regex

from broker.text.runs import Span
from broker.text.verbatim import EMAIL, LINK

# What a character counts, in the platform's unit. It must be at least 1.
Measure = Callable[[str], int]

# The kinds of pauses, the best first, each with how full a part must be to end there: a part that
# ends well but is nearly empty reads worse than one that ends in the middle of a paragraph.
_PAUSES: tuple[tuple[regex.Pattern[str], float], ...] = (
    (regex.compile(r"\n[^\S\n]*\n\s*"), 0.5),
    (regex.compile(r"\n"), 0.4),
    # not after "1.", nor after the single letter of "د.", nor after "Dr."
    (
        regex.compile(
            r"(?:(?<=[^\W\d]{2}\p{M}*)(?<!\b(?i:dr|mr|mrs|ms|mme|mlle|pr|prof|st|vs|ex|cf|fig))\.+"
            r"|[!?؟…۔])[\"'»”’)\]*_]*\s+"
        ),
        0.3,
    ),
    (regex.compile(r"[،؛,;:]\s+"), 0.3),
    (regex.compile(r"\s+"), 0.0),
)
_GRAPHEME = regex.compile(r"\X")
# What nobody wants to read in two parts, whatever the channel.
_WHOLE = regex.compile(
    rf"{LINK}|{EMAIL}|@\w+"
    r"|[+(]?\d[\d.,:/]*(?:[ \u00a0\-()]{1,2}\d[\d.,:/]*){0,8}"  # 1 000 000, +212 612-345678
    r"(?:[ \u00a0]?(?:%|€|\$|(?:DH|dh|MAD|kg|km|cm|درهم|دراهم|ريال|كيلو)\b))?"
    r"|\b(?:\p{L}|(?i:dr|mr|mrs|ms|mme|mlle|pr|prof))\.[ \u00a0]+\p{L}+"  # د. أحمد
)
# What may go on at the end of an unfinished text: a link, a name, a number, "د.".
_OPEN_END = regex.compile(
    r"(?:(?:https?://|www\.)\S*|\S*@\S*|[/#]\w*"
    r"|\p{Sc}?[+(]?\d[\d.,:/ \u00a0\-()]*|\b\p{L}\.[ ]?)\Z"
)
_LONGEST_OPEN = 80


def utf16_units(character: str) -> int:
    """What Telegram and JavaScript count."""
    return 2 if ord(character) > 0xFFFF else 1


def one(_: str) -> int:
    """Every character counts the same."""
    return 1


def split(text: str, limit: int, measure: Measure = one, whole: Iterable[Span] = ()) -> list[Span]:
    """Cut a text into ranges of at most `limit` units; together they are the whole text.

    `whole` are ranges that are not to be cut. Ranges count characters, whatever the measure.
    """
    units = [0, *accumulate(map(measure, text))]
    if units[-1] <= limit:
        return [(0, len(text))] if text else []
    # What is longer than a part must be cut anyway: then where it reads best.
    kept = (*whole, *(match.span() for match in _WHOLE.finditer(text)))
    places = _Places(text, (one for one in kept if units[one[1]] - units[one[0]] <= limit))
    parts: list[Span] = []
    start = 0
    while start < len(text):
        furthest = bisect_right(units, units[start] + limit) - 1
        if furthest >= len(text):
            end = len(text)
        else:
            end = places.best_end(start, furthest)
        parts.append((start, end))
        start = end
    return parts


def steady_end(text: str) -> int:
    """How much of an unfinished text reads well by itself: up to a link, a name or a number at its
    end that may go on. All of it when that is longer than any of these."""
    from_here = max(0, len(text) - _LONGEST_OPEN)
    found = _OPEN_END.search(text, from_here)
    if not found or found.start() == from_here > 0:
        return len(text)
    return found.start()


class _Places:
    """Where a text may be cut."""

    def __init__(self, text: str, whole: Iterable[Span]) -> None:
        self._pauses = [
            ([match.end() for match in pattern.finditer(text)], fullness)
            for pattern, fullness in _PAUSES
        ]
        self._graphemes = [match.end() for match in _GRAPHEME.finditer(text)]
        self._within = bytearray(len(text) + 1)
        for first, last in whole:
            self._within[first + 1 : last] = b"\1" * max(0, last - first - 1)
        self._letters = set(self._graphemes)

    def best_end(self, start: int, furthest: int) -> int:
        """The best place to end a part that may reach `furthest`; always after `start`."""
        for ends, fullness in self._pauses:
            least = start + int((furthest - start) * fullness)
            place = self._last(ends, least, furthest, whole=True)
            if place is not None:
                return place
        for ends in (*(ends for ends, _ in self._pauses), self._graphemes):
            place = self._last(ends, start, furthest, whole=ends is self._graphemes)
            if place is not None:
                return place
        return self._last_resort(start, furthest)

    def _last_resort(self, start: int, furthest: int) -> int:
        """Inside what should stay whole: at a grapheme; a monster of one is cut all the same."""
        place = self._last(self._graphemes, start, furthest, whole=False)
        return max(start + 1, furthest) if place is None else place

    def _last(self, ends: list[int], least: int, furthest: int, whole: bool) -> int | None:
        """The last of these places after `least` and up to `furthest`."""
        index = bisect_right(ends, furthest) - 1
        while index >= 0 and ends[index] > least:
            place = ends[index]
            if place in self._letters and not (whole and self._within[place]):
                return place
            index -= 1
        return None
