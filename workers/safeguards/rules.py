"""Rules: which words, how near to each other, make a sentence one that is refused."""

from collections.abc import Iterable
from dataclasses import dataclass

from workers.safeguards.sentence import Sentence, sentences_of
from workers.safeguards.terms import key_words, starred


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
    """Some rules, the weightiest first; safe from many threads. `near`: the widest of theirs;
    `longest`: of their subjects; both in words."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = [_Ready(rule) for rule in rules]
        subjects = [term for one in self._rules for term in one.rule.subject]
        # Nearly all sentences have no subject at all: that is seen at once.
        self._keys = key_words(subjects)
        self._starred = starred(subjects)
        self.longest = max((len(term.split()) for term in subjects), default=0)
        self.near = max((one.rule.near for one in self._rules), default=0)

    def broken_by(self, text: str, surely: bool = False) -> str:
        """The category of the first rule that a sentence of the text breaks, "" when none does.
        `surely`: whatever words may follow, so of the rules without exceptions."""
        sentences = self._suspect(text)
        for one in self._rules:
            if surely and one.rule.unless:
                continue
            if any(one.is_broken_by(sentence) for sentence in sentences):
                return one.rule.category
        return ""

    def touched_by(self, text: str) -> bool:
        """Whether the subject of a rule occurs: a few more words may break it."""
        sentences = self._suspect(text)
        return any(one.subjects(sentence) for one in self._rules for sentence in sentences)

    def _suspect(self, text: str) -> list[Sentence]:
        return [one for one in sentences_of(text) if one.may_have(self._keys, self._starred)]


class _Ready:
    """A rule, its terms compiled when they are first needed."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self._keys = key_words(rule.subject)
        self._starred = starred(rule.subject)

    def subjects(self, sentence: Sentence) -> set[int]:
        """Where the subject stands, in words."""
        if not sentence.may_have(self._keys, self._starred):
            return set()
        return sentence.places(self.rule.subject)

    def is_broken_by(self, sentence: Sentence) -> bool:
        rule, subjects = self.rule, self.subjects(sentence)
        if not subjects or (rule.unless and sentence.places(rule.unless)):
            return False
        others = [sentence.places(terms) for terms in rule.others]
        return any(
            all(any(abs(place - at) <= rule.near for place in places) for places in others)
            for at in subjects
        )
