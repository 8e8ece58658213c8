"""An allowance of calls that comes back bit by bit, counted in this process."""

import time

TIDY_ABOVE = 10_000  # keys


class Allowance:
    """So many calls within a window, by key; 0: any number. One number a key is kept: when its
    allowance is whole again (the generic cell rate algorithm)."""

    def __init__(self, calls: int, window_s: float) -> None:
        self._calls = calls
        self._window_s = window_s
        self._whole_at: dict[str, float] = {}

    def wait_s(self, key: str) -> float:
        """Seconds until the next call may be; 0 when it may be now."""
        return max(0.0, self._after_one(key) - self._window_s - time.monotonic())

    def spend(self, key: str) -> float:
        """Like `wait_s`; when the call may be now, it is counted."""
        wait_s = self.wait_s(key)
        if not wait_s and self._calls:
            self._whole_at[key] = self._after_one(key)
            self._tidy()
        return wait_s

    def _after_one(self, key: str) -> float:
        now = time.monotonic()
        step_s = self._window_s / self._calls if self._calls else 0.0
        return max(now, self._whole_at.get(key, now)) + step_s

    def _tidy(self) -> None:
        if len(self._whole_at) > TIDY_ABOVE:
            now = time.monotonic()
            self._whole_at = {key: at for key, at in self._whole_at.items() if at > now}
