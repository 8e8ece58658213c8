"""The languages that the bot speaks, and which of them a message asks for.

Unmarked messages ("ok", "😀", "Casablanca") keep the language that the user had before.
"""

from typing import Literal, get_args

from broker.text.detection import detect
from broker.text.script import arabic_share

Language = Literal["ary", "ary-Latn", "ar", "fr", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
DEFAULT: Language = "ary"

# What each calls itself.
LANGUAGE_NAMES: dict[Language, str] = {
    "ary": "الدارجة",
    "ary-Latn": "Darija (3arabizi)",
    "ar": "العربية",
    "fr": "Français",
    "en": "English",
}

_ARABIC_SHARE = 1 / 3  # Latin words of French are longer than Darija's own


def guess(text: str, otherwise: str = "") -> Language:
    """The likeliest language of a message; `otherwise` (a tag) when nothing tells."""
    found, before = detect(text), known(otherwise)
    is_arabic = arabic_share(text) >= _ARABIC_SHARE
    if found.language == "und" or (otherwise and not found.is_sure):
        return _unmarked(before, is_arabic)
    if found.language != "ary":
        return found.language
    return "ary" if is_arabic else "ary-Latn"


def told(text: str) -> Language | None:
    """The language that a message shows by itself; None for one that could be in several."""
    found = detect(text)
    if found.language == "und" or not found.is_sure:
        return None
    return guess(text)


def _unmarked(before: Language, is_arabic: bool) -> Language:
    """Arabic letters are never answered in Latin ones."""
    return before if before in ("ary", "ar") or not is_arabic else DEFAULT


def written(language: Language) -> Literal["rtl", "ltr"]:
    """The direction in which a language is written."""
    return "rtl" if language in ("ary", "ar") else "ltr"


def known(tag: str) -> Language:
    """The nearest of our languages for a BCP 47 tag: `fr-MA` is fr, `ar-MA` ary, `` the default."""
    if tag in LANGUAGES:
        return tag
    parts = tag.lower().replace("_", "-").split("-")
    if parts[0] in ("ary", "ar") and "latn" in parts:
        return "ary-Latn"
    if parts == ["ar", "ma"]:
        return "ary"
    return parts[0] if parts[0] in LANGUAGES else DEFAULT
