"""The next token of every row, each by its own settings, which lie on the model's device."""

from collections.abc import Sequence

import torch
from torch import Tensor

from inference.slots import sampling
from inference.slots.chance import signed, uniform
from inference.slots.row import Row
from inference.slots.sampling import (
    NO_NUMBERS,
    UNSURE,
    drawn,
    drawn_from_best,
    greedy,
    kept_from_ending,
    penalised,
)
from inference.slots.upload import upload


class Sampler:
    """Knows the settings of the rows in the engine's slots. The engine thread owns it."""

    def __init__(
        self, slots: int, vocabulary: int, end_ids: frozenset[int], device: torch.device
    ) -> None:
        self._ends = torch.tensor(
            sorted(i for i in end_ids if i < vocabulary), dtype=torch.long, device=device
        )
        self._vocabulary = vocabulary
        self._device = device
        # temperature, top_p, repetition penalty; top_k, seed, least length
        self._fractions = torch.ones(slots, 3, device=device)
        self._wholes = torch.zeros(slots, 3, dtype=torch.long, device=device)
        # All of it now: later the pool of keys and values has left no room.
        self._seen = torch.zeros(slots, vocabulary, dtype=torch.bool, device=device)

    def admit(self, row: Row) -> None:
        """Take note of a row that has got its slot."""
        chosen = row.sampling
        self._fractions[row.slot] = torch.tensor(
            [max(chosen.temperature, sampling.COLDEST), chosen.top_p, chosen.repetition_penalty]
        )
        top_k = min(chosen.top_k, self._vocabulary)
        self._wholes[row.slot] = torch.tensor([top_k, signed(row.seed), chosen.min_new_tokens])
        if chosen.repetition_penalty != 1:
            self._seen[row.slot] = False
            self._seen[row.slot, self._column(row.ids)] = True

    def pick(self, rows: Sequence[Row], logits: Tensor) -> list[int | None]:
        """The next token of every row from `logits` [rows, vocabulary]; None where the model
        gave no numbers. Reads from the device once, but for rows that are hard to tell."""
        slots = self._column([row.slot for row in rows])
        counts = self._column([row.completion_tokens for row in rows])
        scores = self._adjusted(rows, logits.float(), slots, counts)
        tokens = greedy(scores)
        numbers = tokens != NO_NUMBERS
        for narrows, draw in ((True, self._draw_from_best), (False, self._draw_from_all)):
            drawn_rows = [i for i, row in enumerate(rows) if _is_sampled(row, narrows)]
            if drawn_rows:
                chosen = self._column(drawn_rows)
                tokens[chosen] = draw(scores[chosen], slots[chosen], counts[chosen])
        picked = tokens.where(numbers, NO_NUMBERS).tolist()
        unsure = [i for i, token in enumerate(picked) if token == UNSURE]
        if unsure:
            at = self._column(unsure)
            found = self._draw_from_best(scores[at], slots[at], counts[at], self._vocabulary)
            for i, token in zip(unsure, found.tolist(), strict=True):
                picked[i] = token
        self._remember(rows, picked)
        return [None if token == NO_NUMBERS else token for token in picked]

    def _adjusted(
        self, rows: Sequence[Row], scores: Tensor, slots: Tensor, counts: Tensor
    ) -> Tensor:
        if any(row.sampling.repetition_penalty != 1 for row in rows):
            scores = penalised(scores, self._seen[slots], self._fractions[slots, 2])
        if any(row.completion_tokens < row.sampling.min_new_tokens for row in rows):
            scores = kept_from_ending(scores, self._ends, counts < self._wholes[slots, 2])
        return scores

    def _draw_from_best(
        self, scores: Tensor, slots: Tensor, counts: Tensor, width: int | None = None
    ) -> Tensor:
        return drawn_from_best(
            scores / self._fractions[slots, :1],
            self._wholes[slots, 0],
            self._fractions[slots, 1],
            uniform(self._wholes[slots, 1], counts),
            width or sampling.BEST_TOKENS,
        )

    def _draw_from_all(self, scores: Tensor, slots: Tensor, counts: Tensor) -> Tensor:
        return drawn(scores / self._fractions[slots, :1], uniform(self._wholes[slots, 1], counts))

    def _remember(self, rows: Sequence[Row], tokens: Sequence[int]) -> None:
        """What a repetition penalty will look at."""
        pairs = [
            (row.slot, token)
            for row, token in zip(rows, tokens, strict=True)
            if token != NO_NUMBERS and row.sampling.repetition_penalty != 1
        ]
        if pairs:
            slots, chosen = zip(*pairs, strict=True)
            self._seen[self._column(slots), self._column(chosen)] = True

    def _column(self, numbers: Sequence[int]) -> Tensor:
        return upload(numbers, self._device)


def _is_sampled(row: Row, narrows: bool) -> bool:
    """Whether chance chooses the row's token, among the best ones only (`narrows`) or all."""
    chosen = row.sampling
    by_chance = chosen.temperature >= sampling.COLDEST
    return by_chance and narrows is (chosen.top_k > 0 or chosen.top_p < 1)
