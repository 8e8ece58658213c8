"""Where direction marks belong, so that every client shows Arabic with Latin in it in order.

Telegram's clients take a line's direction from its first strong letter (Desktop: per line; web:
per message; flag emoji count as Latin). One right-to-left mark before an Arabic line that begins
with Latin sets it right everywhere; isolates keep phone numbers and code from being reordered.
"""

import re
import unicodedata
from collections.abc import Iterable

from bots.direction import direction

RLM, LRM = "\u200f", "\u200e"
LRI, PDI = "\u2066", "\u2069"
Marks = list[tuple[int, str]]

# A number in groups, as phones and accounts are written: right-to-left would swap the groups.
_GROUPS = re.compile(r"\+?\d+(?:[ .\-/()]{1,2}\d+)+|\+\d{6,}")


def with_marks(text: str, code: Iterable[tuple[int, int, str]]) -> Marks:
    """The marks to insert, in order, as (position, mark). `code` are ranges with their kind;
    inside "pre" nothing is marked, a "code" is isolated as a whole."""
    ranges = list(code)
    marks: Marks = []
    start = 0
    for line in text.splitlines(keepends=True):
        end = start + len(line)
        if not any(kind == "pre" and first < end and start < last for first, last, kind in ranges):
            inside = [(a, b) for a, b, kind in ranges if kind == "code" and start <= a and b <= end]
            marks += _line_marks(line, start, inside)
        start = end
    return marks


def _line_marks(line: str, start: int, code: list[tuple[int, int]]) -> Marks:
    side = direction(line)
    if side == "rtl":
        lead = [(start, RLM)] if _first_strong(line) == "L" else []
        return lead + _isolates(line, start, code)
    if side == "ltr" and _first_strong(line) in ("R", "AL"):
        return [(start, LRM)]
    return []


def _isolates(line: str, start: int, code: list[tuple[int, int]]) -> Marks:
    numbers = [(start + match.start(), start + match.end()) for match in _GROUPS.finditer(line)]
    apart = [one for one in numbers if all(one[1] <= a or b <= one[0] for a, b in code)]
    apart = [one for one in apart if not _in_link(line, one[0] - start)]
    return [place for first, last in sorted(code + apart) for place in ((first, LRI), (last, PDI))]


def _in_link(line: str, index: int) -> bool:
    """Whether the word around this place is an address, which isolates would break."""
    word = line[line.rfind(" ", 0, index) + 1 :].split(" ", 1)[0]
    return "://" in word or "@" in word or word.startswith("www.")


def _first_strong(line: str) -> str:
    """The bidi class of the first strong character: L, R, AL, or "" without one."""
    for character in line:
        kind = unicodedata.bidirectional(character)
        if kind in ("L", "R", "AL"):
            return kind
    return ""
