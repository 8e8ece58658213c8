"""The language of a translation, as people name it: fr, français, الفرنسية, b darija.

The same word may begin the text itself. A code is one in small letters alone, and "en" is French
before what makes an expression with it (en fait, en effet). A name in front of words in that very
language is their first word: nobody translates into the language that a text is in. A colon or a
new line behind the language ends all doubt.
"""

import re
import unicodedata
from itertools import islice
from typing import Literal, get_args

from broker.text.detection import detect

Target = Literal["ary", "ar", "fr", "en"]
TARGETS: tuple[Target, ...] = get_args(Target)

_CODES: dict[str, Target] = {"ary": "ary", "dr": "ary", "ar": "ar", "fr": "fr", "en": "en"}
# As `_plain` writes them, each word without article.
_NAMES: dict[Target, str] = {
    "ary": "darija, darja, derija, daridja, marocain, marocaine, moroccan, maghribiya, دارجه, "
    "مغربيه, moroccan arabic, moroccan darija, arabe marocain, arabe dialectal, "
    "darija marocaine, دارجه مغربيه, عربيه مغربيه, لهجه مغربيه, عاميه مغربيه",
    "ar": "msa, arabic, arabe, arabiya, 3arabiya, 3arbiya, 3arabia, 3arbia, fos7a, fosha, fusha, "
    "عربيه, عربي, فصحي, standard arabic, modern standard arabic, classical arabic, "
    "arabe standard, arabe classique, arabe litteraire, arabe litteral, 3arbiya fos7a, "
    "عربيه فصحي",
    "fr": "french, francais, francaise, fransawiya, fransawia, fransiya, faransiya, "
    "فرنسيه, فرنسي, فرنساويه, فرنساوي, فرانساويه",
    "en": "english, anglais, anglaise, ngliziya, nglizia, ingliziya, inglizia, "
    "انجليزيه, انجليزي, نجليزيه, نجليزي, انكليزيه",
}
_BY_NAME: dict[tuple[str, ...], Target] = {
    tuple(name.split()): target for target, names in _NAMES.items() for name in names.split(", ")
}
_MOST_WORDS = max(map(len, _BY_NAME))
# "the Arabic language": what may stand before a name in Arabic.
_LANGUAGE = "لغه"
_ARTICLE = "ال"
# "to", "into" and articles, written together with the name or before it.
_JOINED = ("", "ال", "بال", "لل", "ل", "ب", "l'", "l", "b", "bl")
_SHORT = 3  # letters; nothing is joined to so short a name
_BEFORE = frozenset("to into in en vers au l b f ل ب الي".split())
_FRENCH_EN = frozenset(
    ("fait", "effet", "general", "attendant", "realite", "revanche", "particulier", "principe",
    "outre", "train de", "tout cas", "ce moment", "meme temps", "plus de")
)  # fmt: skip
_SIGNS = ":،,.;-"
_BEHIND_CODE = ":،,"
_LETTERS = str.maketrans("ةى", "هي")
_WORD = re.compile(r"\S+")


def with_target(argument: str) -> tuple[Target | None, str]:
    """The language that the argument begins with, and the text behind it; None: it names none."""
    found = list(islice(_WORD.finditer(argument), _MOST_WORDS + 2))
    words = [one.group() for one in found]
    target, count = _named(words)
    if target is None:
        return None, argument
    behind = argument[found[count - 1].end() :]
    text = behind.lstrip()
    is_marked = words[count - 1].endswith(":") or "\n" in behind.removesuffix(text)
    if text and not is_marked and _is_sentence(words[:count], target, text):
        return None, argument
    return target, text


def _named(words: list[str]) -> tuple[Target | None, int]:
    """The language that the first words name, and how many they are."""
    if len(words) > 1 and _plain(words[0]) in _BEFORE:
        target, count = _named(words[1:])
        if target:
            return target, count + 1
    for count in range(min(_MOST_WORDS, len(words)), 0, -1):
        target = _target([_plain(word) for word in words[:count]])
        if target:
            return target, count
    code = _CODES.get(words[0].rstrip(_BEHIND_CODE)) if words else None
    return code, 1


def _target(words: list[str]) -> Target | None:
    """The language of this name, articles and "the language" left out."""
    rest = [word.removeprefix(_ARTICLE) for word in words[1:]]
    for joined in _JOINED:
        first = words[0].removeprefix(joined)
        if first == _LANGUAGE:
            name = tuple(rest)
        elif joined and (first == words[0] or len(first) <= _SHORT):
            continue
        else:
            name = (first, *rest)
        if name in _BY_NAME:
            return _BY_NAME[name]
    return None


def _is_sentence(words: list[str], target: Target, text: str) -> bool:
    """Whether the words belong to the sentence that the text goes on with."""
    if words == ["en"]:
        first, _, rest = text.partition(" ")
        expression = _plain(first), f"{_plain(first)} {_plain(rest.split(' ')[0])}"
        return not _FRENCH_EN.isdisjoint(expression)
    if len(words) == 1 and words[0].rstrip(_BEHIND_CODE) in _CODES:
        return False
    return detect(text).language == target


def _plain(word: str) -> str:
    """Without case, accents, hamza, and the signs at its end."""
    letters = unicodedata.normalize("NFKD", word.strip(_SIGNS).replace("’", "'").casefold())
    return "".join(one for one in letters if not unicodedata.combining(one)).translate(_LETTERS)
