"""Which side Markdown begins at on Slack, which shows each block in one direction: marks on lines
whose first letter misleads, and cuts between lines where the direction turns. Pure.

Code is left alone; lists, tables and code are not cut.
"""

import re
from collections.abc import Iterator

from broker.text.direction import (
    LEADING_WORDS,
    RLM,
    Direction,
    direction,
    first_strong,
    lead_mark,
)
from broker.text.marks import line_marks
from broker.text.runs import Span

_FENCE = re.compile(r"^[ \t]{0,3}(`{3,}|~{3,})([^\n`]*)$", re.MULTILINE)
_TABLE = re.compile(r"(?:^[ \t]*\|.*\n?)+", re.MULTILINE)
# Code, and our own command with what stands behind it.
_CODE_SPAN = re.compile(r"`[^`\n]+`|/mersal(?: [a-z0-9]+)*")
_TARGET = re.compile(r"\]\([^)\s]*\)|<[^>\s]+>")
# What a line begins with and what must stay first in it.
_LEAD = re.compile(r"[ \t]*(?:(?:[-*+]|\d+[.)]|#{1,6}|>)[ \t]+)*")
_CELL = re.compile(r"(?<!\\)\|")
_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d+[.)])[ \t]")
# What ends a list without a blank line before it.
_NO_TEXT = re.compile(r"[ \t]*(?:#{1,6}[ \t]|>|\||```|~~~)")


def one_sided(text: str) -> list[str]:
    """The text in pieces of one direction each; together they are the text."""
    pieces: list[str] = []
    side: Direction = ""
    for unit in _units(text):
        own = direction(unit)
        if pieces and (own == side or not own or not side):
            pieces[-1] += unit
        else:
            pieces.append(unit)
        side = own or side
    return pieces


def marked(text: str) -> str:
    """With direction marks on lines whose first letter would turn them to the wrong side, and
    isolates around what Arabic lines would reorder."""
    code, tables = fences(text), tables_of(text)
    lines, at = [], 0
    for line in text.splitlines(keepends=True):
        span = (at, at + len(line))
        if _touches(span, tables):
            line = "|".join(_marked(cell) for cell in _CELL.split(line))
        elif not _touches(span, code):
            line = _marked(line)
        lines.append(line)
        at = span[1]
    return "".join(lines)


def led(so_far: str) -> str:
    """An unfinished text with right-to-left marks on lines that begin in Latin and go on in Arabic.
    What does not tell yet is left out: each text begins with the one before."""
    code = fences(so_far)
    lines, at = [], 0
    for line in so_far.splitlines(keepends=True):
        if not _touches((at, at + len(line)), code):
            start = _lead(line)
            mark = _early_mark(line[start:])
            if mark is None:
                break
            lines.append(line[:start] + mark + line[start:])
        else:
            lines.append(line)
        at += len(line)
    return "".join(lines)


def is_one_sided(so_far: str) -> bool:
    """Whether an unfinished text reads right as one block, as a stream shows it. A last line of a
    few words does not tell yet."""
    head, _, last = so_far.rpartition("\n")
    text = so_far if len(last.split()) > LEADING_WORDS else head
    return len(one_sided(text)) <= 1


def fences(text: str) -> list[Span]:
    """Blocks of code, the last one perhaps unclosed."""
    found: list[Span] = []
    opened: tuple[int, str] | None = None
    for match in _FENCE.finditer(text):
        mark, told = match.groups()
        if opened is None:
            opened = (match.start(), mark)
        elif mark.startswith(opened[1]) and not told.strip():
            found.append((opened[0], match.end()))
            opened = None
    if opened is not None:
        found.append((opened[0], len(text)))
    return found


def tables_of(text: str) -> list[Span]:
    """Lines with bars in front, outside code."""
    code = fences(text)
    spans = (match.span() for match in _TABLE.finditer(text))
    return [span for span in spans if not _touches(span, code)]


def _units(text: str) -> Iterator[str]:
    """What is not cut: a list, a table, code, lines between which markup is open; else a line."""
    kept = [*fences(text), *tables_of(text)]
    unit, before, at, in_list = "", "", 0, False
    for line in text.splitlines(keepends=True):
        if line.strip():
            in_list = in_list and _is_of_list(line, before)
            is_within = any(first < at < last for first, last in kept)
            if unit.strip() and not (in_list or is_within or _goes_on(unit, before, line)):
                yield unit
                unit = ""
            in_list = in_list or bool(_ITEM.match(line))
        unit += line
        at += len(line)
        before = line
    if unit:
        yield unit


def _is_of_list(line: str, before: str) -> bool:
    """Whether a line behind one of a list is of it too: an item, or text of the item before."""
    if _ITEM.match(line) or line[0] in " \t":
        return True
    return bool(before.strip()) and not _NO_TEXT.match(line)


def _goes_on(unit: str, before: str, line: str) -> bool:
    """Whether code or bold text of the lines before, or a table without bars in front, does."""
    if not before.strip():
        return False
    return bool(unit.count("`") % 2 or unit.count("**") % 2) or ("|" in before and "|" in line)


def _touches(span: Span, ranges: list[Span]) -> bool:
    return any(first < span[1] and span[0] < last for first, last in ranges)


def _lead(line: str) -> int:
    """Where a line's own text begins."""
    lead = _LEAD.match(line)
    return lead.end() if lead else 0


def _early_mark(text: str) -> str | None:
    """The mark for a line that may go on, by its first words; None as long as they do not tell."""
    if text.startswith("|") or first_strong(text) in ("R", "AL"):
        return ""
    words = text.split()
    is_whole = bool(text) and text.splitlines() != [text]
    if not is_whole and len(words) <= LEADING_WORDS + 1:  # the last may be half a word
        return None
    return RLM if lead_mark(" ".join(words[: LEADING_WORDS + 1])) == RLM else ""


def _marked(line: str) -> str:
    start = _lead(line)
    text = line[start:]
    code = [match.span() for match in _CODE_SPAN.finditer(text)]
    targets = [match.span() for match in _TARGET.finditer(text)]
    for place, mark in reversed(line_marks(text, code, targets)):
        text = text[:place] + mark + text[place:]
    return line[:start] + text
