"""A gate: keeps calls apart whatever delays them on their way."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Gate:
    """Lets at most `calls` be under way or ended within the last `window_s` seconds.

    The budget counts when calls leave, the platform when they arrive. A busy machine or network
    delays some, so that they arrive together; this holds whatever delays them.
    """

    def __init__(self, calls: int, window_s: float) -> None:
        self._free = asyncio.Semaphore(calls)
        self._window_s = window_s
        self._taken = 0

    @property
    def idle(self) -> bool:
        """Nobody is inside, waits, or has left less than a window ago."""
        return self._taken == 0

    @property
    def full(self) -> bool:
        """Who comes now must wait."""
        return self._free.locked()

    @asynccontextmanager
    async def passed(self) -> AsyncIterator[None]:
        """Wait for a place; it is free again a window after the block has ended."""
        self._taken += 1
        try:
            await self._free.acquire()
        except BaseException:
            self._taken -= 1
            raise
        try:
            yield
        finally:
            asyncio.get_running_loop().call_later(self._window_s, self._leave)

    def _leave(self) -> None:
        self._taken -= 1
        self._free.release()
