"""Rows that attend together: each has equally many tokens in a pass."""

from dataclasses import dataclass, replace

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True)
class Block:
    """One prompt's piece, or single tokens of several rows.

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

    @property
    def rows(self) -> int:
        return self.positions.shape[0]

    @property
    def count(self) -> int:
        """Tokens of each row."""
        return self.positions.shape[1]

    def of(self, stored: Tensor, since: int) -> Tensor:
        """[rows, kv_heads, keys, dim] of a layer's `stored` [kv_heads, places, dim], from each
        row's position `since` on: several rows' gathered, one row's as they lie and without
        the dimension of rows."""
        if self.rows == 1:
            return stored.narrow(1, self.start + since, self.last + 1 - since)
        seen = torch.arange(since, self.last + 1, device=stored.device)
        # Behind a shorter row's end its last token is read again, and not a neighbour's.
        places = self.starts[:, None] + torch.minimum(seen, self.positions[:, -1:])
        return stored[:, places].transpose(0, 1)

    def distances(self, since: int) -> Tensor:
        """How far each key from position `since` on lies behind each token:
        [rows, 1, 1, tokens, keys], without rows where it is one."""
        keys = torch.arange(since, self.last + 1, device=self.positions.device)
        found = (self.positions[:, :, None] - keys)[:, None, None]
        return found[0] if self.rows == 1 else found

    def hidden(self, since: int, window: int | None) -> Tensor | None:
        """Which keys from position `since` on each token may not see, shaped as `distances`;
        None when it may see all."""
        if self.rows == self.count == 1:
            return None
        distance = self.distances(since)
        hidden = distance < 0
        return hidden if window is None else hidden | (distance >= window)

    def on(self, device: torch.device) -> "Block":
        """The same with its tensors on `device`."""
        return replace(
            self,
            starts=self.starts.to(device, non_blocking=True),
            positions=self.positions.to(device, non_blocking=True),
        )
