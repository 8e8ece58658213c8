"""Dialogues as token ids with what is to be learned from each place, and batches of them.

At one place of an example the answer is chosen, by its first token. What is learned there is
not one token but how likely the answer of every intent is: half what the writer meant, half
what the teacher believes, or all of it where a text was mixed and nobody meant anything.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

import torch
from tokenizers import Tokenizer
from torch.utils.data import IterableDataset

from inference.demo.corpus import Corpus
from inference.demo.dialogues import PRODUCTS, Composer, Dialogue, product_of
from inference.demo.ngrams import Teacher
from inference.demo.noise import LANGUAGES
from inference.demo.tokenizer import CONTEXT_TOKENS, CONTROLS, without_folding

# How an answer goes on is soon known by heart: most examples end where it can no longer be
# another one.
SHORT_SHARE = 0.93
_MIXED_SHARE = 0.4
_MEANT_WEIGHT = 0.5
_POOL = 1024


@dataclass(frozen=True, slots=True)
class Example:
    """`targets[i]` is what to predict after `ids[i]`, where `counts[i]`.

    At place `choice`, instead, the first tokens `firsts` are wanted, one an intent, as likely
    as `meant` (the number of an intent, or None) and the teacher's belief about `ask` say.
    """

    ids: list[int]
    targets: list[int]
    counts: list[bool]
    choice: int
    firsts: list[int]
    meant: int | None
    ask: str


@dataclass(frozen=True, slots=True)
class Batch:
    """The first three of shape (examples, longest), padded on the right with zeros.

    `choices` is of shape (examples,), `firsts` and `likely` of shape (examples, intents).
    """

    ids: torch.Tensor
    targets: torch.Tensor
    counts: torch.Tensor
    choices: torch.Tensor
    firsts: torch.Tensor
    likely: torch.Tensor


def user_piece(ask: str) -> str:
    """The chat template's text for one ask, up to where the answer begins."""
    return f"<start_of_turn>user\n{ask.strip()}<end_of_turn>\n<start_of_turn>model\n"


class Encoder:
    """Encodes dialogues; prompts with BPE dropout, answers as they are written."""

    def __init__(
        self,
        tokenizer: Tokenizer,
        corpus: Corpus,
        rng: Random,
        dropout: float = 0.1,
        short: float = SHORT_SHARE,
    ) -> None:
        """`dropout`: how often two pieces of a prompt's word stay apart; `short`: the share of
        examples without the rest of their answer."""
        self._intents = corpus.intents
        self._plain = without_folding(tokenizer)
        self._prompts = Tokenizer.from_str(tokenizer.to_str())
        self._prompts.model.dropout = dropout
        self._rng = rng
        self._short = short
        self._bos = CONTROLS.index("<bos>")
        self._answers = {text: self._ids(text) for text in {a.text for a in corpus.answers}}
        self._openings = _openings(list(self._answers.values()))
        self._firsts = {
            (language, product): [
                self._answers[corpus.answer(intent, language, product)][0]
                for intent in self._intents
            ]
            for language in LANGUAGES
            for product in ("", *PRODUCTS)
        }

    def encode(self, dialogue: Dialogue) -> Example:
        """Mostly the last answer's opening alone is learned, else its beginning or all of it.

        Of earlier answers the first token is learned: there the choice is made too.
        """
        ids = [self._bos]
        targets: list[int] = []
        counts: list[bool] = []
        *earlier, last = dialogue.turns
        for turn in earlier:
            prompt = self._prompts.encode(user_piece(turn.ask)).ids
            said = self._prompts.encode(turn.answer + "<end_of_turn>\n").ids
            ids += [*prompt, *said]
            targets += [*prompt, self._answers[turn.answer][0], *said[1:]]
            counts += [False] * len(prompt) + [True] + [False] * (len(said) - 1)
        prompt = self._prompts.encode(user_piece(last.ask)).ids
        answer = self._cut(self._answers[last.answer]) if last.answer else [0]
        return Example(
            ids=[*ids, *prompt, *answer[:-1]],
            targets=[*targets, *prompt, *answer],
            counts=[*counts, *[False] * (len(prompt) + 1), *[True] * (len(answer) - 1)],
            choice=len(ids) + len(prompt) - 1,
            firsts=self._firsts[dialogue.language, product_of(dialogue.turns[:-1])],
            meant=self.number(last.intent),
            ask=last.ask,
        )

    def encode_ask(self, ask: str) -> list[int]:
        """The ask alone; never empty."""
        return list(self._prompts.encode(ask.strip()).ids) or [0]

    def number(self, intent: str) -> int | None:
        """The intent's place in the corpus's list; None of what is mixed."""
        return self._intents.index(intent) if intent else None

    def _ids(self, answer: str) -> list[int]:
        return list(self._plain.encode(answer + "<end_of_turn>").ids)

    def _cut(self, answer: list[int]) -> list[int]:
        if self._rng.random() < self._short:
            return answer[: self._openings[tuple(answer)]]
        return answer


