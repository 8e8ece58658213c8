"""Terms: words and phrases of rules, made into what finds them in a reading.

`*` stands for any letters. Arabic words are found behind what is written together with them too.
"""

import re
from collections.abc import Iterable
from functools import cache

from broker.text.script import ARABIC_LETTER
from workers.safeguards.normal import plain

# And, so; the, to the, with the, in the, like the, this; with, in, like, to.
_AND = ("", "و", "ف")
_ARTICLES = ("", "ال", "ل", "بال", "فال", "كال", "هال", "ب", "ف", "ك")
_CLITICS = [conjunction + article for conjunction in _AND for article in _ARTICLES]
_CLITIC = f"(?:{'|'.join(_CLITICS)})"


@cache
def whole_words(terms: tuple[str, ...]) -> re.Pattern[str]:
    """Finds any of the terms in a reading. Lists that rules share are compiled once."""
    found = sorted(map(_pattern, terms), key=len, reverse=True)
    return re.compile(rf"(?<![^ ])(?:{'|'.join(found)})(?![^ ])")


def key_words(terms: Iterable[str]) -> frozenset[str]:
    """A word of each of the terms, its longest, as it may stand in a reading: without one of these
    no term is there. Those of which each word has a star are left to `starred`."""
    words: set[str] = set()
    for term in terms:
        key = _key(term)
        if key:
            begins = _is_arabic(term) and plain(term).startswith(key)
            words.update(clitic + key for clitic in (_CLITICS if begins else ("",)))
    return frozenset(words)


def starred(terms: Iterable[str]) -> re.Pattern[str] | None:
    """Finds those of the terms that have no key word; None when there are none."""
    found = tuple(term for term in terms if not _key(term))
    return whole_words(found) if found else None


def _key(term: str) -> str:
    words = (word for part in term.split() if "*" not in part for word in plain(part).split())
    return max(words, key=len, default="")


def _pattern(term: str) -> str:
    return (_CLITIC if _is_arabic(term) else "") + " ".join(map(_word, term.split()))


def _word(word: str) -> str:
    return "[^ ]*".join(re.escape(plain(part)) for part in word.split("*"))


def _is_arabic(term: str) -> bool:
    return bool(ARABIC_LETTER.match(term))
