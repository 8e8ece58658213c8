"""A bot as a process: it serves until it is told to end."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

from redis.asyncio import Redis

from broker.connection import connect
from broker.settings import Settings

logger = logging.getLogger(__name__)


def run_until_told(what: str, serve: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run `serve` until SIGTERM or SIGINT cancels it; what it raises is raised.

    `what` names it in the log.
    """
    asyncio.run(_until_told(what, serve))


async def _until_told(what: str, serve: Callable[[], Coroutine[Any, Any, None]]) -> None:
    serving = asyncio.create_task(serve())
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, serving.cancel)
    with suppress(asyncio.CancelledError):
        await serving
    logger.info("%s stopped", what)


@asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator[Redis]:
    """A client of Redis while the block runs."""
    redis = connect(settings)
    try:
        yield redis
    finally:
        await redis.aclose()
