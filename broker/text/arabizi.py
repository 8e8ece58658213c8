"""Darija in Latin letters and digits to Arabic script, which models read far better."""

import re
from functools import lru_cache
from itertools import pairwise

from broker.text.arabizi_foreign import (
    introduces,
    is_article,
    is_foreign,
    is_listed,
    looks_foreign,
    may_be_foreign,
)
from broker.text.arabizi_pieces import Piece, pieces
from broker.text.arabizi_rules import spell_arabic
from broker.text.lexicon import index
from broker.text.lexicon_words import LONGEST, known

_PUNCTUATION = str.maketrans("?,;", "؟،؛")
_LAUGHTER = re.compile(r"^(?:h{2,}|(?:ha|he){2,}h?)$")
# Messages repeat words.
_REMEMBERED = 20_000
# What tells nothing about the language of the rest.
_ANYBODY_SAYS = frozenset("salam slm ok okay oki merci svp stp please pls bonjour bjr cv".split())
# After these, in Arabic, an l that stands alone is the article.
_BEFORE_ARTICLE = frozenset(
    "هاد هادي هاداك هاديك هادوك داك ديك دوك من ديال ف في ب د على عند مع بين حدا فوق تحت قبل بعد"
    " مورا قدام".split()
)
# After these it is "to", also before a French noun; so it is before a Darija one anywhere else.
_GOING = re.compile(
    "^(?:ما)?[كتغ]?[نتي]?(?:مش|غاد|سافر|رجع|وصل|طلع|هبط|جي|جا|دخل|خرج|صيفط|سيفط|دي|ماش|راجع|واصل)"
)
# After these a verb comes, and a doubled n in front of one is "I": bach nn3es.
_BEFORE_VERB = frozenset(("باش", "غادي", "نقدر", "كنقدر", "غنقدر"))
_I_DO = re.compile(r"^nn(?=[^aeiouy\W])", re.IGNORECASE)


def to_arabic(text: str) -> str:
    """The text with its Darija words in Arabic letters; the caller keeps the original.

    French and English words, numbers, prices, times, links, addresses, mentions, code and emoji
    stay as they are; so does all of a text with over twice as many such words as Darija ones.
    No I/O but the first reading of the lexicon; some 0.1 ms a message once its words are known.
    """
    parts = list(pieces(text))
    words = [at for at, part in enumerate(parts) if part.is_word]
    stays = _staying(parts, words)
    if _is_foreign_whole([parts[at].text.lower() for at in words], stays):
        return text
    arabic: dict[int, str] = {}
    for nth, at in enumerate(words):
        if not stays[nth]:
            before = arabic.get(words[nth - 1], "") if nth else ""
            if parts[at].text.lower() in ("l", "el", "al"):
                to_foreign = nth + 1 < len(words) and stays[nth + 1]
                arabic[at] = _lone_l(before, to_foreign)
            else:
                arabic[at] = _word_after(before, parts[at].text)
    return "".join(_written(parts, arabic))


def _written(parts: list[Piece], arabic: dict[int, str]) -> list[str]:
    """The parts as they go out: punctuation after an Arabic word is Arabic."""
    written, within = [], False
    for at, part in enumerate(parts):
        if part.is_word:
            within = at in arabic
        elif len(part.text) > 1:
            within = within and part.text[0].isdigit()
        written.append(
            arabic.get(at)
            or (part.text.translate(_PUNCTUATION) if within and len(part.text) == 1 else part.text)
        )
    return written


def _staying(parts: list[Piece], words: list[int]) -> list[bool]:
    """Which words are French or English: with the words that introduce them, or that they do."""
    spelled = [parts[at].text.lower() for at in words]
    stays = [_stays(word) for word in spelled]
    # Pairs of words with but a space between; "la, merci" is a no.
    pairs = [
        nth
        for nth, (at, after) in enumerate(pairwise(words))
        if after == at + 2 and parts[at + 1].text == " "
    ]
    for nth in pairs:
        stays[nth + 1] = stays[nth + 1] or is_article(spelled[nth])
    for nth in reversed(pairs):
        stays[nth] = stays[nth] or (stays[nth + 1] and introduces(spelled[nth]))
    return stays


@lru_cache(_REMEMBERED)
def _stays(word: str) -> bool:
    if len(word) > LONGEST or is_listed(word):
        return True
    if index("latin").spells(word):
        return False
    if is_foreign(word):
        return True
    return known(word, "latin") is None and not _LAUGHTER.match(word) and looks_foreign(word)


def _is_foreign_whole(words: list[str], stays: list[bool]) -> bool:
    """Whether a message has over twice as many French and English words as Darija ones."""
    telling = [word for word in words if word not in _ANYBODY_SAYS and not introduces(word)]
    foreign = sum(_stays(word) for word in telling)
    moving = {word for word, kept in zip(words, stays, strict=True) if not kept}
    return foreign > 2 * sum(_is_darija(word) for word in telling if word in moving)


def _is_darija(word: str) -> bool:
    """Whether a word is Darija alone, and no name."""
    if may_be_foreign(word):
        return False
    found = known(word, "latin")
    return found is not None and found.kinds != "x"


def _lone_l(before: str, to_foreign: bool) -> str:
    """An l that stands alone: the article, or "to"; by the word before it, in Arabic letters."""
    if before in _BEFORE_ARTICLE or (to_foreign and not _GOING.search(before)):
        return "ال"
    return "ل"


def _word_after(before: str, word: str) -> str:
    if before in _BEFORE_VERB and _I_DO.search(word):
        return "ن" + _word(word[1:])
    return _word(word)


def _word(word: str) -> str:
    if _LAUGHTER.match(word.lower()):
        return "ه" * max(2, word.lower().count("h"))
    found = known(word, "latin")
    return found.arabic if found else spell_arabic(word)
