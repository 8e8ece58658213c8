"""Spellings that mean the same, brought to one: how the lexicon finds words as people write them.

The fold of a Latin word is ASCII, a capital for each sound that takes two letters or a digit:
C for ch, G gh, K kh, H 7, A 3, Q 9. Doubled letters stay in a fold, `collapse` drops them.
"""

import re

_LATIN = {
    "3'": "G", "7'": "K", "9'": "d", "6'": "d",
    "ch": "C", "sh": "C", "x": "C", "kh": "K", "5": "K", "gh": "G", "8": "h",
    "ou": "u", "oo": "u", "w": "u", "o": "u", "u": "u", "û": "u", "ù": "u", "ô": "u",
    "ee": "i", "y": "i", "i": "i", "î": "i", "ï": "i",
    "e": "", "é": "", "è": "", "ê": "", "ë": "", "à": "a", "â": "a", "ç": "s",
    "7": "H", "3": "A", "9": "Q", "q": "Q", "2": "", "6": "t", "4": "d",
    "ph": "f", "ck": "k", "c": "k", "p": "b", "v": "f", "'": "", "’": "", "-": "",
}  # fmt: skip
_LATIN_SPELLING = re.compile("|".join(sorted(map(re.escape, _LATIN), key=len, reverse=True)))

_MARKS = re.compile("[\u0640\u064b-\u065f\u0670]")
_SILENT_ALIF = re.compile("(?<=..و)ا$")
_ARTICLE = re.compile("و?(?:[بف]?ال|لل)")
_STRETCHED = re.compile(r"(.)\1{2,}")
_ARABIC_CLOSE = str.maketrans("أإآٱڭݣڤپیک", "اااا" + "گگفبيك")
_ARABIC_LOOSE = str.maketrans("ىةثذظگؤئ", "ااتدضقوي", "ء")


def fold_latin(word: str) -> str:
    """One spelling for those that differ in writing alone: kteb, ktéb; chnou, shno, xnu."""
    return _LATIN_SPELLING.sub(lambda match: _LATIN[match[0]], word.lower())


def loosen_latin(fold: str) -> str:
    """A fold without what is often left out or confused: an inner a, h for 7."""
    plain = collapse(fold.replace("H", "h"))
    return plain[:1] + plain[1:-1].replace("a", "") + plain[1:][-1:]


def fold_arabic(word: str) -> str:
    """An Arabic word without vowel marks, stretching, hamza on alif; one letter for g."""
    return _STRETCHED.sub(r"\1", _MARKS.sub("", word)).translate(_ARABIC_CLOSE)


def loosen_arabic(fold: str) -> str:
    """A fold without what Darija spells unlike Standard Arabic: hamza, ث ذ ظ, ة ه ى at the end."""
    loose = fold.translate(_ARABIC_LOOSE)
    return collapse(loose[:-1] + "ا" if loose.endswith("ه") else loose)


def without_silent_alif(word: str) -> str:
    """An Arabic word without the alif that Standard Arabic writes, and nobody says, after the و of
    a plural: كانوا, قالوا. Short words and nouns in وا say theirs: دوا, الهوا."""
    return word if _ARTICLE.match(word) else _SILENT_ALIF.sub("", word)


def collapse(fold: str) -> str:
    """Doubled letters once."""
    return re.sub(r"(.)\1+", r"\1", fold)
