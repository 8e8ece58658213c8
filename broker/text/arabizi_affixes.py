"""What Darija puts before and after a word, in both scripts: article, prepositions, persons,
pronouns, negation. Composed once into tables by the kind of word they go with.

An affix is written `Arabic latin folds…`: how it is written in either script, then the folds
(arabizi_fold) by which it is known in Latin letters, where they are not that of its own spelling.
Letters after a slash are further Arabic spellings by which it is known.
"""

import re
from dataclasses import dataclass
from functools import cache, reduce
from itertools import product

from broker.text.arabizi_fold import fold_latin


@dataclass(frozen=True)
class Affix:
    """One affix, or several in a row: its two spellings, and of how many pieces it is."""

    arabic: str
    latin: str
    pieces: int


@dataclass(frozen=True)
class Affixes:
    """The affixes of one kind of word, by their Latin folds and by their Arabic spellings."""

    by_latin: dict[str, Affix]
    by_arabic: dict[str, Affix]


@dataclass(frozen=True)
class _Piece:
    affix: Affix
    folds: tuple[str, ...]
    arabic: tuple[str, ...]


_CONSONANT = "(ch|kh|gh|[^aeiou])"
_LAST_E = re.compile(f"e{_CONSONANT}$")
_TWO_CONSONANTS = re.compile(_CONSONANT * 2)
_VOWELS = frozenset("aeiou")

_NOTHING = "_ _"
_AND = (_NOTHING, "و w")
_NOT = (_NOTHING, "ما ma ma m", "م ma")
_NEGATED = (_NOTHING, "ش ch")
_PERSONS = (
    "ن n n na", "ت t t ta", "ي y i ia",
    "كن/كان kan kan kn", "كت/كات kat kat kt", "كي/كاي kay kai ki",
    "تن/تان tan tan", "تت/تات tat tat", "تي/تاي tay tai",
    "غن/غان ghan Gan Gn Gadin", "غت/غات ghat Gat Gt Gadit", "غي/غاي ghay Gai Gi Gadii",
)  # fmt: skip
# Before a verb that begins with t, its own t hides that of the person: katkellem.
_HIDDEN_T = ("كت kat ka", "تت tat ta", "غت ghat Ga")
_OBJECT = (
    _NOTHING,
    "ني ni",
    "ك k k ak ik",
    "و ou",
    "ه h h",
    "ها ha",
    "نا na",
    "كم kom",
    "هم hom",
)
_TO_WHOM = (
    "لي li", "ليا liya lia", "لك lek lk lak", "ليك lik", "لو lou", "ليه lih", "لها lha",
    "ليها liha", "لنا lna", "لينا lina", "لكم lkom", "ليكم likom", "لهم lhom", "ليهم lihom",
)  # fmt: skip
_OWNER = ("ي i", "يا ya", "ك k k ak ik", "و ou u", "ه h h", "ها ha", "نا na", "كم kom", "هم hom")
# An l before a noun is heard as the article; that it may be "to" shows in Arabic script alone.
_BEFORE_NOUN = (
    _NOTHING, "ال l l al", "ل l", "ب b", "بال bl bl bal", "ف f", "فال fl fl fal", "لل l ll lal",
    "د d", "دال dl", "عال 3l", "م m", "مال ml",
)  # fmt: skip
_VERB_END = ((*_OBJECT, *_TO_WHOM), _NEGATED)

