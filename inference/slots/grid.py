"""A pass whose shape never changes: so many rows, so many tokens of each, whatever their lengths.

It can be compiled once and captured as a CUDA graph; attention computes no more scores than a
tile at a time (flex_attention), and reads only the blocks of the pool that a row has filled.
"""

from collections.abc import Iterable

import torch
from torch import Tensor
from torch.nn.attention.flex_attention import BlockMask, flex_attention

from inference.slots.piece import Piece
from inference.slots.pool import KeyValuePool
from inference.slots.upload import upload

QUERY_BLOCK = 128
"""Tokens of a row whose keys are looked up together, as wide as the kernel's tiles."""


class Grid:
    """The pass's tensors, which stay where they are. `ids`, `positions` and `places` are
    [rows × tokens]; `starts` and `ends`, where each row begins in the pool and its last token
    in the pass, [rows]. What is of no row goes to the pool's first block, which is nobody's,
    and what comes of it is not looked at."""

    def __init__(
        self, pool: KeyValuePool, rows: int, tokens: int, block: int, device: torch.device
    ) -> None:
        """The pool's places are handed out in multiples of `block`."""
        self.pool = pool
        self.rows = rows
        self.tokens = tokens
        self._block = block
        # one table, so that a step needs one copy to the device
        self._table = torch.zeros((3 * tokens + 2) * rows, dtype=torch.long, device=device)
        self.ids, self.positions, self.places = self._table[: -2 * rows].view(3, rows * tokens)
        self.starts, self.ends = self._table[-2 * rows :].view(2, rows)
        self._blocks = torch.arange(pool.tokens // block, dtype=torch.int32, device=device)

    def lay_out(self, pieces: Iterable[Piece]) -> None:
        """Put pieces of rows into the pass; all others are of no row."""
        width = self.rows * self.tokens
        table = [0] * len(self._table)
        for piece in pieces:
            row, first, count = piece.row, piece.first, piece.count
            start = piece.at * self.tokens
            table[start : start + count] = row.ids[first : first + count]
            # Padding stands behind the piece, so that a tile's last token is its furthest one.
            start += width
            table[start : start + self.tokens] = range(first, first + self.tokens)
            start += width
            table[start : start + count] = range(row.start + first, row.start + first + count)
            table[3 * width + piece.at] = row.start
            table[3 * width + self.rows + piece.at] = piece.at * self.tokens + count - 1
        self._table.copy_(upload(table, self._table.device))

    def attend(
        self,
        layer: int,
        query: Tensor,
        key: Tensor,
        value: Tensor,
        scale: float,
        softcap: float | None,
        window: int | None,
        slopes: Tensor | None,
    ) -> Tensor:
        """As slot_attention, in shapes and meaning."""
        keys, values = self.pool.layer(layer, key, value)
        keys.index_copy_(1, self.places, key[0])
        values.index_copy_(1, self.places, value[0])
        heads, dim = query.shape[1], query.shape[3]
        folded = query[0].view(heads, self.rows, self.tokens, dim).transpose(0, 1)
        positions = self.positions.view(self.rows, self.tokens)

        def score(found: Tensor, row: Tensor, head: Tensor, at: Tensor, place: Tensor) -> Tensor:
            if softcap is not None:
                found = torch.tanh(found / softcap) * softcap
            if slopes is not None:
                found = found - slopes[head] * (positions[row, at] - (place - self.starts[row]))
            return found

        mixed = flex_attention(
            folded,
            keys[None],
            values[None],
            score_mod=score,
            block_mask=self._mask(positions, window, keys.shape[1]),
            scale=scale,
            enable_gqa=heads != len(keys),
        )
        assert isinstance(mixed, Tensor)
        flat: Tensor = mixed.transpose(1, 2).reshape(1, self.rows * self.tokens, heads, dim)
        return flat

    def _mask(self, positions: Tensor, window: int | None, places: int) -> BlockMask:
        """Which of the pool's blocks each row has to look at, and what it sees of them."""
        starts = self.starts
        tile = min(QUERY_BLOCK, self.tokens)
        first, last = positions[:, ::tile], positions[:, tile - 1 :: tile]
        since = torch.zeros_like(first) if window is None else (first - window + 1).clamp(min=0)
        counts = last // self._block - since // self._block + 1
        lowest = (starts[:, None] + since) // self._block
        indices = (lowest[..., None] + self._blocks).clamp(max=len(self._blocks) - 1)

        def seen(row: Tensor, head: Tensor, at: Tensor, place: Tensor) -> Tensor:
            key = place - starts[row]
            behind: Tensor = (key >= 0) & (key <= positions[row, at])
            return behind if window is None else behind & (positions[row, at] - key < window)

        return BlockMask.from_kv_blocks(
            counts[:, None].to(torch.int32),
            indices[:, None].to(torch.int32),
            BLOCK_SIZE=(tile, self._block),
            mask_mod=seen,
            seq_lengths=(self.tokens, places),
            compute_q_blocks=False,
        )
