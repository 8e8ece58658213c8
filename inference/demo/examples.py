"""Dialogues as token ids with what is to be learned from each place, and batches of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

import torch
from tokenizers import Tokenizer

from inference.demo.dialogues import Composer, Dialogue
from inference.demo.tokenizer import CONTEXT_TOKENS, CONTROLS, without_folding

# What each place counts. The first token of an answer chooses it, so it counts most, and three
# of four examples end there: how an answer goes on is soon known by heart.
_CHOICE_WEIGHT = 4.0
_EARLY_WEIGHT = 1.0
_LATE_WEIGHT = 0.4
_EARLY_TOKENS = 8
_CHOICE_SHARE = 0.75
_WHOLE_SHARE = 0.5
_POOL = 1024


@dataclass(frozen=True, slots=True)
class Example:
    """`targets[i]` is what to predict after `ids[i]`; `weights[i]` is how much it counts.

    At place `choice` the answer is chosen, and `intent` is the number of the right one.
    """

    ids: list[int]
    targets: list[int]
    weights: list[float]
    choice: int
    intent: int


@dataclass(frozen=True, slots=True)
class Batch:
    """The first three of shape (examples, longest), padded on the right with zeros.

    `choices` and `intents` are of shape (examples,).
    """

    ids: torch.Tensor
    targets: torch.Tensor
    weights: torch.Tensor
    choices: torch.Tensor
    intents: torch.Tensor


def user_piece(ask: str) -> str:
    """The chat template's text for one ask, up to where the answer begins."""
    return f"<start_of_turn>user\n{ask.strip()}<end_of_turn>\n<start_of_turn>model\n"


class Encoder:
    """Encodes dialogues; prompts with BPE dropout, answers as they are written."""

    def __init__(
        self, tokenizer: Tokenizer, intents: tuple[str, ...], rng: Random, dropout: float = 0.1
    ) -> None:
        self._intents = intents
        self._plain = without_folding(tokenizer)
        self._prompts = Tokenizer.from_str(tokenizer.to_str())
        self._prompts.model.dropout = dropout
        self._rng = rng
        self._bos = CONTROLS.index("<bos>")

    def encode(self, dialogue: Dialogue) -> Example:
        """Mostly the last answer's first token alone is learned, else its beginning or all of it.

        Of earlier answers the first token is learned: there the choice is made too.
        """
        ids = [self._bos]
        targets: list[int] = []
        weights: list[float] = []
        choice = 0
        for place, turn in enumerate(dialogue.turns):
            prompt = self._prompts.encode(user_piece(turn.ask)).ids
            answer = self._plain.encode(turn.answer + "<end_of_turn>").ids
            ids += prompt
            targets += [*prompt, answer[0]]
            weights += [0.0] * len(prompt) + [_CHOICE_WEIGHT]
            choice = len(ids) - 1
            if place < len(dialogue.turns) - 1:
                said = self._prompts.encode(turn.answer + "<end_of_turn>\n").ids
                ids += said
                targets += said[1:]
                weights += [0.0] * (len(said) - 1)
            else:
                answer = self._cut(answer)
                ids += answer[:-1]
                targets += answer[1:]
                weights += [_weight(rank) for rank in range(1, len(answer))]
        intent = self._intents.index(dialogue.turns[-1].intent)
        return Example(ids, targets, weights, choice, intent)

    def encode_ask(self, ask: str) -> list[int]:
        """The ask alone; never empty."""
        return list(self._prompts.encode(ask.strip()).ids) or [0]

    def _cut(self, answer: list[int]) -> list[int]:
        if self._rng.random() < _CHOICE_SHARE:
            return answer[:1]
        if self._rng.random() < _WHOLE_SHARE:
            return answer
        return answer[: self._rng.randint(2, 8)]


def _weight(rank: int) -> float:
    return _EARLY_WEIGHT if rank < _EARLY_TOKENS else _LATE_WEIGHT


def batches(composer: Composer, encoder: Encoder, rng: Random, tokens: int) -> Iterator[Batch]:
    """Batches of about `tokens` tokens, examples of like length together, for ever."""
    while True:
        pool = [encoder.encode(composer.compose()) for _ in range(_POOL)]
        pool = [example for example in pool if len(example.ids) <= CONTEXT_TOKENS]
        pool.sort(key=lambda example: len(example.ids))
        groups: list[list[Example]] = [[]]
        for example in pool:
            if (len(groups[-1]) + 1) * len(example.ids) > tokens:
                groups.append([])
            groups[-1].append(example)
        rng.shuffle(groups)
        yield from (_pad(group) for group in groups)


def _pad(examples: list[Example]) -> Batch:
    shape = (len(examples), max(len(example.ids) for example in examples))
    ids = torch.zeros(shape, dtype=torch.long)
    targets = torch.zeros(shape, dtype=torch.long)
    weights = torch.zeros(shape)
    for row, example in enumerate(examples):
        length = len(example.ids)
        ids[row, :length] = torch.tensor(example.ids)
        targets[row, :length] = torch.tensor(example.targets)
        weights[row, :length] = torch.tensor(example.weights)
    choices = torch.tensor([example.choice for example in examples])
    intents = torch.tensor([example.intent for example in examples])
    return Batch(ids, targets, weights, choices, intents)
