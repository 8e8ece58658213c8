"""Tokens of a row in a pass of fixed shape."""

from dataclasses import dataclass

from inference.slots.row import Row


@dataclass(frozen=True, slots=True)
class Piece:
    """`count` tokens of `row` from its token `first` on, as row `at` of a grid."""

    at: int
    row: Row
    first: int
    count: int
