"""The direction of a paragraph, by majority: one Latin name does not turn an Arabic sentence.

The browser counts alike (web/static/direction.js); both are tested with the same cases.
"""

import re
import unicodedata
from typing import Literal

Direction = Literal["rtl", "ltr", ""]

# People begin Arabic sentences with names: so many Latin words in front do not count.
LEADING_WORDS = 3

_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)
_LINK = re.compile(r"\]\([^)\s]*\)|(?:https?://|www\.|mailto:)\S+|[\w.+-]+@[\w-]+\.\w+")
# Hebrew to Arabic Extended-A, and the presentation forms: letters that run right to left.
_RTL_RANGES = ((0x0590, 0x08FF), (0xFB1D, 0xFDFF), (0xFE70, 0xFEFC))


def direction(text: str) -> Direction:
    """The side that holds most letters; "" without letters. Code, links, emoji do not count."""
    words = _LINK.sub(" ", _CODE.sub(" ", text)).split()
    counts = [_letters(word) for word in words]
    rtl = sum(right for right, _ in counts)
    if rtl:
        counts = _without_leading_latin(counts)
    ltr = sum(left for _, left in counts)
    if not rtl and not ltr:
        return ""
    return "rtl" if rtl >= ltr else "ltr"


def _without_leading_latin(counts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Drop up to LEADING_WORDS words that are only Latin, and what has no letters among them."""
    dropped = 0
    for index, (right, left) in enumerate(counts):
        if right or (left and dropped == LEADING_WORDS):
            return counts[index:]
        dropped += bool(left)
    return []


def _letters(word: str) -> tuple[int, int]:
    """How many letters of a word run right to left, and how many left to right."""
    letters = [character for character in word if unicodedata.category(character)[0] == "L"]
    right = sum(_runs_right_to_left(character) for character in letters)
    return right, len(letters) - right


def _runs_right_to_left(character: str) -> bool:
    return any(first <= ord(character) <= last for first, last in _RTL_RANGES)
