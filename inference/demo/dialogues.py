"""Dialogues out of the written text: what was said before, one new ask, and its answer."""

from collections import defaultdict
from dataclasses import dataclass
from random import Random

from inference.demo.corpus import DISTRESS, FALLBACK, PRODUCT_FOLLOWUPS, SOBER, Ask, Corpus
from inference.demo.noise import LANGUAGES, add_noise, lose_words, mix_words
from inference.demo.offtopic import OffTopic

PRODUCTS = ("tagine", "argan", "belgha", "carpet", "tea")
_LONGEST_MIX = 25


@dataclass(frozen=True, slots=True)
class Turn:
    """One ask and its answer; `product` is what a price was told for, or empty.

    Of a mixed ask nobody knows the intent and the answer: both are empty.
    """

    intent: str
    ask: str
    answer: str
    product: str = ""


@dataclass(frozen=True, slots=True)
class Dialogue:
    """Turns in one language; the last one is the one to learn."""

    language: str
    turns: tuple[Turn, ...]


def product_of(turns: tuple[Turn, ...]) -> str:
    """The product that "the big one" means after these turns, or empty."""
    return next((turn.product for turn in reversed(turns) if turn.product), "")


@dataclass(frozen=True, slots=True)
class Mix:
    """How often what is composed: the weight of distress, the share of off-topic asks, the
    share of asks with nothing said before."""

    distress: float = 2.0
    fallback: float = 0.35
    alone: float = 0.93


# The last steps: answers that would hurt when wrong, and asks after other talk.
CAREFUL = Mix(distress=5.0, alone=0.7)


class Composer:
    """Composes noisy dialogues from one part of the corpus, for ever, from a seed."""

    def __init__(self, corpus: Corpus, rng: Random, mix: Mix = Mix()) -> None:
        self._corpus = corpus
        self._rng = rng
        self._off_topic = OffTopic(corpus)
        self._asks: dict[tuple[str, str], list[Ask]] = defaultdict(list)
        self._texts: dict[str, list[str]] = defaultdict(list)
        for ask in corpus.asks:
            self._asks[ask.intent, ask.language].append(ask)
            self._texts[ask.language].append(ask.text)
        self._intents = [intent for intent in corpus.intents if intent != FALLBACK]
        self._weights = [
            mix.distress if intent == DISTRESS else 1.6 if intent in PRODUCT_FOLLOWUPS else 1.0
            for intent in self._intents
        ]
        self._mix = mix

    def compose(self) -> Dialogue:
        """A single turn in most cases, else one to three earlier turns of the same language."""
        language = self._rng.choice(LANGUAGES)
        intent = self._pick_intent()
        turns = self._history(intent, language)
        return Dialogue(language, (*turns, self._turn(intent, language, turns)))

    def mix(self) -> Dialogue:
        """One ask out of parts of two, of whatever intent: only the teacher can say which."""
        language = self._rng.choice(LANGUAGES)
        one, other = (self._rng.choice(self._texts[language]).split() for _ in range(2))
        text = " ".join(mix_words(one, other, self._rng)[:_LONGEST_MIX])
        if self._rng.random() < 0.5:
            text = add_noise(text, language, self._rng, fillers=False)
        return Dialogue(language, (Turn("", text, ""),))

    def _pick_intent(self) -> str:
        if self._rng.random() < self._mix.fallback:
            return FALLBACK
        return self._rng.choices(self._intents, self._weights)[0]

    def _history(self, intent: str, language: str) -> tuple[Turn, ...]:
        rng = self._rng
        needed = ""
        if intent in PRODUCT_FOLLOWUPS and rng.random() < 0.75:
            needed = f"price_{rng.choice(PRODUCTS)}"
        earlier = 0 if rng.random() < self._mix.alone else rng.choice((1, 1, 1, 2, 2, 3))
        intents = [self._pick_intent() for _ in range(earlier)]
        if intent in PRODUCT_FOLLOWUPS and not needed:
            intents = [name for name in intents if not name.startswith("price_")]
        if needed:
            # now and then something else is said between the price and "the big one?"
            between = intents[-1:] if rng.random() < 0.2 else []
            intents = [*intents[:-1], needed, *between]
        turns: tuple[Turn, ...] = ()
        for name in intents[-3:]:
            turns = (*turns, self._turn(name, language, turns))
        return turns

    def _turn(self, intent: str, language: str, before: tuple[Turn, ...]) -> Turn:
        product = ""
        if intent.startswith("price_"):
            product = intent.removeprefix("price_")
        elif intent in PRODUCT_FOLLOWUPS:
            product = product_of(before)
        answer = self._corpus.answer(intent, language, product)
        return Turn(intent, self._ask(intent, language), answer, product)

    def _ask(self, intent: str, language: str) -> str:
        rng = self._rng
        if intent == FALLBACK and rng.random() < 0.3:
            text, sober = self._off_topic.make(language, rng), False
        else:
            ask = rng.choice(self._asks[intent, language])
            text, sober = self._lengthen(ask), ask.topic in SOBER
        if rng.random() < 0.2:
            text = lose_words(text, rng)
        if rng.random() < 0.6:
            text = add_noise(text, language, rng, fillers=not sober)
        return text

    def _lengthen(self, ask: Ask) -> str:
        """Now and then a second phrasing of the intent, or a greeting before it."""
        rng = self._rng
        asks, language, text = self._asks[ask.intent, ask.language], ask.language, ask.text
        chance = rng.random()
        if chance < 0.06:
            text += rng.choice((" ", "\n", ", ", ". ", "? ")) + rng.choice(asks).text
        elif chance < 0.14:
            greeting = rng.choice(self._asks["greeting", language]).text
            text = greeting + rng.choice((" ", ", ", "\n", "، ", "! ")) + text
        return text
