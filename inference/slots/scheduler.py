"""Who is computed next: rows wait in order of arrival, join a free slot, leave between steps."""

from collections import deque
from collections.abc import Sequence

from inference.slots.batch import Part
from inference.slots.row import Row
from inference.slots.table import SlotTable


class Scheduler:
    """The rows of one engine. Not thread-safe: the engine thread owns it.

    A step feeds at most `step_tokens`: first one token of every row that is answering, then
    prompts, the earliest first, in pieces. So a long prompt never stops the others' answers.
    """

    def __init__(self, slots: int, step_tokens: int) -> None:
        self._table = SlotTable(slots)
        self._step_tokens = max(step_tokens, slots)
        self._waiting: deque[Row] = deque()
        self._running: list[Row] = []

    @property
    def rows(self) -> Sequence[Row]:
        """Every open row, those that still wait included."""
        return [*self._running, *self._waiting]

    @property
    def idle(self) -> bool:
        return not (self._running or self._waiting)

    def add(self, row: Row) -> None:
        self._waiting.append(row)

    def remove(self, row: Row, keep_stored: bool = True) -> None:
        """Take an open row out. Its slot's contents may be reused unless they are in doubt."""
        if row.slot < 0:
            self._waiting.remove(row)
            return
        self._running.remove(row)
        self._table.release(row.slot, row.ids[: row.stored] if keep_stored else ())

    def plan(self) -> list[Part]:
        """The parts of the next step; empty only when no row is open."""
        while self._waiting and self._table.has_free:
            row = self._waiting.popleft()
            row.slot, row.stored = self._table.take(row.ids)
            self._running.append(row)
        left = self._step_tokens
        parts: list[Part] = []
        answering_first = sorted(self._running, key=lambda row: row.unstored > 1)
        for row in answering_first:
            count = min(row.unstored, left)
            if count:
                parts.append(Part(row, count))
                left -= count
        return parts
