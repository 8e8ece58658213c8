"""Ending tasks."""

import asyncio


async def end(*tasks: "asyncio.Task[None]") -> None:
    """Cancel these tasks and wait until they are done; what they raise is theirs to log."""
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks)
