"""Waiting for what will happen."""

import asyncio
from collections.abc import Callable


async def until(condition: Callable[[], object], timeout_s: float = 30) -> None:
    """Wait until something holds; deadlines are generous, machines are busy."""
    async with asyncio.timeout(timeout_s):
        while not condition():
            await asyncio.sleep(0.02)
