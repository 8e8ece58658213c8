"""Asks that the shop cannot answer, made by program so that "I don't know" reaches far.

The nearest ones matter most: a price asked in the frame of a real one, for a thing not sold.
"""

import re
from random import Random

from inference.demo.corpus import FALLBACK, Corpus

_PRODUCT_WORDS = {
    "price_tagine": r"طواجين|طاجين|\b(?:tagines?|tajines?|tajin|tawajin|twajn|tajn)\b",
    "price_argan": r"زيت أركان|زيت الأركان|زيت اركان|أركان|اركان|الأركان"
    r"|\b(?:huile d'argan|argan oil|zit argan|zit arkan|argan|argane|arkan)\b",
    "price_belgha": r"بلاغي|بلغات|بلغة|بلغ"
    r"|\b(?:belghat|belgha|balgha|belga|blaghi|babouches?|slippers?)\b",
    "price_carpet": r"زرابي|زربية|سجادات|سجادة|سجاد"
    r"|\b(?:zerbia|zarbia|zrabi|zerbiya|tapis|carpets?|rugs?)\b",
    "price_tea": r"أتاي|آتاي|شاي|\b(?:atay|attay|thé|tea)\b",
}
_LATIN = "abcdefghijklmnopqrstuvwxyz"
_ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
_SIGNS = "?!.,;:-_#@&%$*()0123456789😀😂🤔🙈🐱⚽🍕🎉❤👍💤🚗"


class OffTopic:
    """Makes off-topic asks from the phrasings and nouns of one part of the corpus."""

    def __init__(self, corpus: Corpus) -> None:
        self._nouns = corpus.nouns
        self._frames: dict[str, list[str]] = {language: [] for language in corpus.nouns}
        self._texts: dict[str, list[str]] = {language: [] for language in corpus.nouns}
        for ask in corpus.asks:
            if ask.intent == FALLBACK:
                self._texts[ask.language].append(ask.text)
            elif ask.intent in _PRODUCT_WORDS:
                frame = re.sub(_PRODUCT_WORDS[ask.intent], "\0", ask.text, flags=re.IGNORECASE)
                if "\0" in frame:
                    self._frames[ask.language].append(frame)

    def make(self, language: str, rng: Random) -> str:
        """One off-topic ask, never empty."""
        kind = rng.random()
        if kind < 0.45:
            return self.unsold(language, rng)
        if kind < 0.55:
            return self._nouns_alone(language, rng)
        if kind < 0.75:
            return self._shuffled(language, rng)
        if kind < 0.9:
            return self._salad(language, rng)
        return _gibberish(rng, _ARABIC if language in ("ary", "ar") else _LATIN)

    def unsold(self, language: str, rng: Random) -> str:
        """A price asked for a thing that the shop does not sell."""
        return rng.choice(self._frames[language]).replace("\0", self._noun(language, rng))

    def _noun(self, language: str, rng: Random) -> str:
        return rng.choice(self._nouns[language]).replace("_", " ")

    def _nouns_alone(self, language: str, rng: Random) -> str:
        return " ".join(self._noun(language, rng) for _ in range(rng.choice((1, 1, 2, 3))))

    def _shuffled(self, language: str, rng: Random) -> str:
        words = rng.choice(self._texts[language]).split()
        rng.shuffle(words)
        return " ".join(words)

    def _salad(self, language: str, rng: Random) -> str:
        """Parts of two or three off-topic asks, sometimes of different languages."""
        parts = []
        for _ in range(rng.choice((2, 2, 3))):
            source = language if rng.random() < 0.8 else rng.choice(tuple(self._texts))
            words = rng.choice(self._texts[source]).split()
            start = rng.randrange(len(words))
            parts.extend(words[start : start + rng.choice((1, 2, 3))])
        return " ".join(parts)


def _gibberish(rng: Random, letters: str) -> str:
    if rng.random() < 0.25:
        letters = _SIGNS
    words = ("".join(rng.choices(letters, k=rng.randint(1, 9))) for _ in range(rng.randint(1, 3)))
    return " ".join(words)
