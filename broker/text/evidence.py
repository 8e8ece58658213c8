"""What a single word tells about the language of its message: in lists, then in how it is built.

The lists are in markers/. A word that stands in several counts less for each of them. Darija
counts double: who writes it uses words of the other languages too, and nobody else uses its own.
"""

import re
from functools import cache
from pathlib import Path
from typing import Literal

from broker.text.lexicon import entries

Language = Literal["ary", "ar", "fr", "en"]
Points = tuple[tuple[Language, float], ...]
Lists = dict[str, Points]

DARIJA, OTHER, SHAPE, HINT = 2.0, 1.0, 0.8, 0.4

_LEAST_LEXICON = 4
# Names (lexicon.tsv), and the stems that lexicon.py derives: no words by themselves.
_NO_WORD = frozenset("xmfgqT")
_MARKERS = Path(__file__).parent / "markers"
_ALEFS = str.maketrans("أإآٱىة", "اااايه")
_STRETCHED = re.compile(r"(.)\1{2,}")

# Verbs and negations, as Darija alone builds them.
_DARIJA_VERB = re.compile(
    r"^ما\w{2,}ش$|^م\w{3,}ش$|^(?:كن|كت|كي|غن|غت|غي)\w{3,}$|^(?:كا|تا|غا)[نتي]\w{3,}$"
    r"|^[نتي]\w{2,}و$|^[كنتي]{0,2}[صس]يفط|^كت\w{2,}[ويا]$"
)
_NO_DARIJA_VERB = re.compile(
    r"^(?:غير|غيب[وه]|غيا|غيوم|غنا|غني|كنيس|كنائ|كنز|كنو|كيل|كيم|كيفي|كيان|كينيا|كتاب|كتب|كتيب|كتل"
    r"|كتف|كاتب|كانت|تايل|تاني|تايوا|يولي|يوني|يورو)"
    r"|^(?:مراكش|مدهش|منعش|متوحش|معطش|مفتش|مشوش|مغشوش|مهمش|منقوش|مشمش|منتعش|مرتعش|منكمش)$"
    r"|^[نتي](?:رج|دع|شك|بد|نم|خل|نح)و$"
)
_STANDARD_VERB = re.compile(r"^[وف]?س[انيت]\w{3,}$|^است\w{3,}$|^[يت]\w{3,}(?<!ف)(?<!زي)ون$")
# Letters that Standard Arabic keeps and Darija mostly drops: hamza above all.
_STANDARD_SPELLING = re.compile(r"[ئؤء]|^[وفبلك]?إ|^أ\w{3,}|[\u064b-\u064d]|\w{3,}ة$")

_ARABIZI_VERB = re.compile(
    r"^ma[^\W\d_]{2,}(?:ch|sh)$"
    r"|^(?:ka|kat|kan|kay|tan|tay|gha|ghan|ghat|ghay)[bcdfghjklmnqrstwxyz]\w{2,}$"
    r"|\w{4,}tich$|^[nty][^\Waeiou\d_]\w+(?:iw|ou?h[ao]m|lkom|lhom)$|kh[^aeiou\W]|^l[bcdfghjkmnpqrstwz][^\We]\w+$"
)
# A digit that stands for an Arabic letter: inside a word, or before it.
_DIGIT_LETTER = re.compile(
    r"[a-z]{2,}[235789]+[a-z]|[a-z][3579][a-z]+|^[23579][a-z]{2,}|[a-z]{2,}[379]$"
)
_DIGIT_NUMBER = re.compile(
    r"^\d+(?:h\d*|st|nd|rd|th|g|d|k|km|kg|mb|gb|tb|go|mo|ml|cl|cm|mm|am|pm|x|eme|ème|er|dh|dhs|mad|min|s)$"
    r"|^(?:mp|ps|h|web|co|b|a|s|x|v|f|m)\d+[a-z]?$"
)
_FRENCH_SHAPE = re.compile(r"[àâçèéêëîïôùûœ]|^(?:[cdjlmnst]|qu)'\w")
_FRENCH_HINT = re.compile(
    r"\w{3,}(?:ment|eur|euse|eux|aient|ait|ais|ez|ique|elle|ette|oir|oire|ier|ière|aux|ons)$"
)
_ENGLISH_SHAPE = re.compile(r"\w{3,}ing$|\w(?:'re|'ll|'ve|n't|'d)$")
_ENGLISH_HINT = re.compile(r"\w{3,}(?:ness|ed|ly|ful|ght|ck|sh|th|ow|ey|y)$|^(?:wh|th)\w{2,}|oo|ee")


