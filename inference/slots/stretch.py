"""A part of the key-value pool that belongs to one row, or to a conversation that is kept."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(slots=True, eq=False)
class Stretch:
    """`tokens` places of the pool from `start` on. A kept one holds the keys and values of
    `held`; a greater `used_at` is a later use."""

    start: int
    tokens: int
    held: Sequence[int] = ()
    kept: bool = False
    used_at: int = 0

    @property
    def end(self) -> int:
        return self.start + self.tokens
