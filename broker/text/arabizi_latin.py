"""Arabic script to Darija in Latin letters and digits, whole or as it streams."""

import re
from functools import lru_cache

from broker.text.arabizi_rules_latin import spell_latin
from broker.text.lexicon_words import known
from broker.text.verbatim import EMAIL, LINK, SITE

_LETTERS = "\u0621-\u063a\u0640-\u065f\u066e-\u06d3\u06fa-\u06ff\u0750-\u077f"
_WORD = re.compile(f"[{_LETTERS}]+")
_SIGNS = str.maketrans("؟،؛٪٫٬٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "?,;%.,01234567890123456789")
# A run without spaces that is no prose: a link, an address, a mention, a command.
_KEPT = re.compile(rf"{LINK}|{EMAIL}|^[@#/]\w|{SITE}")
_BLANK = re.compile(r"\s+")
_FENCE, _TICK = "```", "`"
_REMEMBERED = 20_000


def to_latin(text: str) -> str:
    """The text with its Arabic words in the Latin letters that Moroccans type.

    Links, addresses, mentions, code and whatever is not Arabic stay as they are; Arabic digits
    and punctuation become ASCII. Without I/O but the first reading of the lexicon.
    """
    stream = LatinStream()
    return stream.feed(text) + stream.end()


class LatinStream:
    """Gives out Latin text word by word while Arabic text comes in pieces, cut anywhere.

    What `feed` and `end` return, joined, is `to_latin` of the pieces joined. A word is held until
    the blank after it is there.
    """

    def __init__(self) -> None:
        self._held = ""
        # What closes the code that we are in: a fence, a tick, or "" outside code.
        self._closes = ""

    def feed(self, piece: str) -> str:
        """Take the next piece; return what is now sure, perhaps nothing."""
        self._held += piece
        written, at = [], 0
        for blank in _BLANK.finditer(self._held):
            written.append(self._run(self._held[at : blank.start()]))
            written.append(blank[0])
            if "\n" in blank[0] and self._closes == _TICK:
                self._closes = ""
            at = blank.end()
        self._held = self._held[at:]
        return "".join(written)

    def end(self) -> str:
        """What was still held, when no more comes."""
        written = self._run(self._held)
        self._held = self._closes = ""
        return written

    def _run(self, run: str) -> str:
        """A run without blanks; it may open and close code."""
        parts = re.split(f"({_FENCE}|{_TICK})", run)
        kept = bool(_KEPT.search(run))
        for at, part in enumerate(parts):
            if part in (_FENCE, _TICK):
                if not self._closes:
                    self._closes = part
                elif self._closes == part:
                    self._closes = ""
            elif not self._closes and not kept:
                parts[at] = _WORD.sub(lambda match: _word(match[0]), part).translate(_SIGNS)
        return "".join(parts)


@lru_cache(_REMEMBERED)
def _word(word: str) -> str:
    found = known(word, "arabic")
    return found.latin if found else spell_latin(word)
