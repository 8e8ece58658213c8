"""Who is computed next: rows wait, users taking turns, join, and leave between steps."""

from collections.abc import Callable, Sequence

from inference.slots.part import Part
from inference.slots.places import Places
from inference.slots.row import Row
from inference.slots.waiting import WaitingLine

RECOVERY_STEPS = 64
"""So many steps that went well, and one that ran out of memory is half forgotten."""


class Scheduler:
    """The rows of one engine. Not thread-safe: the engine thread owns it.

    A step feeds one token of every row that is answering and `step_tokens` in all, of prompts
    at least a quarter of that. So no long prompt stops the others' answers. Half of what
    prompts get is for the one that has waited longest, half for those that are soonest read.
    """

    def __init__(
        self,
        slots: int,
        step_tokens: int,
        places: Places,
        clear: Callable[[int, int], None],
    ) -> None:
        """`slots` rows at most are computed side by side. `clear` wipes places of the pool
        (from where, how many): contents in doubt may hold a NaN, which masks do not hide."""
        self._step_tokens = step_tokens
        self.places = places
        self._clear = clear
        self._free_slots = list(range(slots - 1, -1, -1))
        self._waiting = WaitingLine()
        self._running: list[Row] = []  # in order of joining
        self._steps = 0
        self._limit: int | None = None
        self._good_steps = 0

    @property
    def rows(self) -> Sequence[Row]:
        """Every open row, those that still wait included."""
        return [*self._running, *self._waiting]

    @property
    def running(self) -> int:
        return len(self._running)

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    @property
    def idle(self) -> bool:
        return not (self._running or self._waiting)

    def add(self, row: Row) -> None:
        self._waiting.add(row)

    def remove(self, row: Row, keep_stored: bool = True) -> None:
        """Take an open row out. What it stored may be reused unless it is in doubt."""
        if row.stretch is None:
            self._waiting.remove(row)
            return
        self._running.remove(row)
        self._free_slots.append(row.slot)
        self._free_slots.sort(reverse=True)
        if not keep_stored:
            self._clear(row.stretch.start, row.stretch.tokens)
        self.places.release(row.stretch, row.ids[: row.stored] if keep_stored else ())

    def admit(self) -> list[Row]:
        """Let rows in for which there is a slot and room; those."""
        admitted = []
        while self._free_slots and (row := self._waiting.first) is not None:
            taken = self.places.take(row.ids, row.longest, self._running)
            if taken is None:
                break  # a row leaves soon, and nobody passes the one whose turn it is
            self._waiting.remove(row)
            row.stretch, row.stored = taken
            row.slot = self._free_slots.pop()
            self._running.append(row)
            admitted.append(row)
        return admitted

    def plan(self) -> list[Part]:
        """The parts of the next step; empty when no row is running."""
        step = self._limit or self._step_tokens
        answering = [row for row in self._running if row.unstored == 1]
        reading = [row for row in self._running if row.unstored > 1]
        if self._limit and len(answering) > self._limit // 2:  # they take turns
            answering.sort(key=lambda row: row.fed_at)
            del answering[max(1, self._limit // 2) :]
        parts = [Part(row, 1) for row in answering]
        parts += _share(reading, max(step - len(answering), step // 4, 1))
        self._steps += 1
        for part in parts:
            part.row.fed_at = self._steps
        return parts

    def shrink(self, tokens: int) -> bool:
        """A step of so many tokens was too much memory: the next ones are half as long.
        False when there is nothing left to halve."""
        self._good_steps = 0
        if tokens <= 2:
            return False
        self._limit = max(2, tokens // 2)
        return True

    def went_well(self) -> None:
        """A step was computed. After many, the limit that memory set is raised."""
        if self._limit is None:
            return
        self._good_steps += 1
        if self._good_steps >= RECOVERY_STEPS:
            self._good_steps = 0
            self._limit *= 2
            if self._limit >= max(self._step_tokens, len(self._running)):
                self._limit = None


def _share(reading: Sequence[Row], tokens: int) -> list[Part]:
    """Pieces of prompts, so many tokens in all."""
    if not reading:
        return []
    counts = dict.fromkeys(reading, 0)
    counts[reading[0]] = min(reading[0].unstored, -(-tokens // 2))
    for row in sorted(reading, key=lambda row: row.unstored - counts[row]):
        left = tokens - sum(counts.values())
        counts[row] += min(row.unstored - counts[row], left)
    return [Part(row, count) for row, count in counts.items() if count]
