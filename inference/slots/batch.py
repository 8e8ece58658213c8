"""The tokens of one forward pass: one token of every answer, and pieces of new prompts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor

from inference.slots.block import Block
from inference.slots.part import Part
from inference.slots.pool import KeyValuePool
from inference.slots.upload import upload

SHORTEST_GROUP_TOKENS = 256
"""Decoding rows up to this length attend together; longer ones with rows of like length."""
ATTEND_ALONE_ON = ("cpu",)
"""Devices on which every decoding row attends alone: it costs less than to gather keys."""


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
    ends: tuple[int, ...]
    _masks: dict[tuple[int, int | None], Tensor | None] = field(default_factory=dict)
    _distances: dict[tuple[int, int], Tensor] = field(default_factory=dict)
    _elsewhere: dict[torch.device, "Batch"] = field(default_factory=dict)

    def on(self, device: torch.device) -> "Batch":
        """The same pass for layers that lie on `device`; made once for all of them."""
        if device == self.places.device:
            return self
        if device not in self._elsewhere:
            self._elsewhere[device] = replace(
                self,
                places=self.places.to(device, non_blocking=True),
                blocks=tuple(block.on(device) for block in self.blocks),
                _masks={},
                _distances={},
            )
        return self._elsewhere[device]

    def hidden(self, index: int, since: int, window: int | None) -> Tensor | None:
        """What block `index` may not see of its keys from position `since` on, see
        `Block.hidden`. Made once for all layers of a kind."""
        if (index, window) not in self._masks:
            self._masks[index, window] = self.blocks[index].hidden(since, window)
        return self._masks[index, window]

    def distances(self, index: int, since: int) -> Tensor:
        """How far block `index`'s keys from position `since` on lie behind its tokens, see
        `Block.distances`. Made once for all layers of a kind."""
        if (index, since) not in self._distances:
            self._distances[index, since] = self.blocks[index].distances(since)
        return self._distances[index, since]


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
    return Batch(pool, ordered, table[0], table[1], table[2], tuple(blocks), tuple(ends))


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
