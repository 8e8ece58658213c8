"""Where direction marks belong, so that every client shows Arabic with Latin in it in order.

Most clients take a line's direction from its first strong letter (flag emoji count as Latin). One
right-to-left mark before an Arabic line that begins with Latin sets it right everywhere; isolates
keep telephone numbers and code from being reordered.
"""

from collections.abc import Iterable

from broker.text.direction import LRM, direction, lead_mark
from broker.text.runs import Span, ends_before_numbers, left_to_right

LRI, PDI = "\u2066", "\u2069"
Marks = list[tuple[int, str]]
Ranges = Iterable[Span]


def line_marks(line: str, code: Ranges = (), untouched: Ranges = ()) -> Marks:
    """The marks to insert into a line, in order, as (position, mark).

    Ranges of `code` are isolated as a whole; nothing is put inside what is `untouched`.
    """
    mark = lead_mark(line)
    marks: Marks = [(0, mark)] if mark else []
    side = direction(line)
    if side == "rtl":
        marks += _isolates(line, list(code), list(untouched))
    elif side == "ltr":
        kept = [*code, *untouched]
        marks += [
            (at, LRM)
            for at in ends_before_numbers(line)
            if not _in_link(line, at - 1) and not _within((at, at), kept)
        ]
    return marks


def _isolates(line: str, code: list[Span], untouched: list[Span]) -> Marks:
    apart = [
        one
        for one in left_to_right(line)
        if not _in_link(line, one[0]) and not _within(one, [*code, *untouched])
    ]
    return [place for first, last in sorted(code + apart) for place in ((first, LRI), (last, PDI))]


def _within(span: Span, ranges: list[Span]) -> bool:
    """Whether it touches one of these."""
    return any(first < max(span[1], span[0] + 1) and span[0] < last for first, last in ranges)


def _in_link(line: str, index: int) -> bool:
    """Whether the word around this place is an address, which isolates would break."""
    word = line[line.rfind(" ", 0, index) + 1 :].split(" ", 1)[0]
    return "://" in word or "@" in word or word.startswith("www.")
