"""How people really type: noise for training and for measuring, from a seeded `Random` alone.

Case, accents, vowel marks, hamza forms and stretched letters need no learning, for the
tokenizer folds them (`tokenizer.py`); they are made here all the same, so that the
measured rates cover them.
"""

import re
import unicodedata
from collections.abc import Callable
from random import Random

LANGUAGES = ("ary", "ary-Latn", "ar", "fr", "en")

_KEYBOARD = ("azertyuiop", "qsdfghjklm", "wxcvbn", "ضصثقفغعهخحج", "شسيبلاتنمك", "ئءؤرىةوزظ")
_ARABIZI = (
    ("ch", "sh"),
    ("ou", "o"),
    ("ou", "u"),
    ("9", "q"),
    ("9", "k"),
    ("7", "h"),
    ("5", "kh"),
    ("kh", "x"),
    ("gh", "r"),
    ("3", "a"),
    ("i", "y"),
    ("e", "a"),
    ("w", "ou"),
    ("dyal", "d"),
    ("wach", "wesh"),
    ("nta", "nti"),
    ("k", "c"),
)
_ARABIC = (
    ("أ", "ا"),
    ("إ", "ا"),
    ("آ", "ا"),
    ("ة", "ه"),
    ("ى", "ي"),
    ("ئ", "ي"),
    ("ض", "د"),
    ("ظ", "ض"),
    ("ط", "ت"),
    ("ث", "ت"),
    ("ذ", "د"),
    ("ق", "ك"),
    ("؟", "?"),
    ("ديال", "د"),
    ("ك", "گ"),
    ("ي", "ى"),
    ("ه", "ة"),
    ("ا", "أ"),
)
_SHORT_FORMS = {
    "fr": (
        ("vous", "vs"),
        ("pour", "pr"),
        ("combien", "cmb"),
        ("c'est", "c"),
        ("est-ce que", "esk"),
        ("est ce que", "esk"),
        ("quoi", "koi"),
        ("que ", "ke "),
        ("qui ", "ki "),
        ("bonjour", "bjr"),
        ("s'il vous plaît", "svp"),
        ("s'il te plaît", "stp"),
        ("quel", "kel"),
        ("toujours", "tjrs"),
        ("beaucoup", "bcp"),
        ("'", " "),
        ("avec", "avc"),
        ("dans", "ds"),
    ),
    "en": (
        ("you ", "u "),
        ("you?", "u?"),
        ("your", "ur"),
        ("please", "pls"),
        ("what is", "whats"),
        ("are ", "r "),
        ("thanks", "thx"),
        ("how much", "hw much"),
        ("the ", ""),
        ("do you", "u"),
        ("'", ""),
        ("for ", "4 "),
        ("to ", "2 "),
    ),
}
_BEFORE = {
    "ary": "سلام|سلام خويا|السلام عليكم|عافاك|خويا|ختي|أ خويا|واش|اسمع|سمح ليا|مرحبا|صباح الخير"
    "|الله يخليك|آ الشريف|أهلا|غير بغيت نسولك|بغيت نعرف|قوليا",
    "ary-Latn": "salam|slm|salam khoya|salam 3alaykom|3afak|khoya|khti|a khoya|wach|sm3|sme7 lia"
    "|mr7ba|sba7 lkhir|lah ykhlik|a sa7bi|cc|bghit nsewlek|bghit n3ref|9ol lia|svp",
    "ar": "السلام عليكم|مرحبا|أهلا|من فضلك|لو سمحت|عفوا|صباح الخير|مساء الخير|أخي|أختي"
    "|سؤال من فضلكم|أريد أن أسأل|أخبرني",
    "fr": "bonjour|bjr|salut|svp|bonsoir|slt|salam|coucou|excusez-moi|pardon|dis|dites moi"
    "|une question|s'il vous plait|euh|alors",
    "en": "hello|hi|hey|please|good morning|salam|excuse me|sorry|tell me|question|so|hi there"
    "|quick question|ok",
}
_AFTER = {
    "ary": "عافاك|شكرا|خويا|ختي|الله يخليك|من فضلك|أ صاحبي|دابا|والله|جاوبني|آ سيدي|ولا لا",
    "ary-Latn": "3afak|chokran|khoya|khti|lah ykhlik|svp|a sa7bi|daba|wlah|jawbni|mersi|stp|hh"
    "|wla la",
    "ar": "من فضلك|لو سمحت|شكرا|يا أخي|جزاك الله خيرا|رجاء|وشكرا لكم",
    "fr": "svp|stp|merci|s'il vous plaît|merci d'avance|mdr|khoya|alors|hein|merci beaucoup|?",
    "en": "please|pls|plz|thanks|thx|bro|my friend|sir|thank you|asap|now|mate",
}
_EMOJI = "🙂😊🙏👋😂🤔❤🌹👍😅✨🤷💬😭🔥"
_VOWELS = "aeiouyاويéè"


def add_noise(text: str, language: str, rng: Random, fillers: bool = True) -> str:
    """Return `text` as another hand might have typed it; it may come back unchanged.

    `fillers` off adds no words around it (an insult takes no "please").
    """
    noisy = text
    if fillers and rng.random() < 0.3:
        noisy = _add_filler(noisy, language, rng)
    for _ in range(rng.choice((0, 0, 1, 1, 2, 3))):
        noisy = _swap_spelling(noisy, language, rng)
    for _ in range(rng.choice((0, 0, 0, 1, 1, 2)) if len(noisy) > 4 else 0):
        noisy = rng.choice(_TYPOS)(noisy, rng)
    for change in rng.sample(_DRESS, k=rng.choice((0, 1, 1, 2))):
        noisy = change(noisy, rng)
    return noisy.strip() or text


