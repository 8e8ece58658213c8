"""In which letters a message is written."""

import re
from typing import Literal

from broker.text.verbatim import CODE, EMAIL, LINK

Script = Literal["arab", "latn", "mixed", "none"]

ARABIC_LETTER = re.compile(r"[\u0620-\u064A\u066E-\u06D3\u06FA-\u06FC\u0750-\u077F\uFB50-\uFDFF]")
LATIN_LETTER = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿŒœ]")

_NOT_PROSE = re.compile(rf"{CODE}|{LINK}|{EMAIL}|(?<!\w)@\w+")


def prose(text: str) -> str:
    """The text without code, links, addresses and mentions, which tell no language."""
    return _NOT_PROSE.sub(" ", text)


def arabic_share(text: str) -> float:
    """How many of the letters of the prose are Arabic, from 0 to 1; 0 without letters."""
    written = prose(text)
    arabic, latin = len(ARABIC_LETTER.findall(written)), len(LATIN_LETTER.findall(written))
    return arabic / (arabic + latin) if arabic else 0.0


def script_of(text: str) -> Script:
    """`mixed` when there are letters of both, however few of the one: "واش كاين WiFi"."""
    written = prose(text)
    arabic, latin = ARABIC_LETTER.search(written), LATIN_LETTER.search(written)
    if arabic and latin:
        return "mixed"
    return "arab" if arabic else "latn" if latin else "none"
