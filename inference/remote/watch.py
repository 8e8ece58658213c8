"""Whether a server is there: greeted until it works, then asked again and again."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from inference.remote.endpoint import Endpoint
from inference.remote.failures import Failure, Misfit, Refused

logger = logging.getLogger(__name__)

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 15.0

Greet = Callable[[Endpoint], Awaitable[None]]


class Watch:
    """Looks after one server for ever. `failure` says why it is not there."""

    def __init__(self, endpoint: Endpoint, greet: Greet, every_s: float) -> None:
        """`greet` proves that the server works and learns what it is; it raises Failure."""
        self.endpoint = endpoint
        self.failure: Failure | None = None
        self._greet = greet
        self._every_s = every_s

    @property
    def hopeless(self) -> bool:
        """Whether the reason is one that waiting does not mend."""
        return isinstance(self.failure, Misfit | Refused)

    async def run(self, greeted: Callable[[], None]) -> None:
        """`greeted` is called after every greeting, whether it went well or not."""
        pause_s = 0.0
        while True:
            await asyncio.sleep(pause_s)
            told = self.failure
            self.failure = await self._try(self._greet)
            if self.failure is None:
                logger.info("server %s is there", self.endpoint.url)
                pause_s = 0.0
                self.endpoint.returned()
                greeted()
                await self._until_gone()
                logger.warning("server %s is left out until it works", self.endpoint.url)
                continue
            pause_s = min(max(FIRST_PAUSE_S, pause_s * 2), LONGEST_PAUSE_S)
            if told is None or told.reason != self.failure.reason:
                logger.warning("server %s: %s", self.endpoint.url, self.failure.reason)
            greeted()

    async def _until_gone(self) -> None:
        while self.endpoint.present:
            try:
                async with asyncio.timeout(self._every_s):
                    await self.endpoint.left.wait()
            except TimeoutError:
                failure = await self._try(Endpoint.models)
                if failure is not None:
                    self.endpoint.failed(failure)

    async def _try(self, call: Callable[[Endpoint], Awaitable[object]]) -> Failure | None:
        try:
            await call(self.endpoint)
        except Failure as failure:
            return failure
        except Exception as error:  # noqa: BLE001 - who watches must not die of what it sees
            logger.exception("server %s could not be asked", self.endpoint.url)
            return Failure(f"unexpected: {type(error).__name__}")
        return None
