"""Darija in the letters of its reader: of the model before it reads, of the user as it writes."""

import re
from typing import Protocol

from broker.text.arabizi import to_arabic
from broker.text.arabizi_latin import LatinStream
from broker.text.detection import detect
from workers.transcript import Wish

_SENTENCE_END = re.compile(r"[.!?؟…]\s+|\n+")
_CODE = re.compile(r"```.*?```|(?<!`)`(?!`)[^`\n]*`", re.DOTALL)
_FENCE, _TICK = "```", "`"
# Words that stay whatever comes behind them: without Latin letters and their digits, or numbers.
_STAYING = re.compile(r"\s*(?:(?:[^\sA-Za-zÀ-ɏ0-9`]+|[0-9][0-9.,:/%]*)\s+)*")
_STAND_IN = "\ue000"
# Safeguards' marks, as in [PHONE], and what people call such numbers: no Darija.
_SPARED = re.compile(rf"\[[A-Z]+\]|\b(?i:cin|cnie|iban|rib|ice)\b|{_STAND_IN}")


class Letters(Protocol):
    """Text in, the same in other letters out, as it comes."""

    def feed(self, piece: str) -> str:
        """Take the next piece; return what is now sure, perhaps nothing."""

    def end(self) -> str:
        """What was still held, when no more comes."""


class AsWritten:
    """Leaves the letters as they are."""

    def feed(self, piece: str) -> str:
        return piece

    def end(self) -> str:
        return ""


class ArabicStream:
    """Darija in Latin letters to Arabic ones, sentence by sentence, because a language is told by
    a sentence. Other languages stay. What is in Arabic letters up to the first Latin word of its
    sentence does not wait; a sentence with code is one up to where the code is closed."""

    def __init__(self) -> None:
        self._held = ""
        self._seen = 0  # so far were sentences' ends looked for in it
        self._given = ""  # of the sentence that `_held` goes on with

    def feed(self, piece: str) -> str:
        self._held += piece
        written, at = [], 0
        for end in _SENTENCE_END.finditer(self._held, self._seen):
            self._seen = end.end()
            if not _ends_in_code(self._held[at : self._seen]):
                written.append(self._rest(self._held[at : self._seen]))
                self._given, at = "", self._seen
        staying = _STAYING.match(self._held, at)
        sure = staying.end() if staying else at
        self._given += self._held[at:sure]
        written.append(self._held[at:sure])
        self._held, self._seen = self._held[sure:], max(0, self._seen - sure)
        return "".join(written)

    def end(self) -> str:
        written = self._rest(self._held)
        self._held, self._given, self._seen = "", "", 0
        return written

    def _rest(self, text: str) -> str:
        """The rest of a sentence."""
        return into_arabic(self._given + text)[len(self._given) :]


def letters_for(wish: Wish) -> Letters:
    """The letters that a user reads an answer in. A translation into another language than Darija
    has its own."""
    if wish.task == "translate" and wish.target != "ary":
        return AsWritten()
    if wish.script == "latn":
        return LatinStream()
    return ArabicStream() if wish.script == "arab" else AsWritten()


def into_arabic(text: str) -> str:
    """Darija in Latin letters, or in both, in Arabic ones; any other text as it is."""
    spared = iter(_SPARED.findall(text))
    words = _SPARED.sub(_STAND_IN, text)
    found = detect(words)
    if found.language != "ary" or found.script not in ("latn", "mixed"):
        return text
    return re.sub(_STAND_IN, lambda _: next(spared), to_arabic(words))


def _ends_in_code(text: str) -> bool:
    """Whether code is open at the end; that within a line ends with it."""
    words = _CODE.sub("", text)
    return _FENCE in words or _TICK in words.rpartition("\n")[2]
