"""How long a child has shown no sign of life."""

from mersal.vital import Vital

# Between two looks no more is counted: when we ourselves did not run (a suspended laptop, a
# stopped terminal), the others may not have run either.
LONGEST_LOOK_S = 1.0
# A child that starts gets so many times the patience: loading a large library or model may let
# no other thread run for long.
STARTING = 10.0


class Silence:
    """Of one child. Times are seconds of any one clock that the caller reads."""

    def __init__(self, vital: Vital, limit_s: float) -> None:
        self._vital = vital
        self._limit_s = limit_s

    def begin(self, now: float) -> None:
        """The child is about to be started."""
        self._vital.begin()
        self._mark = self._vital.look().mark
        self._looked_at = now
        self._silent_s = 0.0

    def is_too_long(self, now: float) -> bool:
        """Look for a sign; whether there has been none for longer than it may take."""
        sign = self._vital.look()
        self._silent_s += min(now - self._looked_at, LONGEST_LOOK_S)
        self._looked_at = now
        if sign.mark != self._mark:
            self._mark, self._silent_s = sign.mark, 0.0
        return self._silent_s > self._limit_s * (1.0 if sign.works else STARTING)
