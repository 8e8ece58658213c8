"""A channel's bot in the test's own event loop."""

import asyncio
import gc
import warnings
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from broker.settings import Settings

PATIENCE_S = 30.0

Bots = Callable[..., AbstractAsyncContextManager[None]]
Serve = Callable[[Settings, Callable[[str], None] | None], Coroutine[Any, Any, None]]


def bots_that(serve: Serve) -> Bots:
    """Bots that run, with the settings that each is given, while their block runs."""

    @asynccontextmanager
    async def running(settings: Settings) -> AsyncIterator[None]:
        ready = asyncio.Event()
        serving = asyncio.create_task(serve(settings, lambda _: ready.set()))
        waiting = asyncio.create_task(ready.wait())
        first = asyncio.FIRST_COMPLETED
        try:
            await asyncio.wait([serving, waiting], return_when=first, timeout=PATIENCE_S)
            assert serving.done() or waiting.done(), "the bot is not ready"
            if serving.done():
                serving.result()
            yield
        finally:
            waiting.cancel()
            serving.cancel()
            _, late = await asyncio.wait([serving], timeout=PATIENCE_S)
            assert not late, "the bot did not end"
            # anyio forgets a connection whose opening is cancelled in the very moment in which it
            # succeeds, and aiohttp leaves sockets of broken requests; the collector closes both.
            # Here, not in another test.
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", "unclosed", ResourceWarning)
                gc.collect()

    return running
