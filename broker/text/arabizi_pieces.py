"""A message cut into words and what lies between: what must stay is no word."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from broker.text.verbatim import CODE, EMAIL, LINK, SITE

# Mentions, hashtags, commands
_NAME = r"(?<!\w)[@#/]\w+"
_EMOTICON = r"<3|(?<!\w)(?:[:;=8xX]-?[dDpPoO)(*/|]+|:3|xD+)(?!\w)"
# A number with its unit or its ordinal ending, and names of things that end in a digit.
_NUMBER = (
    r"(?<!\w)[+-]?\d+(?:[.,:/hH-]\d+){0,9}"
    r"(?:\s?(?:%|[dD][hH]s?|MAD|mad|€)|(?:[hH]\d*|(?<=1)st|(?<=2)nd|(?<=3)rd|(?<=[04-9])th|[gG]|[kK]|[kK]g|[kK]m|[cmk]m|m|mn|min|[mMgG][bBoO]|[cm]?[lL]|D|[jJ]|s|pm|ans?|mois|jours?|sec|"
    r"DA|er|[eè]me|[xX]|\$))?(?!\w)"
    r"|(?<!\w)(?:mp[34]|h26[45]|b2[bc]|c2c|a4|co2|k8s|[gG](?:7|8|20)|ps\d|i[3579]|v\d+|r2d2)(?!\w)"
    r"|(?<!\w)\w*[01]\w*(?!\w)"
)
_WORD = r"[a-zA-ZÀ-ÖØ-öø-ÿŒœ2-9][a-zA-ZÀ-ÖØ-öø-ÿŒœ2-9'’-]*"
_PIECE = re.compile(
    f"(?P<kept>{CODE}|{LINK}|{EMAIL}|{_NAME}|{SITE}|{_EMOTICON}|{_NUMBER})|(?P<word>{_WORD})|(?P<other>.)",
    re.DOTALL,
)


class Piece(NamedTuple):
    """A part of a message; the parts joined are the message."""

    text: str
    is_word: bool


def pieces(text: str) -> Iterator[Piece]:
    """Words in Latin letters, and each run of anything else."""
    for match in _PIECE.finditer(text):
        yield Piece(match[0], match.lastgroup == "word")
