"""Rules: which words, how near to each other, make a sentence one that is refused."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest

from workers.safeguards.normal import SENTENCE_END, readings
from workers.safeguards.terms import first_words, starred, whole_words

# One sentence in each of its readings.
Sentence = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A sentence breaks it when it has one of the terms `subject` and, within `near` words of that,
    one of each of `others`, but nowhere one of `unless`.

    `messages`, `answers`: whose sentences it is for. `tasks`: also for those that are only to be
    translated, summarized and so on.
    """

    category: str
    subject: tuple[str, ...]
    others: tuple[tuple[str, ...], ...] = ()
    unless: tuple[str, ...] = ()
    near: int = 8
    messages: bool = True
    answers: bool = True
    tasks: bool = True


class Rules:
    """Some rules, the weightiest first; safe from many threads."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = [_Ready(rule) for rule in rules]
        subjects = [term for one in self._rules for term in one.rule.subject]
        # Most messages have no subject at all: that is seen at once.
        self._first_words = first_words(subjects)
        self._starred = starred(subjects)
        self.near = max((one.rule.near for one in self._rules), default=0)

    def broken_by(self, text: str) -> str:
        """The category of the first rule that a sentence of the text breaks, "" when none does."""
        suspect = list(self._suspect(text))
        for one in self._rules:
            if any(one.is_broken_by(sentence) for sentence in suspect):
                return one.rule.category
        return ""

    def touched_by(self, text: str) -> bool:
        """Whether the subject of a rule occurs: a few more words may break it."""
        suspect = list(self._suspect(text))
        return any(one.subjects(sentence) for one in self._rules for sentence in suspect)

    def _suspect(self, text: str) -> Iterator[Sentence]:
        """The sentences that may hold a subject."""
        lines = [reading.split(SENTENCE_END) for reading in readings(text)]
        for variants in zip_longest(*lines, fillvalue=""):
            sentence = tuple(" ".join(variant.split()) for variant in variants)
            if any(map(self._may_hold_subject, sentence)):
                yield sentence

    def _may_hold_subject(self, variant: str) -> bool:
        if not self._first_words.isdisjoint(variant.split()):
            return True
        return self._starred is not None and bool(self._starred.search(variant))


class _Ready:
    """A rule, its terms compiled when they are first needed."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule

    def subjects(self, sentence: Sentence) -> set[int]:
        """Where the subject stands, in words."""
        return _places(self.rule.subject, sentence)

    def is_broken_by(self, sentence: Sentence) -> bool:
        rule = self.rule
        subjects = self.subjects(sentence)
        if not subjects or (rule.unless and _places(rule.unless, sentence)):
            return False
        others = [_places(terms, sentence) for terms in rule.others]
        return any(
            all(any(abs(place - at) <= rule.near for place in places) for places in others)
            for at in subjects
        )


def _places(terms: tuple[str, ...], sentence: Sentence) -> set[int]:
    """The numbers of the words that terms begin with. The readings of a sentence have as many
    words, or nearly so: half of them may be told by the one and half by the other."""
    found = whole_words(terms)
    return {
        variant.count(" ", 0, match.start())
        for variant in sentence
        for match in found.finditer(variant)
    }
