"""What reads from left to right as one piece also inside an Arabic line, and would not by itself.

The bidirectional algorithm swaps the groups of a telephone number, takes the pluses of C++ to its
other side and a minus behind its number. Words, links and plain numbers come out right alone.
The browser looks for the same (bots/web/static/runs.js); both are tested with the same cases.
"""

import re

Span = tuple[int, int]

_BEFORE = r"(?<![^\s(\[{«\"“'‘:،,؛;/=\u200e\u200f])"
_AFTER = r"(?![\w@/])"
# Longer ones are no numbers; without a bound each digit would be a start to read on from.
_NUMBER = r"\d{1,20}(?:[.,]\d{1,20}){0,10}"
_RUN = re.compile(
    "|".join(
        (
            # a Latin sentence in quotes or brackets, with its full stop or question mark
            r"(?<=[\"“«(])[A-Za-zÀ-ÿ][^\"“”«»()\[\]*_`~@/\n\u0590-\u08ff]{0,300}[.!?…](?=[\"”»)])",
            # 5 + 3 = 8
            rf"(?<![\w.,]){_NUMBER}(?:\s[-+−×*/÷=<>≤≥]\s{_NUMBER}|[+×÷=]{_NUMBER}){{1,12}}(?!\w)",
            # 35°C, -5°
            rf"{_BEFORE}[-+−±]?{_NUMBER} ?°[CF]?{_AFTER}",
            # 12-B, 2.a, 2026-plan.pdf
            rf"{_BEFORE}\d{{1,20}}(?:[.-]\w{{1,40}}){{0,10}}"
            rf"[.-][A-Za-z][\w.-]{{0,80}}(?<![.-]){_AFTER}",
            # phones, accounts, dates, ranges; 3.5, 12:30 and 15/01 come out right alone
            r"(?<![\w+])(?=\+?\d[\d./]{0,40}[ \-()–]{1,2}\d)"
            r"\+?\d{1,20}(?:(?:[ .\-/()–]{1,2}|,)\d{1,20}){1,20}(?!\w)",
            r"(?<![\w+])\+\d[\d.]{5,40}",
            # -5, -20%, $20
            rf"{_BEFORE}(?:[-+−±][$€£]?|[$€£]){_NUMBER}%?{_AFTER}",
            # .NET, /help, --flag
            rf"{_BEFORE}(?:\.[A-Z][A-Za-z]{{1,40}}|/[a-z][\w/.-]{{0,80}}\w"
            rf"|--?[A-Za-z][\w-]{{0,80}}){_AFTER}",
            # C++, C#, 4G+
            r"(?<![\w@/.])\d?[A-Z][A-Za-z0-9]{0,9}(?:\+\+?|#)(?![\w+#])",
        )
    ),
    re.ASCII,
)
_NUMBER_AFTER_ARABIC = re.compile(r"(?<=[\u0620-\u06ff])(?=[^\w\n\u0600-\u06ff]{0,8}\d)", re.ASCII)


def left_to_right(line: str) -> list[Span]:
    """The ranges of an Arabic line that are to be kept apart from it, in order."""
    return [match.span() for match in _RUN.finditer(line)]


def ends_before_numbers(line: str) -> list[int]:
    """Where in a Latin line Arabic words end that would pull the number behind them over."""
    return [match.start() for match in _NUMBER_AFTER_ARABIC.finditer(line)]
