"""The tokens of one forward pass: one token of every answer, and pieces of new prompts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from inference.slots.pool import KeyValuePool
from inference.slots.row import Row

SHORTEST_GROUP_TOKENS = 256
"""Decoding rows up to this length attend together; longer ones with rows of like length."""


@dataclass(frozen=True, slots=True)
class Part:
    """The next `count` unstored tokens of a row."""

    row: Row
    count: int

    @property
    def ends_row(self) -> bool:
        """Whether the row's last token is in it, so that the next one can be chosen."""
        return self.count == self.row.unstored


@dataclass(frozen=True, slots=True)
class Block:
    """Rows with equally many tokens in this pass: one prompt's piece, or many single tokens.

    `tokens` is where they lie in the pass; `slots` picks their rows in the pool; `positions`
    is [rows, tokens of each]; `first` and `last` are the smallest and largest of them.
    """

    tokens: slice
    slots: slice | Tensor
    positions: Tensor
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Batch:
    """A packed pass: `ids`, `slots` and `positions` are [tokens]; `ends` are the indices of
    the tokens whose logits are wanted, in the order of `parts` that end their rows."""

    pool: KeyValuePool
    parts: tuple[Part, ...]
    ids: Tensor
    slots: Tensor
    positions: Tensor
    blocks: tuple[Block, ...]
    ends: Tensor
    masks: dict[tuple[int, int | None], tuple[Tensor, Tensor]] = field(default_factory=dict)

    def mask(self, index: int, start: int, window: int | None) -> tuple[Tensor, Tensor]:
        """For block `index` and keys from `start`: what may not be seen, and the distances.

        Both are [rows, 1, 1, tokens, keys]. Made once for all layers of a kind.
        """
        if (index, window) not in self.masks:
            block = self.blocks[index]
            keys = torch.arange(start, block.last + 1, device=block.positions.device)
            distance = block.positions[:, :, None] - keys
            hidden = distance < 0
            if window is not None:
                hidden |= distance >= window
            self.masks[index, window] = hidden[:, None, None], distance[:, None, None]
        return self.masks[index, window]


def pack(parts: Sequence[Part], pool: KeyValuePool, device: torch.device) -> Batch:
    """Lay the parts of a step out as one pass over `pool`."""
    groups = _groups(parts)
    ordered = tuple(part for group in groups for part in group)
    ids, slots, positions, ends = _lay_out(ordered)
    position_tensor = torch.tensor(positions, device=device)
    blocks: list[Block] = []
    at = 0
    for group in groups:
        count = group[0].count
        tokens = slice(at, at + count * len(group))
        at = tokens.stop
        blocks.append(
            Block(
                tokens,
                _pick([part.row.slot for part in group], device),
                position_tensor[tokens].view(len(group), count),
                min(positions[tokens]),
                max(positions[tokens]),
            )
        )
    return Batch(
        pool,
        ordered,
        torch.tensor(ids, device=device),
        torch.tensor(slots, device=device),
        position_tensor,
        tuple(blocks),
        torch.tensor(ends, device=device, dtype=torch.long),
    )


def _lay_out(parts: Iterable[Part]) -> tuple[list[int], list[int], list[int], list[int]]:
    ids: list[int] = []
    slots: list[int] = []
    positions: list[int] = []
    ends: list[int] = []
    for part in parts:
        start, stop = part.row.stored, part.row.stored + part.count
        ids += part.row.ids[start:stop]
        positions += range(start, stop)
        slots += [part.row.slot] * part.count
        if part.ends_row:
            ends.append(len(ids) - 1)
    return ids, slots, positions, ends


def _groups(parts: Sequence[Part]) -> list[list[Part]]:
    """Single tokens grouped by the length of their rows, so that a short row does not attend
    over a long one's keys; every longer piece is a group of its own."""
    by_length: dict[int, list[Part]] = {}
    pieces: list[list[Part]] = []
    for part in sorted(parts, key=lambda part: part.row.slot):
        if part.count == 1:
            length = max(part.row.stored, SHORTEST_GROUP_TOKENS - 1).bit_length()
            by_length.setdefault(length, []).append(part)
        else:
            pieces.append([part])
    return [by_length[length] for length in sorted(by_length)] + pieces


def _pick(slots: list[int], device: torch.device) -> slice | Tensor:
    """Neighbouring slots are read in place; scattered ones must be gathered."""
    if slots == list(range(slots[0], slots[0] + len(slots))):
        return slice(slots[0], slots[0] + len(slots))
    return torch.tensor(slots, device=device)
