"""When a child that died is started again."""

from collections import deque

FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 5.0
WELL_AFTER_S = 30.0  # a life so long clears the record
STORM_DEATHS = 5
STORM_S = 60.0


class Backoff:
    """Of one child. Times are seconds of any one clock that the caller reads."""

    def __init__(self) -> None:
        self._pause_s = FIRST_PAUSE_S
        self._deaths: deque[float] = deque(maxlen=STORM_DEATHS)
        self._told_at = float("-inf")

    def pause_after(self, lived_s: float, now: float) -> float:
        """Note a death now, after a life of `lived_s`; how long to wait before the next start."""
        if lived_s >= WELL_AFTER_S:
            self._pause_s = FIRST_PAUSE_S
        pause_s = self._pause_s
        self._pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
        self._deaths.append(now)
        return pause_s

    def is_storm(self, now: float) -> bool:
        """Whether it dies so often that somebody must look; true once a minute at most."""
        full = len(self._deaths) == STORM_DEATHS and now - self._deaths[0] <= STORM_S
        if not full or now - self._told_at < STORM_S:
            return False
        self._told_at = now
        return True
