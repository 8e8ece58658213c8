"""Words that the lexicon does not know, letter by letter: Latin letters to Arabic ones.

Rules cannot know which a is long, nor whether t is ت or ط, s س or ص, d د or ض, h ه or ح
(docs/arabizi.md); they write the more frequent. A capital inside a word is the emphatic letter.
"""

import re

_LETTERS = {
    "3'": "غ", "7'": "خ", "9'": "ض", "6'": "ظ", "ch": "ش", "sh": "ش", "kh": "خ", "gh": "غ",
    "ph": "ف", "ck": "ك", "b": "ب", "p": "ب", "t": "ت", "j": "ج", "7": "ح", "5": "خ", "d": "د",
    "4": "ذ", "r": "ر", "z": "ز", "s": "س", "c": "ك", "ç": "س", "3": "ع", "f": "ف", "v": "ف",
    "9": "ق", "q": "ق", "k": "ك", "g": "گ", "l": "ل", "m": "م", "n": "ن", "h": "ه", "8": "ه",
    "6": "ط", "x": "كس", "w": "و", "y": "ي", "2": "2",
    "ou": "و", "oo": "و", "ee": "ي", "aa": "ا", "ii": "ي", "a": "a", "e": "e", "i": "i", "o": "o",
    "u": "o",
}  # fmt: skip
_EMPHATIC = {"T": "ط", "S": "ص", "D": "ض", "H": "ح"}
_LETTERS |= {letter: letter for letter in _EMPHATIC.values()}
_LETTER = re.compile("|".join(sorted(_LETTERS, key=len, reverse=True)))
_ACCENTS = str.maketrans("àâéèêëîïôöùûü", "aaeeeeiioouuu")
_DOUBLED = re.compile(r"([^aeiou\d])\1+")

# What stands before an unknown word, as Darija writes it together, and its Arabic.
_BEFORE = (
    (re.compile(r"^[kt]a(?=[nty])(?=\w{4})"), {"k": "ك", "t": "ت"}),
    (re.compile(r"^gha(?=[nty])(?=\w{5})"), {"g": "غ"}),
)
_CLITIC = re.compile(r"^(w|ou)?(b|f|d|l)?(?:[ea]?l)(?=[^aeioul\W]\w{2})")
_NEGATED = re.compile(r"^ma(?=[^\Waeiou]\w{2,}(?:ch|sh)$)")


def spell_arabic(word: str) -> str:
    """A word of Latin letters and the digits 2-9 in Arabic letters."""
    if not word.isupper():
        word = word[:1] + "".join(_EMPHATIC.get(letter, letter) for letter in word[1:])
    plain = re.sub(r"(?<![3679])['’]|-", "", word.lower()).translate(_ACCENTS)
    front, rest = _front(plain)
    return front + _spell(rest, noun="ال" in front or not front)


def _front(word: str) -> tuple[str, str]:
    """The Arabic of what stands before the word, and the word without it."""
    if _NEGATED.search(word):
        front, rest = _front(word[2:])
        return "ما" + front, rest
    for pattern, letters in _BEFORE:
        match = pattern.search(word)
        if match:
            return letters[word[0]], word[match.end() :]
    clitic = _CLITIC.search(word)
    if not clitic:
        return "", word
    first = {"b": "ب", "f": "ف", "d": "د", "l": "ل"}.get(clitic[2] or "", "")
    article = "ل" if first == "ل" else "ال"
    return ("و" if clitic[1] else "") + first + article, word[clitic.end() :]


def _spell(word: str, noun: bool) -> str:
    sounds = _LETTER.sub(lambda match: _LETTERS[match[0]] + " ", _DOUBLED.sub(r"\1", word)).split()
    written = []
    for at, sound in enumerate(sounds):
        before, after = sounds[:at], sounds[at + 1 :]
        if sound in "aeio":
            written.append(_vowel(sound, before, after, noun))
        elif sound == "2":
            written.append(_hamza(before, after))
        else:
            written.append(sound)
    return "".join(written)


def _vowel(sound: str, before: list[str], after: list[str], noun: bool) -> str:
    """A vowel is written at the ends of a word and where it is likely long: in an open syllable."""
    closed = len(after) > 1 and not _is_vowel(after[0]) and not _is_vowel(after[1])
    if not before:
        return {"a": "ا", "e": "ا", "i": "ا" if closed else "اي", "o": "ا" if closed else "او"}[
            sound
        ]
    if sound == "e":
        return ""
    if sound == "a":
        if not after:
            return "ة" if noun and len(before) > 2 else "ا"
        return "" if closed else "ا"
    if sound == "i":
        return "" if closed or "ي" in (before[-1], after[:1] and after[0]) else "ي"
    return "" if closed and before == ["م"] or after[:1] == ["و"] else "و"


def _hamza(before: list[str], after: list[str]) -> str:
    if not before:
        return "" if after and after[0] in "aeio" else "ا"
    if not after:
        return "ء"
    around = (before[-1], after[0])
    if "i" in around or "ي" in around:
        return "ئ"
    return "ؤ" if "o" in around or "و" in around else "أ"


def _is_vowel(sound: str) -> bool:
    return sound in "aeioاوي"
