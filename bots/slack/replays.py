"""Requests that somebody sends a second time, word for word: they are refused."""

import time
from collections.abc import Callable

KEEP_S = 600.0  # Bolt refuses what was signed more than five minutes ago


class Replays:
    """The signatures of what was kept. Slack signs each delivery anew, a retry too, so one that
    comes again is a replay; to other processes it is known by the id of its event."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: dict[str, float] = {}  # by age, the oldest first

    def has(self, signature: str) -> bool:
        return signature in self._kept

    def keep(self, signature: str) -> None:
        """Remember one; the empty one, of Socket Mode, is nobody's."""
        now = self._clock()
        if signature:
            self._kept[signature] = now
        while (oldest := next(iter(self._kept), "")) and self._kept[oldest] < now - KEEP_S:
            del self._kept[oldest]
