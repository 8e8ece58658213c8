"""A text as the rules read it: one spelling for what people write in many, by habit or to hide it.

A reading is a line of words with one space between them, `|` where a sentence ends. Vowel signs,
accents, stretched and doubled letters are gone, the forms of alif are one, as are other scripts'
letters that look Latin.
"""

import re
import unicodedata
from collections.abc import Iterator

from broker.text.arabizi import to_arabic
from broker.text.cleaning import clean
from broker.text.script import ARABIC_LETTER, LATIN_LETTER

SENTENCE_END = "|"

_MARKS = re.compile("[\u0300-\u036f\u0640\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed]")
_LETTERS = str.maketrans("أإآٱىةؤئڭگݣڤپ", "اااا" + "يهوي" + "كككفب")
# Cyrillic and Greek letters that look like Latin ones.
_LOOKALIKES = str.maketrans("асеорхукмтіјѕɡαεορνικτυ", "aceopxykmtijsgaeopvikty")
_LEET = str.maketrans("013457@$!", "oieastasi")
_DISGUISED = re.compile(r"(?:[a-z][0134579@$!]+(?=[a-z])|(?<![^\s])[0134579@$!]+(?=[a-z]{2}))")
_STRETCHED = re.compile(r"([^\W\d])\1{2,}")
_DOUBLED = re.compile(r"([^\W\d])\1+")
# "b o m b", "b.o.m.b": single letters with signs or one blank between them
_SPACED = re.compile(r"(?<!\w)[^\W\d_](?:[ .\-_*]{1,2}[^\W\d_]){2,}(?!\w)")
_BETWEEN = re.compile(r"[ .\-_*]+")
_ONE_LETTER_WORDS = frozenset("aiyàو")
_ENDS = re.compile(r"[.!?؟…\n](?=\s|$)|\n")
_NO_WORD = re.compile(r"[^\w|]+|_")


def readings(text: str) -> tuple[str, ...]:
    """The text as written; with digits taken for the letters that they look like; and, where it is
    in Latin letters, as Darija in Arabic ones. Without repetitions."""
    return tuple(dict.fromkeys(_readings(_tidied(text))))


def plain(text: str) -> str:
    """The first of the readings, of words that need no others: a rule's."""
    return _line(_tidied(text).lower())


def _readings(text: str) -> Iterator[str]:
    lower = text.lower()
    yield _line(lower)
    if _DISGUISED.search(lower):
        yield _line(lower.translate(_LEET))
    if LATIN_LETTER.search(text):
        arabic = to_arabic(text)
        if ARABIC_LETTER.search(arabic):
            yield _line(arabic.lower())


def _tidied(text: str) -> str:
    """Without what hides words, and yet as to_arabic expects it."""
    text = unicodedata.normalize("NFKC", clean(text)).translate(_LOOKALIKES)
    text = _STRETCHED.sub(r"\1", _without_tashkeel(text))
    return _SPACED.sub(_joined, text)


def _joined(match: re.Match[str]) -> str:
    """A word that was spelled letter by letter, without the one-letter word in front of it."""
    letters = _BETWEEN.sub("", match[0])
    if len(letters) > 3 and letters[0].lower() in _ONE_LETTER_WORDS:
        return f"{letters[0]} {letters[1:]}"
    return letters


def _without_tashkeel(text: str) -> str:
    return _MARKS.sub("", text)


def _line(text: str) -> str:
    text = _ENDS.sub(f" {SENTENCE_END} ", text)
    text = _MARKS.sub("", unicodedata.normalize("NFD", text.translate(_LETTERS)))
    return _DOUBLED.sub(r"\1", " ".join(_NO_WORD.sub(" ", text).split()))
