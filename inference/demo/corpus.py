"""The written text: intents, their one answer per language, and how people ask for them.

Whole phrasings are held back by a hash of their folded text, so a phrasing is on the same
side in every language and every run, whatever is added to the files.
"""

import hashlib
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from inference.demo.noise import LANGUAGES

DATA = Path(__file__).parent / "data"
NOUNS = Path(__file__).parent / "nouns.toml"
FALLBACK = "fallback"
DISTRESS = "distress"
# Topics that are answered soberly, and asked without a "please"; the last two by the fallback.
SOBER = (DISTRESS, "fallback_insult", "fallback_medical")
PRODUCT_FOLLOWUPS = ("followup_big", "followup_small")
NO_PRODUCT = "none"
HELD_BACK_PERCENT = 15


@dataclass(frozen=True, slots=True)
class Ask:
    """One phrasing, as its writer wrote it; `topic` is its file's name."""

    intent: str
    topic: str
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The one text that answers an intent; `product` is set for follow-ups about a price."""

    intent: str
    language: str
    product: str
    text: str


@dataclass(frozen=True, slots=True)
class Corpus:
    """All phrasings and answers; `nouns` are things by language that the shop does not sell."""

    asks: tuple[Ask, ...]
    answers: tuple[Answer, ...]
    nouns: dict[str, tuple[str, ...]]

    @property
    def intents(self) -> tuple[str, ...]:
        """Names in order, those of other languages' files folded into one."""
        return tuple(sorted({ask.intent for ask in self.asks}))

    def answer(self, intent: str, language: str, product: str = "") -> str:
        """Raises KeyError when the intent has no such answer."""
        if intent in PRODUCT_FOLLOWUPS:
            product = product or NO_PRODUCT
        else:
            product = ""
        for answer in self.answers:
            if (answer.intent, answer.language, answer.product) == (intent, language, product):
                return answer.text
        raise KeyError(f"no answer for {intent} in {language}")

    def part(self, held_back: bool) -> "Corpus":
        """The phrasings and nouns that are held back, or the others; answers stay whole."""
        return Corpus(
            asks=tuple(ask for ask in self.asks if is_held_back(ask.text) == held_back),
            answers=self.answers,
            nouns={
                language: tuple(noun for noun in nouns if is_held_back(noun) == held_back)
                for language, nouns in self.nouns.items()
            },
        )


def fold(text: str) -> str:
    """Letters and digits alone, without case and marks: what makes two phrasings the same."""
    letters = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in letters if letter.isalnum()) or text


def is_held_back(text: str) -> bool:
    """Whether a phrasing is never trained on."""
    digest = hashlib.sha256(f"mersal {fold(text)}".encode()).digest()
    return int.from_bytes(digest[:4], "big") % 100 < HELD_BACK_PERCENT


def read_corpus(folder: Path = DATA, nouns: Path = NOUNS) -> Corpus:
    """Read every TOML file of `folder`; `fallback_<more>.toml` belongs to `fallback`."""
    asks: list[Ask] = []
    answers: list[Answer] = []
    for path in sorted(folder.glob("*.toml")):
        intent = FALLBACK if path.stem.startswith(FALLBACK) else path.stem
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        asks.extend(_read_asks(intent, path.stem, table["ask"]))
        answers.extend(_read_answers(intent, table["answer"]))
    listed = tomllib.loads(nouns.read_text(encoding="utf-8"))
    return Corpus(
        asks=tuple(asks),
        answers=tuple(answers),
        nouns={language: tuple(listed[language].split()) for language in LANGUAGES},
    )


def _read_asks(intent: str, topic: str, table: dict[str, list[str]]) -> Iterable[Ask]:
    for language, texts in table.items():
        for text in texts:
            yield Ask(intent, topic, language, text)


def _read_answers(intent: str, table: dict[str, str | dict[str, str]]) -> Iterable[Answer]:
    """Answers lie under their language, those of a follow-up under the product first."""
    for key, value in table.items():
        if isinstance(value, str):
            yield Answer(intent, key, "", value)
            continue
        for language, text in value.items():
            yield Answer(intent, language, key, text)
