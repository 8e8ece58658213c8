"""Which slot belongs to which row, and what the free ones still hold."""

from collections.abc import Sequence

WORTH_REUSING_TOKENS = 16
"""A shorter common beginning saves less than the older conversation it would push out."""


class SlotTable:
    """Hands out slots. A freed slot keeps its tokens' keys and values until it is taken again,
    so a conversation that goes on finds what was computed for its last turn."""

    def __init__(self, slots: int) -> None:
        self._held: list[Sequence[int]] = [()] * slots
        self._free = dict.fromkeys(range(slots))  # ordered: the longest unused first

    @property
    def has_free(self) -> bool:
        return bool(self._free)

    def take(self, ids: Sequence[int]) -> tuple[int, int]:
        """A slot for `ids` and how many of them are in it already, always less than all."""
        shared = {slot: _common(self._held[slot], ids) for slot in self._free}
        best = max(shared, key=shared.__getitem__)
        if shared[best] < WORTH_REUSING_TOKENS:
            best = next(iter(self._free))
            shared[best] = 0
        del self._free[best]
        self._held[best] = ()
        return best, min(shared[best], len(ids) - 1)

    def release(self, slot: int, stored: Sequence[int]) -> None:
        """Free `slot`, in which the keys and values of `stored` are."""
        self._held[slot] = tuple(stored)
        self._free[slot] = None


def _common(first: Sequence[int], second: Sequence[int]) -> int:
    count = 0
    for a, b in zip(first, second, strict=False):
        if a != b:
            break
        count += 1
    return count
