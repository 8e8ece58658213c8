"""Darija in the letters of its reader: of the model before it reads, of the user as it writes."""

import re
from typing import Protocol

from broker.text.arabizi import to_arabic
from broker.text.arabizi_latin import LatinStream
from broker.text.detection import detect
from workers.transcript import Wish

_SENTENCE_END = re.compile(r"[.!?؟…]\s+|\n+")
_TICK = "`"


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
    a sentence. Other languages stay. From the first code on all is held, for code is told from
    words by the whole."""

    def __init__(self) -> None:
        self._held = ""

    def feed(self, piece: str) -> str:
        self._held += piece
        written, at = [], 0
        for end in _SENTENCE_END.finditer(self._held):
            sentence = self._held[at : end.end()]
            if _TICK in sentence:
                break
            written.append(into_arabic(sentence))
            at = end.end()
        self._held = self._held[at:]
        return "".join(written)

    def end(self) -> str:
        written, self._held = into_arabic(self._held), ""
        return written


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
    found = detect(text)
    if found.language == "ary" and found.script in ("latn", "mixed"):
        return to_arabic(text)
    return text
