"""The tokens of one forward pass: one token of every answer, and pieces of new prompts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from inference.slots.pool import KeyValuePool
from inference.slots.row import Row
from inference.slots.upload import upload

SHORTEST_GROUP_TOKENS = 256
"""Decoding rows up to this length attend together; longer ones with rows of like length."""
ATTEND_ALONE_ON = ("cpu",)
"""Devices on which every decoding row attends alone: it costs less than to gather keys."""


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
    """Rows with equally many tokens in this pass: one prompt's piece, or single tokens.

    `tokens` is where they lie in the pass; `starts` [rows] where the rows begin in the pool,
    `start` the first one's; `positions` is [rows, tokens of each]; `first` and `last` are the
    smallest and largest of them.
    """

    tokens: slice
    start: int
    starts: Tensor
    positions: Tensor
    first: int
    last: int

    def of(self, stored: Tensor, since: int) -> Tensor:
        """[rows, kv_heads, keys, dim] of a layer's `stored` [kv_heads, places, dim], from each
        row's position `since` on: one row's as they lie, several rows' gathered."""
        if len(self.starts) == 1:
            return stored[None, :, self.start + since : self.start + self.last + 1]
        seen = torch.arange(since, self.last + 1, device=stored.device)
        # Behind a shorter row's end its last token is read again, and not a neighbour's.
        places = self.starts[:, None] + torch.minimum(seen, self.positions[:, -1:])
        return stored[:, places].transpose(0, 1)


@dataclass(frozen=True, slots=True)
class Batch:
    """A packed pass: `ids`, `positions` and `places` in the pool are [tokens]; `ends` are the
    indices of the tokens whose logits are wanted, in the order of `parts` that end their rows."""

    pool: KeyValuePool
    parts: tuple[Part, ...]
    ids: Tensor
    positions: Tensor
    places: Tensor
    blocks: tuple[Block, ...]
    ends: Tensor
    _masks: dict[tuple[int, int | None], Tensor | None] = field(default_factory=dict)

    def hidden(self, index: int, since: int, window: int | None) -> Tensor | None:
        """What block `index` may not see of its keys from position `since` on,
        [rows, 1, 1, tokens, keys]; None when it may see all. Made once for all layers of a kind."""
        if (index, window) not in self._masks:
            self._masks[index, window] = _hidden(self.blocks[index], since, window)
        return self._masks[index, window]


def _hidden(block: Block, since: int, window: int | None) -> Tensor | None:
    if block.positions.numel() == 1:
        return None
    distance = distances(block, since)
    hidden = distance < 0
    return hidden if window is None else hidden | (distance >= window)


def distances(block: Block, since: int) -> Tensor:
    """How far each key from position `since` on lies behind each token:
    [rows, 1, 1, tokens, keys]."""
    keys = torch.arange(since, block.last + 1, device=block.positions.device)
    return (block.positions[:, :, None] - keys)[:, None, None]


def pack(parts: Sequence[Part], pool: KeyValuePool, device: torch.device) -> Batch:
    """Lay the parts of a step out as one pass over `pool`."""
    groups = _groups(parts, alone=device.type in ATTEND_ALONE_ON)
    ordered = tuple(part for group in groups for part in group)
    ids, positions, places, ends = _lay_out(ordered)
    table = upload([*ids, *positions, *places], device).view(3, len(ids))
    starts = upload([part.row.start for part in ordered], device)
    blocks: list[Block] = []
    rows = at = 0
    for group in groups:
        count = group[0].count
        tokens = slice(at, at + count * len(group))
        blocks.append(
            Block(
                tokens,
                group[0].row.start,
                starts[rows : rows + len(group)],
                table[1, tokens].view(len(group), count),
                min(positions[tokens]),
                max(positions[tokens]),
            )
        )
        rows, at = rows + len(group), tokens.stop
    return Batch(pool, ordered, table[0], table[1], table[2], tuple(blocks), upload(ends, device))


def _lay_out(parts: Iterable[Part]) -> tuple[list[int], list[int], list[int], list[int]]:
    ids: list[int] = []
    positions: list[int] = []
    places: list[int] = []
    ends: list[int] = []
    for part in parts:
        row, start, stop = part.row, part.row.stored, part.row.stored + part.count
        ids += row.ids[start:stop]
        positions += range(start, stop)
        places += range(row.start + start, row.start + stop)
        if part.ends_row:
            ends.append(len(ids) - 1)
    return ids, positions, places, ends


def _groups(parts: Sequence[Part], alone: bool) -> list[list[Part]]:
    """Single tokens grouped by the length of their rows, so that a short row does not attend
    over a long one's keys; every longer piece is a group of its own. `alone`: every row is."""
    by_length: dict[int, list[Part]] = {}
    pieces: list[list[Part]] = []
    for part in parts:
        if part.count == 1 and not alone:
            length = max(part.row.stored, SHORTEST_GROUP_TOKENS - 1).bit_length()
            by_length.setdefault(length, []).append(part)
        else:
            pieces.append([part])
    return [by_length[length] for length in sorted(by_length)] + pieces
