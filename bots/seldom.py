"""Words that are not said over and over, so that a flood of messages brings no flood of words."""

import time
from collections.abc import Awaitable, Callable

EVERY_S = 60.0
KEPT = 10_000


class Seldom:
    """Of one process: another one, after a restart, may say the same again."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._said_at: dict[str, float] = {}

    async def say(self, what: str, call: Callable[[], Awaitable[None]]) -> None:
        """Make the call that says it, unless `what` was said within the last minute."""
        now = self._clock()
        if now - self._said_at.get(what, now - EVERY_S) < EVERY_S:
            return
        if len(self._said_at) >= KEPT:
            fresh = {one: at for one, at in self._said_at.items() if now - at < EVERY_S}
            self._said_at = fresh
        self._said_at[what] = now  # before it is said: others come meanwhile
        try:
            await call()
        except BaseException:
            self._said_at.pop(what, None)
            raise
