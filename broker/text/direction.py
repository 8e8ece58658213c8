"""The direction of a paragraph, by majority: one Latin name does not turn an Arabic sentence.

The browser counts alike (bots/web/static/direction.js); both are tested with the same cases.
"""

import re
import unicodedata
from typing import Literal

from broker.text.verbatim import CODE, EMAIL, LINK

Direction = Literal["rtl", "ltr", ""]

# People begin Arabic sentences with names: so many Latin words in front do not count.
LEADING_WORDS = 3

RLM, LRM = "\u200f", "\u200e"

_CODE = re.compile(CODE)
_LINK = re.compile(rf"\]\([^()\s]*\)|{LINK}|{EMAIL}")
_LABEL = re.compile(r"\A[^:\n\u0620-\u06ff]*:[ \t](?=[^A-Za-zÀ-ÿ\n]*[\u0620-\u06ff])")
# Hebrew to Arabic Extended-A, and the presentation forms: letters that run right to left.
_RTL_RANGES = ((0x0590, 0x08FF), (0xFB1D, 0xFDFF), (0xFE70, 0xFEFC))


def direction(text: str) -> Direction:
    """The side that most words are on; "" without letters. Code, links, emoji do not count.

    Words, not letters: French words in a Darija sentence are long, its own are short. Who
    begins in Arabic writes from the right until Latin words are twice as many. A Latin name
    and a colon in front of Arabic do not count: "Lenovo IdeaPad 3 (16GB): الثمن".
    """
    plain = _LINK.sub(" ", _CODE.sub(" ", text))
    words = _LABEL.sub("", plain).split()
    sides = [side for side in map(_side, words) if side]
    if "rtl" not in sides:
        return "ltr" if sides else ""
    begins_rtl = sides[0] == "rtl"
    sides = sides[min(sides.index("rtl"), LEADING_WORDS) :]
    rtl, ltr = sides.count("rtl"), sides.count("ltr")
    return "rtl" if rtl * (2 if begins_rtl else 1) >= ltr else "ltr"


def lead_mark(line: str) -> str:
    """What to put before a line so that clients which go by its first letter show it right.

    "" when they do anyway: a right-to-left mark before Arabic that begins with Latin, and back.
    """
    first, side = first_strong(line), direction(line)
    if side == "rtl" and first == "L":
        return RLM
    return LRM if side == "ltr" and first in ("R", "AL") else ""


def first_strong(line: str) -> str:
    """The bidi class of the first strong character: L, R, AL, or "" without one."""
    for character in line:
        kind = unicodedata.bidirectional(character)
        if kind in ("L", "R", "AL"):
            return kind
    return ""


def _side(word: str) -> Direction:
    right, left = _letters(word)
    if not right and not left:
        return ""
    return "rtl" if right >= left else "ltr"


def _letters(word: str) -> tuple[int, int]:
    """How many letters of a word run right to left, and how many left to right."""
    letters = [character for character in word if unicodedata.category(character)[0] == "L"]
    right = sum(_runs_right_to_left(character) for character in letters)
    return right, len(letters) - right


def _runs_right_to_left(character: str) -> bool:
    return any(first <= ord(character) <= last for first, last in _RTL_RANGES)