_PREFIXES: dict[str, tuple[tuple[str, ...], ...]] = {
    "w": ((*_AND, "ا a"), _NOT, (_NOTHING, "ب b", "ف f")),
    "i": (_AND, _NOT, (_NOTHING, "ب b", "ل l")),
    "n": ((*_AND, "ا a"), _BEFORE_NOUN),
    "v": (_AND, _NOT, (_NOTHING, *_PERSONS)),
    "T": (_AND, _NOT, _HIDDEN_T),
    "p": (_AND, _NOT),
}
_SUFFIXES: dict[str, tuple[tuple[str, ...], ...]] = {
    "w": ((_NOTHING,),),
    "i": ((_NOTHING, "ني ni", *_OWNER), _NEGATED),
    "n": ((_NOTHING, "ات at"), (_NOTHING, *_OWNER)),
    "m": (_OWNER,),
    "f": (("ات at",), (_NOTHING, *_OWNER)),
    "a": ((_NOTHING, "ة a", "ين in", "ات at"), (_NOTHING, *_OWNER), _NEGATED),
    "v": ((_NOTHING, "ي i", "و ou u"), *_VERB_END),
    "p": ((_NOTHING, "ات/ت at", "و ou u"), *_VERB_END),
    "g": (("ات at",), *_VERB_END),
    "q": (("ت t", "تي ti", "نا na", "تو tou tu"), *_VERB_END),
}
# Kinds of words (lexicon.tsv), and of stems that lexicon.py derives, that share prefixes.
_LIKE = {"m": "n", "f": "n", "a": "n", "x": "n", "g": "p", "q": "p"}
_ENDS_LIKE = {"T": "v", "x": "w"}


def _compose(slots: tuple[tuple[str, ...], ...]) -> Affixes:
    """Every way to fill the slots in order; of two spelled alike, the one of fewer pieces."""
    by_latin: dict[str, Affix] = {}
    by_arabic: dict[str, Affix] = {}
    rows = [_joined(row) for row in product(*([_piece(one) for one in slot] for slot in slots))]
    for row in sorted(rows, key=lambda row: row.affix.pieces):
        for fold in row.folds:
            by_latin.setdefault(fold, row.affix)
        for spelling in row.arabic:
            by_arabic.setdefault(spelling, row.affix)
    return Affixes(by_latin, by_arabic)


def _piece(written: str) -> _Piece:
    spellings, latin, *folds = ["" if part == "_" else part for part in written.split()]
    arabic = tuple(spellings.split("/"))
    known = tuple(folds) or (fold_latin(latin),)
    return _Piece(Affix(arabic[0], latin, int(bool(latin))), known, arabic)


def _joined(row: tuple[_Piece, ...]) -> _Piece:
    arabic = latin = ""
    for one in row:
        arabic = join_arabic(arabic, one.affix.arabic)
        latin = join_latin(latin, one.affix.latin)
    return _Piece(
        Affix(arabic, latin, sum(one.affix.pieces for one in row)),
        tuple("".join(parts) for parts in product(*(one.folds for one in row))),
        tuple(reduce(join_arabic, parts) for parts in product(*(one.arabic for one in row))),
    )


def join_latin(stem: str, affix: str) -> str:
    """A stem and what follows it, as people say them: mchaw, fhemtek, jawbou, ketbou."""
    if not stem or not affix:
        return stem + affix
    if stem[-1] in _VOWELS:
        return stem + ("w" + affix[2:] if affix.startswith("ou") else affix)
    if affix[0] == "k" and affix[1:2] not in _VOWELS:
        return stem + "e" + affix
    return (_without_last_e(stem) if affix[0] in _VOWELS else stem) + affix


def _without_last_e(stem: str) -> str:
    """kteb is ketb- before a vowel, jaweb jawb-."""
    match = _LAST_E.search(stem)
    if not match:
        return stem
    first, last = stem[: match.start()], match[1]
    start = _TWO_CONSONANTS.fullmatch(first)
    return f"{start[1]}e{start[2]}{last}" if start else first + last


def join_arabic(stem: str, affix: str) -> str:
    """A stem and what follows it: ة ends words alone, before anything it is heard as an alif
    (خدامة, ماخداماش); the alif that ends the one and begins the other is written once."""
    if stem.endswith("ة") and affix:
        stem = stem[:-1] + "ا"
    return stem[:-1] + affix if stem.endswith("ا") and affix.startswith("ا") else stem + affix


@cache
def prefixes(kind: str) -> Affixes:
    """What may stand before a word of this kind, nothing included."""
    return _compose(_PREFIXES[_LIKE.get(kind, kind)])


@cache
def suffixes(kind: str) -> Affixes:
    """What may stand after a word of this kind; nothing only if it stands without."""
    return _compose(_SUFFIXES[_ENDS_LIKE.get(kind, kind)])
