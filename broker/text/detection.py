"""The language of a short message, its script, and how sure that is: own rules, no model.

Darija is known by its own words and by how it builds verbs; the others by the words that every
sentence has. What tells nothing ("ok", "123", a name) is `und`: callers then keep the language
that the person wrote before.
"""

import math
import re
from dataclasses import dataclass
from typing import Literal

from broker.text.evidence import DARIJA, HINT, Language, of_arabic, of_latin
from broker.text.script import ARABIC_LETTER, Script, prose, script_of

Detectable = Literal[Language, "und"]
ORDER: tuple[Detectable, ...] = ("ary", "ar", "fr", "en", "und")

LEAST = 0.75
"""So many points a language needs; one word of a list gives 1, Darija's give 2."""

SURE = 0.5
"""Below this confidence, what the person wrote before tells more."""

_FIRST_CHARS = 2000  # what a language is told by; the rest of a long text adds nothing
_LONGEST_WORD = 30  # what is longer is no word
_SHARPNESS = 1.6  # from points to probabilities
_WORD = re.compile("(?:[^\\W_]|[\u064b-\u064d])+(?:'[^\\W_]+)?")
_SIGNS = re.compile("[\u0640\u064e-\u0652\u0670]")  # tanwin stays: Darija has none
_LAUGH = re.compile(r"^(?:h{2,}|ه{3,}|(?:ha){2,}h?|(?:hi){2,}|m{2,}|hm+|a+h+)$")
_SENTENCE_WORDS = 3


@dataclass(frozen=True, slots=True)
class Detected:
    """A language, a script, and how sure the language is, from 0 to 1."""

    language: Detectable
    script: Script
    confidence: float

    @property
    def is_sure(self) -> bool:
        return self.language != "und" and self.confidence >= SURE


def detect(text: str) -> Detected:
    """The likeliest language of a message. Never fails, whatever the text."""
    script = script_of(text)
    if script == "none":
        return Detected("und", script, 1.0)
    points = _points(prose(text[:_FIRST_CHARS]))
    language: Detectable = max(ORDER, key=lambda one: points[one])
    lead = (math.exp(_SHARPNESS * (points[one] - points[language])) for one in ORDER)
    confidence = 1 / sum(lead)
    return Detected(language, script, round(confidence, 3))


def _points(written: str) -> dict[Detectable, float]:
    words = [one for one in _words(written) if not _LAUGH.search(one)]
    arabic = [word for word in words if ARABIC_LETTER.search(word)]
    latin = [word for word in words if not ARABIC_LETTER.search(word)]
    points: dict[Detectable, float] = dict.fromkeys(ORDER, 0.0)
    points["und"] = LEAST
    for told in (*map(of_arabic, arabic), *map(of_latin, latin)):
        for language, weight in told:
            points[language] += weight
    points["ary"] += DARIJA * _negations(words)
    if len(arabic) >= _SENTENCE_WORDS and not points["ary"]:
        points["ar"] += HINT * len(arabic) / 2  # a sentence in Darija would have told
    return points


def _words(written: str) -> list[str]:
    words = _WORD.findall(_SIGNS.sub("", written).lower().replace("’", "'"))
    return [word for word in words if len(word) <= _LONGEST_WORD]


def _negations(words: list[str]) -> int:
    """`ma fhemtch`, `ما فهمتش`: denied around the verb, also when written in two words."""
    pairs = zip(words, words[1:], strict=False)
    return sum(
        (first in ("ma", "ما") and second.endswith(("ch", "sh", "ش")) and len(second) > 3)
        for first, second in pairs
    )