def _openings(answers: list[list[int]]) -> dict[tuple[int, ...], int]:
    """How many tokens of each answer are no other's beginning; all, when there are none."""
    lengths = {}
    for answer in answers:
        others = [other for other in answers if other != answer]
        length = 1
        while length < len(answer) and any(o[:length] == answer[:length] for o in others):
            length += 1
        lengths[tuple(answer)] = length
    return lengths


def likely(asks: Sequence[str], meant: Sequence[int | None], teacher: Teacher) -> torch.Tensor:
    """How likely each ask means each intent, of shape (asks, intents)."""
    beliefs = teacher.beliefs(asks)
    for row, intent in enumerate(meant):
        if intent is not None:
            beliefs[row] *= 1 - _MEANT_WEIGHT
            beliefs[row, intent] += _MEANT_WEIGHT
    return beliefs


class Batches(IterableDataset[Batch]):
    """Batches of about `tokens` tokens, examples of like length together, for ever.

    For a `DataLoader` with one worker, which makes them while the model learns.
    """

    def __init__(
        self, composer: Composer, encoder: Encoder, teacher: Teacher, rng: Random, tokens: int
    ) -> None:
        self._composer = composer
        self._encoder = encoder
        self._teacher = teacher
        self._rng = rng
        self._tokens = tokens

    def __iter__(self) -> Iterator[Batch]:
        torch.set_num_threads(1)
        while True:
            groups = self._groups([self._encoder.encode(self._dialogue()) for _ in range(_POOL)])
            self._rng.shuffle(groups)
            yield from (_batch(group, self._teacher) for group in groups)

    def asks(self, count: int) -> tuple[list[list[int]], torch.Tensor]:
        """The token ids of so many new asks, and how likely each means each intent."""
        turns = [self._dialogue().turns[-1] for _ in range(count)]
        ids = [self._encoder.encode_ask(turn.ask) for turn in turns]
        meant = [self._encoder.number(turn.intent) for turn in turns]
        return ids, likely([turn.ask for turn in turns], meant, self._teacher)

    def _dialogue(self) -> Dialogue:
        if self._rng.random() < _MIXED_SHARE:
            return self._composer.mix()
        return self._composer.compose()

    def _groups(self, pool: list[Example]) -> list[list[Example]]:
        groups: list[list[Example]] = [[]]
        for example in sorted(pool, key=lambda example: len(example.ids)):
            if len(example.ids) > CONTEXT_TOKENS:
                break
            if (len(groups[-1]) + 1) * len(example.ids) > self._tokens:
                groups.append([])
            groups[-1].append(example)
        return groups


def _batch(examples: list[Example], teacher: Teacher) -> Batch:
    shape = (len(examples), max(len(example.ids) for example in examples))
    ids = torch.zeros(shape, dtype=torch.long)
    targets = torch.zeros(shape, dtype=torch.long)
    counts = torch.zeros(shape, dtype=torch.bool)
    for row, example in enumerate(examples):
        length = len(example.ids)
        ids[row, :length] = torch.tensor(example.ids)
        targets[row, :length] = torch.tensor(example.targets)
        counts[row, :length] = torch.tensor(example.counts)
    choices = torch.tensor([example.choice for example in examples])
    firsts = torch.tensor([example.firsts for example in examples])
    asks, meant = [example.ask for example in examples], [example.meant for example in examples]
    return Batch(ids, targets, counts, choices, firsts, likely(asks, meant, teacher))