def of_arabic(word: str) -> Points:
    """What a word in Arabic letters tells; it may have tanwin."""
    plain = _plain(word)
    for one in _forms(plain):
        known = _arabic().get(one)
        if known is not None:
            return known
    if _DARIJA_VERB.search(plain) and not _NO_DARIJA_VERB.search(plain):
        return (("ary", DARIJA * SHAPE),)
    if _STANDARD_VERB.search(plain):
        return (("ar", SHAPE),)
    return (("ar", HINT),) if _STANDARD_SPELLING.search(word) else ()


def of_latin(word: str) -> Points:
    """What a word in Latin letters tells, in lower case with plain apostrophes."""
    for one in dict.fromkeys((word, *_unstretched(word))):
        known = _latin().get(one)
        if known is not None:
            return known
    if _DIGIT_NUMBER.search(word) or _is_numbered(word):
        return ()
    if _DIGIT_LETTER.search(word) or _ARABIZI_VERB.search(word):
        return (("ary", DARIJA * SHAPE),)
    if _FRENCH_SHAPE.search(word):
        return (("fr", SHAPE),)
    if _ENGLISH_SHAPE.search(word):
        return (("en", SHAPE),)
    if word in _lexicon():
        return (("ary", SHAPE),)
    hints: list[tuple[Language, float]] = []
    if _FRENCH_HINT.search(word):
        hints.append(("fr", HINT))
    if _ENGLISH_HINT.search(word):
        hints.append(("en", HINT))
    return tuple(hints)


def _is_numbered(word: str) -> bool:
    """`windows7`, `week3`: a word that is known, and its number."""
    name = word.rstrip("0123456789")
    return name != word and ("ary", DARIJA) not in _latin().get(name, (("ary", DARIJA),))


def _plain(word: str) -> str:
    return re.sub("[\u0640\u064b-\u0652\u0670]", "", word).translate(_ALEFS)


def _forms(word: str) -> list[str]:
    """The word, then without a small word that is written before it."""
    found = [word, *_unstretched(word)]
    for one in tuple(found):
        for before in ("و", "ف", "ل", "ب"):
            if one.startswith(before) and len(one) > 3:
                found.append(one[len(before) :])
    return found


def _unstretched(word: str) -> tuple[str, ...]:
    """`waaaach` is wach, `goood` good."""
    if not _STRETCHED.search(word):
        return ()
    return _STRETCHED.sub(r"\1", word), _STRETCHED.sub(r"\1\1", word)


@cache
def _arabic() -> Lists:
    return _read({"ary-arab": "ary", "ar": "ar"})


@cache
def _latin() -> Lists:
    return _read({"ary-latn": "ary", "fr": "fr", "en": "en"})


@cache
def _lexicon() -> frozenset[str]:
    """Spellings of the Darija lexicon; short ones and names stand in other languages, too.

    Exact ones: past their folds "machine", "button" and "measure" would be Darija.
    """
    return frozenset(
        spelling
        for entry in entries()
        if entry.kinds not in _NO_WORD
        for spelling in entry.latin
        if len(spelling) >= _LEAST_LEXICON
    )


def _read(files: dict[str, Language]) -> Lists:
    languages: dict[str, list[Language]] = {}
    for name, language in files.items():
        for word in _listed(name):
            languages.setdefault(word, []).append(language)
    names = dict.fromkeys(_listed("none"), ())
    return {**{word: _shared(told) for word, told in languages.items()}, **names}


def _listed(name: str) -> set[str]:
    lines = (_MARKERS / f"{name}.txt").read_text("utf-8").splitlines()
    return {_plain(word) for line in lines for word in line.partition("#")[0].split()}


def _shared(languages: list[Language]) -> Points:
    if languages == ["ary"]:
        return (("ary", DARIJA),)
    return tuple((one, OTHER / len(languages)) for one in languages)
