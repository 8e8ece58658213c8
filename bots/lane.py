"""A lane: one coroutine that handles the items of one conversation in their order."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Lane(Generic[Item]):
    """Lives while it has items. `handle` must not raise.

    `join` may merge a new item into the last waiting one (None: it does not), which keeps
    the lane short when its handler is slow. `emptied` is called when the lane ends.
    """

    def __init__(
        self,
        handle: Callable[[Item], Awaitable[None]],
        join: Callable[[Item, Item], Item | None],
        emptied: Callable[[], object],
    ) -> None:
        self._handle = handle
        self._join = join
        self._emptied = emptied
        self._waiting: deque[Item] = deque()
        self.task = asyncio.create_task(self._run())

    def __len__(self) -> int:
        """How many wait behind the one that is being handled."""
        return len(self._waiting)

    def put(self, item: Item) -> None:
        """Add an item; only from within the event loop, and never after the lane ended."""
        joined = self._join(self._waiting[-1], item) if self._waiting else None
        if joined is not None:
            self._waiting[-1] = joined
        else:
            self._waiting.append(item)

    async def _run(self) -> None:
        try:
            while self._waiting:
                await self._handle(self._waiting.popleft())
        finally:
            self._emptied()
