"""What one step feeds of a row."""

from dataclasses import dataclass

from inference.slots.row import Row


@dataclass(frozen=True, slots=True)
class Part:
    """The next `count` unstored tokens of a row."""

    row: Row
    count: int

    @property
    def ends_row(self) -> bool:
        """Whether the row's last token is in it, so that the next one can be chosen."""
        return self.count == self.row.unstored
