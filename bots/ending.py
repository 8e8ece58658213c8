"""Ending tasks for certain."""

import asyncio

AGAIN_S = 0.2


async def end(*tasks: "asyncio.Task[None]") -> None:
    """Cancel until all are done; what they raise is theirs to log. They must not clean up long.

    Once is not enough: redis-py writes under asyncio.wait_for, which before Python 3.12 loses
    a cancellation that comes while the write completes (https://bugs.python.org/issue37658).
    """
    while pending := [task for task in tasks if not task.done()]:
        for task in pending:
            task.cancel()
        await asyncio.wait(pending, timeout=AGAIN_S)
