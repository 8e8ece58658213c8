"""Words that the lexicon does not know, letter by letter: Arabic letters to Latin ones.

Arabic leaves short vowels out. Where consonants could not be said in a row, an e goes between
them, as Moroccans hear it; which vowel it truly is, rules cannot know.
"""

import re

from broker.text.arabizi_fold import without_silent_alif

_CONSONANTS = {
    "ب": "b", "پ": "p", "ت": "t", "ث": "t", "ج": "j", "ح": "7", "خ": "kh", "د": "d", "ذ": "d",
    "ر": "r", "ز": "z", "س": "s", "ش": "ch", "ص": "s", "ض": "d", "ط": "t", "ظ": "d", "ع": "3",
    "غ": "gh", "ف": "f", "ڤ": "v", "ق": "9", "ك": "k", "ک": "k", "گ": "g", "ڭ": "g", "ݣ": "g",
    "ل": "l", "م": "m", "ن": "n", "ه": "h", "و": "w", "ي": "y", "ی": "y", "ء": "2", "ؤ": "2",
    "ئ": "2", "چ": "ch",
}  # fmt: skip
_VOWELS = {"ا": "a", "ٱ": "a", "أ": "a", "إ": "i", "آ": "a", "ى": "a", "ة": "a",
           "\u064e": "a", "\u064f": "o", "\u0650": "i", "\u064b": "an", "\u064c": "oun",
           "\u064d": "in"}  # fmt: skip
_SHADDA = "\u0651"
_UNKNOWN = re.compile(f"[^{''.join([*_CONSONANTS, *_VOWELS, _SHADDA])}]")
# Persons of the present and the future, as Darija alone builds them.
_VERB = re.compile("^(ما)?([كغ])([نتي])(?=...)")
_TENSE = {"ك": "ka", "غ": "gha"}
_PERSON = {"ن": "n", "ت": "t", "ي": "y"}
_CLITIC = re.compile("^(و)?(بال|فال|ال|لل)(?=..)")
# Nouns of Standard Arabic that begin so (الاستعمال, الاصطناعي), and not its verbs (استعمل).
_ISTI = re.compile("^ا(?:ست|صط)(?=..)")
_CLITICS = {"بال": "bl", "فال": "fl", "ال": "l", "لل": "l"}


def spell_latin(word: str) -> str:
    """An Arabic word in Latin letters and digits; what is no Arabic letter is dropped."""
    word = without_silent_alif(word)
    verb = _VERB.search(word)
    if verb:
        before = ("ma" if verb[1] else "") + _TENSE[verb[2]] + _PERSON[verb[3]]
        return before + _spell(word[verb.end() :])
    clitic = _CLITIC.search(word)
    if not clitic:
        return _spell(word)
    front, rest = ("w" if clitic[1] else "") + _CLITICS[clitic[2]], word[clitic.end() :]
    noun = _ISTI.search(rest)
    return front + ("isti" + _spell(rest[noun.end() :]) if noun else _spell(rest))


def _spell(word: str) -> str:
    return "".join(_with_e(_sounds(word)))


def _sounds(word: str) -> list[str]:
    """Consonants and vowels; و and ي are vowels between consonants and at the end."""
    sounds: list[str] = []
    letters = [
        letter for letter in word if letter in _CONSONANTS or letter in _VOWELS or letter == _SHADDA
    ]
    for at, letter in enumerate(letters):
        after = letters[at + 1] if at + 1 < len(letters) else ""
        if letter == _SHADDA:
            sounds.extend(sounds[-1:])
        elif letter in "ويی":
            vowel = at > 0 and after not in _VOWELS and not _is_vowel(sounds[-1])
            sounds.append({"و": "ou"}.get(letter, "i") if vowel else _CONSONANTS[letter])
        elif letter in _VOWELS:
            if not (sounds and letter == "ة" and sounds[-1] == "a"):
                sounds.append(_VOWELS[letter])
        else:
            sounds.append(_CONSONANTS[letter])
    return sounds


def _with_e(sounds: list[str]) -> list[str]:
    """From the end: each consonant is before a vowel or after one, but the first of a word."""
    written: list[str] = []
    has_vowel_after = False
    for at in range(len(sounds) - 1, -1, -1):
        sound = sounds[at]
        written.append(sound)
        if _is_vowel(sound):
            has_vowel_after = True
        elif has_vowel_after:
            has_vowel_after = False
        elif at > 0 and not _is_vowel(sounds[at - 1]):
            written.append("e")
            has_vowel_after = True
    return written[::-1]


def _is_vowel(sound: str) -> bool:
    return sound[0] in "aeiou"
