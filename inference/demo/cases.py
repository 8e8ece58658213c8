"""What the demo model is measured on: held-back phrasings, unseen topics, and the probe.

The probe (`probe.toml`) is written by someone who has not seen the training text:

    [[probe]]
    language = "fr"
    history = [["le tapis ?", "Tapis : 400 dirhams le petit, 900 dirhams le grand."]]
    ask = "et le grand ?"
    intent = "followup_big"
    product = "carpet"
"""

import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import TypedDict, cast

from inference.demo.corpus import FALLBACK, PRODUCT_FOLLOWUPS, SOBER, Ask, Corpus, fold
from inference.demo.dialogues import PRODUCTS
from inference.demo.noise import LANGUAGES, add_noise
from inference.demo.offtopic import OffTopic

PROBE = Path(__file__).parent / "probe.toml"
HELD_BACK = "held-back"
UNSEEN = "unseen topic"
UNSOLD = "price of a thing not sold"
# Their answer is the fallback's, but they are no unseen topics: they are counted apart.
_GROUPS = {"fallback_insult": "insult", "fallback_medical": "health"}


@dataclass(frozen=True, slots=True)
class Case:
    """One ask after `history` (ask and answer by turns), and the answer that is right."""

    group: str
    intent: str
    topic: str
    language: str
    history: tuple[str, ...]
    ask: str
    expected: str


class _ProbeRow(TypedDict, total=False):
    language: str
    history: list[list[str]]
    ask: str
    intent: str
    product: str


def held_back_cases(corpus: Corpus, seed: int) -> list[Case]:
    """Every held-back phrasing, as it was written and once more with noise."""
    held_back = corpus.part(held_back=True)
    rng = Random(seed)
    cases = []
    for ask in held_back.asks:
        group = _GROUPS.get(ask.topic, UNSEEN if ask.intent == FALLBACK else HELD_BACK)
        case = _case(group, ask, held_back, rng)
        noisy = add_noise(ask.text, ask.language, rng, fillers=ask.topic not in SOBER)
        cases.append(case)
        cases.append(replace(case, group=f"{group}, noisy", ask=noisy))
    off_topic = OffTopic(held_back)
    for language in LANGUAGES:
        answer = corpus.answer(FALLBACK, language)
        for _ in range(40):
            ask_text = off_topic.unsold(language, rng)
            cases.append(Case(UNSOLD, FALLBACK, UNSOLD, language, (), ask_text, answer))
    return cases


def _case(group: str, ask: Ask, corpus: Corpus, rng: Random) -> Case:
    """A follow-up comes after what it follows in four of five cases, else out of the blue."""
    product = before = ""
    if ask.intent in PRODUCT_FOLLOWUPS:
        product = rng.choice(PRODUCTS)
        before = f"price_{product}"
    if not before or rng.random() < 0.2:
        expected = corpus.answer(ask.intent, ask.language)
        return Case(group, ask.intent, ask.topic, ask.language, (), ask.text, expected)
    earlier = [a for a in corpus.asks if (a.intent, a.language) == (before, ask.language)]
    history = (rng.choice(earlier).text, corpus.answer(before, ask.language))
    expected = corpus.answer(ask.intent, ask.language, product)
    return Case(group, ask.intent, ask.topic, ask.language, history, ask.text, expected)


def probe_cases(corpus: Corpus, path: Path = PROBE) -> list[Case]:
    """The probe's rows; none while nobody has written one.

    Its writer had not seen the training text, yet some phrasings stand in both: those are a
    group of their own.
    """
    if not path.exists():
        return []
    rows = cast(list[_ProbeRow], tomllib.loads(path.read_text(encoding="utf-8"))["probe"])
    trained = {fold(ask.text) for ask in corpus.part(held_back=False).asks}
    return [_probe_case(row, corpus, fold(row["ask"]) in trained) for row in rows]


def _probe_case(row: _ProbeRow, corpus: Corpus, trained: bool) -> Case:
    group = "probe, in the training text by chance" if trained else "probe"
    topic = row["intent"]
    intent = FALLBACK if topic.startswith(FALLBACK) else topic
    history = tuple(text for turn in row.get("history", []) for text in turn)
    expected = corpus.answer(intent, row["language"], row.get("product", ""))
    return Case(group, intent, topic, row["language"], history, row["ask"], expected)
