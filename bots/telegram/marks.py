"""Direction marks in a message of Telegram: see broker.text.marks."""

from collections.abc import Iterable

from broker.text.marks import Marks, line_marks


def with_marks(text: str, code: Iterable[tuple[int, int, str]]) -> Marks:
    """The marks to insert, in order, as (position, mark). `code` are ranges with their kind;
    inside "pre" nothing is marked, a "code" is isolated as a whole."""
    ranges = list(code)
    marks: Marks = []
    start = 0
    for line in text.splitlines(keepends=True):
        end = start + len(line)
        if not any(kind == "pre" and first < end and start < last for first, last, kind in ranges):
            inside = [
                (first - start, last - start)
                for first, last, kind in ranges
                if kind == "code" and start <= first and last <= end
            ]
            marks += [(start + place, mark) for place, mark in line_marks(line, inside)]
        start = end
    return marks
