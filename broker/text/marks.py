"""Where direction marks belong, so that every client shows Arabic with Latin in it in order.

Most clients take a line's direction from its first strong letter (flag emoji count as Latin). One
right-to-left mark before an Arabic line that begins with Latin sets it right everywhere; isolates
keep phone numbers and code from being reordered.
"""

import re
from collections.abc import Iterable

from broker.text.direction import direction, lead_mark

LRI, PDI = "\u2066", "\u2069"
Marks = list[tuple[int, str]]
Ranges = Iterable[tuple[int, int]]

# A number in groups, as phones and accounts are written: right-to-left would swap the groups.
_GROUPS = re.compile(r"\+?\d+(?:[ .\-/()]{1,2}\d+)+|\+\d{6,}")


def line_marks(line: str, code: Ranges = (), untouched: Ranges = ()) -> Marks:
    """The marks to insert into a line, in order, as (position, mark).

    Ranges of `code` are isolated as a whole; nothing is put inside what is `untouched`.
    """
    mark = lead_mark(line)
    marks: Marks = [(0, mark)] if mark else []
    return marks + _isolates(line, list(code), list(untouched)) if _is_rtl(line) else marks


def _is_rtl(line: str) -> bool:
    return direction(line) == "rtl"


def _isolates(line: str, code: list[tuple[int, int]], untouched: list[tuple[int, int]]) -> Marks:
    numbers = [match.span() for match in _GROUPS.finditer(line)]
    apart = [
        one
        for one in numbers
        if not _in_link(line, one[0])
        and all(one[1] <= first or last <= one[0] for first, last in (*code, *untouched))
    ]
    return [place for first, last in sorted(code + apart) for place in ((first, LRI), (last, PDI))]


def _in_link(line: str, index: int) -> bool:
    """Whether the word around this place is an address, which isolates would break."""
    word = line[line.rfind(" ", 0, index) + 1 :].split(" ", 1)[0]
    return "://" in word or "@" in word or word.startswith("www.")
