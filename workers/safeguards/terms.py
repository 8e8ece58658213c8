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


def first_words(terms: Iterable[str]) -> frozenset[str]:
    """The words that the terms may begin with in a reading, but for those with a star."""
    words: set[str] = set()
    for term in terms:
        first = plain(term).split()[0]
        if "*" not in term.split()[0]:
            words.update(clitic + first for clitic in (_CLITICS if _is_arabic(term) else ("",)))
    return frozenset(words)


def starred(terms: Iterable[str]) -> re.Pattern[str] | None:
    """Finds those of the terms whose first word has a star; None when there are none."""
    found = tuple(term for term in terms if "*" in term.split()[0])
    return whole_words(found) if found else None


def _pattern(term: str) -> str:
    return (_CLITIC if _is_arabic(term) else "") + " ".join(map(_word, term.split()))


def _word(word: str) -> str:
    return "[^ ]*".join(re.escape(plain(part)) for part in word.split("*"))


def _is_arabic(term: str) -> bool:
    return bool(ARABIC_LETTER.match(term))