def lose_words(text: str, rng: Random) -> str:
    """Leave out about a quarter of the words, or shuffle them: what is meant rests on words, and
    a model that saw few sentences must learn so."""
    words = text.split()
    if len(words) < 3:
        return text
    if rng.random() < 0.3:
        rng.shuffle(words)
        return " ".join(words)
    kept = [word for word in words if rng.random() > 0.25]
    return " ".join(kept) or text


def mix_words(one: list[str], other: list[str], rng: Random) -> list[str]:
    """Words of `one`, mostly with words of `other` in their place or behind them; never none."""
    kind = rng.random()
    if kind < 0.4:
        return one[: rng.randint(1, len(one))] + other[rng.randrange(len(other)) :]
    if kind < 0.6:
        return [word if rng.random() > 0.3 else rng.choice(other) for word in one]
    if kind < 0.8:
        start = rng.randrange(len(one))
        return one[start : start + rng.randint(1, 4)]
    return [word for word in one if rng.random() > 0.3] or one


def _add_filler(text: str, language: str, rng: Random) -> str:
    if rng.random() < 0.55:
        before = rng.choice(_BEFORE[language].split("|"))
        return before + rng.choice((" ", " ", ", ", "، ", "\n", " .. ")) + text
    return text + rng.choice((" ", " ", ", ")) + rng.choice(_AFTER[language].split("|"))


def _swap_spelling(text: str, language: str, rng: Random) -> str:
    """Swap one spelling for another in one place (Arabizi both ways, the rest one way)."""
    if language == "ary-Latn":
        pair = rng.choice(_ARABIZI)
        old, new = pair if rng.random() < 0.5 else pair[::-1]
    elif language in _SHORT_FORMS:
        old, new = rng.choice(_SHORT_FORMS[language])
    else:
        old, new = rng.choice(_ARABIC)
    places = [match.start() for match in re.finditer(re.escape(old), text, re.IGNORECASE)]
    if not places:
        return text
    place = rng.choice(places)
    return text[:place] + new + text[place + len(old) :]


def _letter_places(text: str) -> list[int]:
    return [place for place, letter in enumerate(text) if letter.isalpha()] or [0]


def _drop_letter(text: str, rng: Random) -> str:
    place = rng.choice(_letter_places(text))
    return text[:place] + text[place + 1 :]


def _double_letter(text: str, rng: Random) -> str:
    place = rng.choice(_letter_places(text))
    return text[:place] + text[place] + text[place:]


def _transpose(text: str, rng: Random) -> str:
    place = rng.choice(_letter_places(text))
    return text[:place] + text[place : place + 2][::-1] + text[place + 2 :]


def _hit_neighbour(text: str, rng: Random) -> str:
    place = rng.choice(_letter_places(text))
    for row in _KEYBOARD:
        key = row.find(text[place].lower())
        if key >= 0:
            neighbour = row[max(0, key - 1)] if rng.random() < 0.5 else row[key + 1 : key + 2]
            return text[:place] + (neighbour or row[key]) + text[place + 1 :]
    return text


def _stretch(text: str, rng: Random) -> str:
    places = [place for place, letter in enumerate(text) if letter in _VOWELS]
    if not places:
        return text
    place = rng.choice(places)
    return text[:place] + text[place] * rng.randint(2, 5) + text[place:]


def _drop_space(text: str, rng: Random) -> str:
    places = [place for place, letter in enumerate(text) if letter == " "]
    if not places:
        return text
    place = rng.choice(places)
    return text[:place] + text[place + 1 :]


def _change_case(text: str, rng: Random) -> str:
    return rng.choice((text.lower(), text.lower(), text.upper(), text.capitalize()))


def _change_end(text: str, rng: Random) -> str:
    return text.rstrip(" ?!.؟،,") + rng.choice(("", "", "?", "؟", "!", "..", "...", "??", " ?"))


def _strip_marks(text: str, rng: Random) -> str:
    """Leave out accents and vowel marks."""
    letters = unicodedata.normalize("NFD", text)
    kept = "".join(
        c for c in letters if unicodedata.category(c) != "Mn" or c in "\u0653\u0654\u0655"
    )
    return unicodedata.normalize("NFC", kept)


def _drop_punctuation(text: str, rng: Random) -> str:
    return re.sub(r"[?!.,،؟…]", "", text)


def _add_emoji(text: str, rng: Random) -> str:
    return text + rng.choice(("", " ")) + rng.choice(_EMOJI) * rng.choice((1, 1, 1, 2, 3))


_Change = Callable[[str, Random], str]
_TYPOS: tuple[_Change, ...] = (
    _drop_letter,
    _drop_letter,
    _double_letter,
    _transpose,
    _hit_neighbour,
    _stretch,
    _drop_space,
)
_DRESS: tuple[_Change, ...] = (
    _change_case,
    _change_end,
    _strip_marks,
    _drop_punctuation,
    _add_emoji,
)
