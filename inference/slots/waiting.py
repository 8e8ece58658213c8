"""Rows that wait to be computed; users take turns."""

from collections import deque
from collections.abc import Iterator

from inference.slots.row import Row


class WaitingLine:
    """Who waits: one row of each user in turn, a user's own in order of arrival."""

    def __init__(self) -> None:
        self._users: dict[str, deque[Row]] = {}  # ordered: whose turn is next comes first

    def __iter__(self) -> Iterator[Row]:
        return (row for rows in self._users.values() for row in rows)

    def __len__(self) -> int:
        return sum(map(len, self._users.values()))

    @property
    def first(self) -> Row | None:
        """The next row; it stays."""
        return next(iter(self._users.values()))[0] if self._users else None

    def add(self, row: Row) -> None:
        self._users.setdefault(row.user, deque()).append(row)

    def remove(self, row: Row) -> None:
        """Take `row` out. When it was the first, its user's turn is over."""
        rows = self._users[row.user]
        was_first = row is self.first
        rows.remove(row)
        if was_first or not rows:
            del self._users[row.user]
            if rows:
                self._users[row.user] = rows
