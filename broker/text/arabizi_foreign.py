"""French and English inside Darija in Latin letters: which words stay as they are."""

import re
from functools import cache
from pathlib import Path

from broker.text.evidence import SHAPE, of_latin

_FILE = Path(__file__).with_name("lexicon_foreign.txt")

# What French puts before its nouns, and Darija writes alike for other words: la is also "no".
_BEFORE_NOUN = frozenset(
    "la le les un une des du de d au aux en sans avec pour mon ma mes ton ta tes son sa".split()
)
_ARTICLES = frozenset(("le", "les", "une", "des", "du"))
# Endings and letters of French and English that Arabizi does not write. Digits speak for Arabizi.
_SHAPE = re.compile(
    r"[à-öø-ÿœ]|[qg]u[aeio]|c(?!h)|eau|[^\W_]x|tion|ph|"
    r"(?:ment|ique|isme|iste|eur|euse|ance|ence|aire|able|ible|age|oire|ette|elle|ière|ogie"
    r"|ture|ing|ness|ight|ould|ful|ware|[bdfglmnprstv]e|[bcdfgklmprst]s)$"
)
_DIGIT = re.compile(r"\d")
_LEAST_SHAPE = 5
_ELISION = re.compile(r"^(?:[cdjlmnst]|qu|aujourd)['’](?=[a-zà-ÿ])")


def is_listed(word: str) -> bool:
    """Whether a lower-case word is a French or English one that Darija has no spelling for."""
    return word in _listed() or bool(_ELISION.search(word))


def is_foreign(word: str) -> bool:
    """Whether a lower-case word that the Darija lexicon does not spell so is French or English."""
    if _DIGIT.search(word):
        return False
    points = dict(of_latin(word))
    listed = "ary" not in points and sum(points.values()) >= SHAPE
    return listed or ("-" in word and any(map(is_foreign, word.split("-"))))


def may_be_foreign(word: str) -> bool:
    """Whether a lower-case word is a French or English one too, whatever else it is."""
    return not {"fr", "en"}.isdisjoint(dict(of_latin(word)))


def looks_foreign(word: str) -> bool:
    """Whether a lower-case word that no list has is built like French or English."""
    return len(word) >= _LEAST_SHAPE and not _DIGIT.search(word) and bool(_SHAPE.search(word))


def is_article(word: str) -> bool:
    """Whether a lower-case word is a French article and nothing else: what follows is French."""
    return word in _ARTICLES


def introduces(word: str) -> bool:
    """Whether a lower-case word is French if a French one follows: la, du, mon."""
    return word in _BEFORE_NOUN


@cache
def _listed() -> frozenset[str]:
    lines = _FILE.read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
