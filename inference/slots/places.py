"""Who holds which stretch of the key-value pool: rows being answered, and conversations kept."""

from bisect import insort
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from inference.slots.row import Row
from inference.slots.stretch import Stretch

WORTH_REUSING_TOKENS = 16
"""A shorter common beginning is computed again: that is cheaper than to look after it."""

Copy = Callable[[int, int, int], None]
"""Copies keys and values: from place, to place, how many."""


@dataclass(frozen=True, slots=True)
class _Room:
    """Places that become free when `forgotten` conversations are."""

    start: int
    forgotten: tuple[Stretch, ...]
    left_over: int

    @property
    def cost(self) -> tuple[int, int]:
        """Least is best: how lately the forgotten were used, then how tight the fit is."""
        return max((s.used_at for s in self.forgotten), default=0), self.left_over


class Places:
    """Shares out the pool's places; what nobody needs keeps conversations, so that one which
    goes on finds its keys and values. Those are forgotten, the longest unused first, when
    their places are needed."""

    def __init__(self, tokens: int, unit: int, copy: Copy) -> None:
        """`tokens` places in steps of `unit`; the first unit belongs to nobody."""
        self._unit = unit
        self._end = tokens // unit * unit
        self._copy = copy
        self._all: list[Stretch] = []  # by start
        self._clock = 0
        self.reused_tokens = 0
        self.forgotten = 0

    @property
    def longest(self) -> int:
        """Tokens of the longest row that there can be room for."""
        return self._end - self._unit

    @property
    def kept_tokens(self) -> int:
        return sum(len(stretch.held) for stretch in self._all if stretch.kept)

    @property
    def kept(self) -> int:
        return sum(stretch.kept for stretch in self._all)

    def take(
        self, ids: Sequence[int], tokens: int, running: Iterable[Row] = ()
    ) -> tuple[Stretch, int] | None:
        """Room for `tokens`, and how many of `ids` are in it already, always less than all.

        Their beginning is looked for in kept conversations and in `running` rows. None when
        rows that are being answered leave no room.
        """
        wanted = -(-tokens // self._unit) * self._unit
        source, shared = self._longest_beginning(ids, running)
        taken = self._reuse(source, shared, wanted) if source else None
        if taken is not None:
            self.reused_tokens += shared
            return taken, shared
        room = self._elsewhere(wanted, spared=None)
        return None if room is None else (self._occupy(room, wanted), 0)

    def release(self, stretch: Stretch, held: Sequence[int]) -> None:
        """A row has left; the keys and values of `held` may be kept."""
        self._all.remove(stretch)
        if len(held) >= WORTH_REUSING_TOKENS:
            self._clock += 1
            stretch.tokens = -(-len(held) // self._unit) * self._unit
            stretch.held, stretch.kept, stretch.used_at = tuple(held), True, self._clock
            self._add(stretch)

    def _longest_beginning(
        self, ids: Sequence[int], running: Iterable[Row]
    ) -> tuple[Stretch | None, int]:
        best, most = None, WORTH_REUSING_TOKENS - 1
        ids = tuple(ids[: len(ids) - 1])
        kept = [(s, s.held) for s in self._all if s.kept]
        for stretch, held in [*kept, *((r.stretch, tuple(r.ids[: r.stored])) for r in running)]:
            if stretch is not None and held[: most + 1] == ids[: most + 1]:
                shared = common_beginning(held, ids)
                if shared > most:
                    best, most = stretch, shared
        return best, most

    def _reuse(self, source: Stretch, shared: int, wanted: int) -> Stretch | None:
        """Go on in the source's own places, or copy its beginning, whichever costs less."""
        elsewhere = self._elsewhere(wanted, spared=source)
        in_place = self._in_place(source, wanted) if source.kept else None
        goes_on = 2 * shared >= len(source.held)
        if in_place and (
            elsewhere is None
            or in_place.cost[0] <= elsewhere.cost[0]
            and (goes_on or source.used_at <= elsewhere.cost[0])
        ):
            self._all.remove(source)
            return self._occupy(in_place, wanted)
        if elsewhere is None:
            return None
        target = self._occupy(elsewhere, wanted)
        self._copy(source.start, target.start, shared)
        if source.kept and goes_on:
            self._all.remove(source)
        return target

    def _in_place(self, source: Stretch, wanted: int) -> _Room | None:
        return self._room(source.start, self._all.index(source) + 1, wanted, None)

    def _elsewhere(self, wanted: int, spared: Stretch | None) -> _Room | None:
        starts = [self._unit, *(stretch.end for stretch in self._all)]
        rooms = [self._room(at, index, wanted, spared) for index, at in enumerate(starts)]
        return min((room for room in rooms if room), key=lambda room: room.cost, default=None)

    def _room(
        self, start: int, following: int, wanted: int, spared: Stretch | None
    ) -> _Room | None:
        """The places from `start` on, if no row and not `spared` lies in them; `following` is
        the index of the first stretch behind `start`."""
        forgotten: list[Stretch] = []
        end = self._end
        for index in range(following, len(self._all)):
            stretch = self._all[index]
            if stretch.start >= start + wanted:
                end = stretch.start
                break
            if not stretch.kept or stretch is spared:
                return None
            forgotten.append(stretch)
        if end - start < wanted:
            return None
        return _Room(start, tuple(forgotten), end - start - wanted)

    def _occupy(self, room: _Room, tokens: int) -> Stretch:
        for stretch in room.forgotten:
            self._all.remove(stretch)
            self.forgotten += 1
        stretch = Stretch(room.start, tokens)
        self._add(stretch)
        return stretch

    def _add(self, stretch: Stretch) -> None:
        insort(self._all, stretch, key=lambda one: one.start)


def common_beginning(first: Sequence[int], second: Sequence[int]) -> int:
    """How many ids two sequences of one type have in common before they differ."""
    low, high = 0, min(len(first), len(second))
    while low < high:  # slices are compared far faster than ids one by one
        middle = (low + high + 1) // 2
        if first[low:middle] == second[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
