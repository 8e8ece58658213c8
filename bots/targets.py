"""The language of a translation, as people name it: fr, français, الفرنسية, b darija."""

import re
import unicodedata
from typing import Literal, get_args

Target = Literal["ary", "ar", "fr", "en"]
TARGETS: tuple[Target, ...] = get_args(Target)

# As `_plain` writes them, without article.
_NAMES: dict[Target, str] = {
    "ary": "ary dr darija darja derija daridja marocain marocaine moroccan maghribiya دارجه مغربيه",
    "ar": "ar msa arabic arabe arabiya 3arabiya 3arbiya 3arabia 3arbia fos7a fosha fusha "
    "عربيه عربي فصحي",
    "fr": "fr french francais francaise fransawiya fransawia fransiya faransiya "
    "فرنسيه فرنسي فرنساويه فرنساوي فرانساويه",
    "en": "en english anglais anglaise ngliziya nglizia ingliziya inglizia "
    "انجليزيه انجليزي نجليزيه نجليزي انكليزيه",
}
_BY_NAME: dict[str, Target] = {
    name: target for target, names in _NAMES.items() for name in names.split()
}
# "to", "into" and articles, written together with the name or before it.
_JOINED = ("", "ال", "بال", "لل", "ل", "ب", "l'", "l", "b", "bl")
_CODE_CHARS = 3  # nothing is joined to a code: "bar" and "Ben" are words
_BEFORE = frozenset("to into in en vers au l b f ل ب الي".split())
_FIRST = re.compile(r"\s*(\S+)\s*(.*)", re.DOTALL)
_SIGNS = ":،,.;-"
_LETTERS = str.maketrans("ةى", "هي")


def with_target(argument: str) -> tuple[Target | None, str]:
    """The language that the argument begins with, and the text behind it; None: it names none."""
    first = _FIRST.fullmatch(argument)
    if first is None:
        return None, argument
    second = _FIRST.fullmatch(first[2])
    if second is not None and _plain(first[1]) in _BEFORE:
        target = _target(second[1])
        if target:
            return target, second[2]
    target = _target(first[1])
    return (target, first[2]) if target else (None, argument)


def _target(word: str) -> Target | None:
    plain = _plain(word)
    for joined in _JOINED:
        name = plain.removeprefix(joined)
        if name in _BY_NAME and (name == plain or len(name) > _CODE_CHARS):
            return _BY_NAME[name]
    return None


def _plain(word: str) -> str:
    """Without case, accents, hamza, and the signs at its end."""
    letters = unicodedata.normalize("NFKD", word.strip(_SIGNS).replace("’", "'").casefold())
    return "".join(one for one in letters if not unicodedata.combining(one)).translate(_LETTERS)
