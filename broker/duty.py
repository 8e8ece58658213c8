"""Who is on duty: of a channel's processes one at a time reads its journal and its outbox.

Two readers would take turns at the messages of one chat and overtake each other. The others
stand by and take over when the one on duty has been silent for `DUTY_S`.
"""

import asyncio
import logging
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from redis.asyncio import Redis

from broker.calls import run_script
from broker.errors import BrokerError
from broker.keys import Keys
from broker.scripts import ON_DUTY
from broker.settings import Settings

logger = logging.getLogger(__name__)

DUTY_S = 3.0


class Duty:
    """One process's part in it."""

    def __init__(self, redis: Redis, settings: Settings, channel: str) -> None:
        self._redis = redis
        self._tag = Keys(settings.redis.namespace).tag
        self._channel = channel
        self._name = uuid.uuid4().hex

    @asynccontextmanager
    async def held(self) -> AsyncIterator[asyncio.Event]:
        """Wait for the duty and keep it; the event is set when it is lost, then stop at once.

        A process that died leaves it after `DUTY_S`; one that ends well, at once.
        """
        await self._until_ours()
        lost = asyncio.Event()
        keeping = asyncio.create_task(self._keep(lost))
        try:
            yield lost
        finally:
            keeping.cancel()
            with suppress(asyncio.CancelledError):
                await keeping
            with suppress(BrokerError):
                await self._ask(0)

    async def _until_ours(self) -> None:
        told = False
        while not await self._try():
            if not told:
                logger.info(
                    "standing by: another process is on duty", extra={"channel": self._channel}
                )
                told = True
            await asyncio.sleep(DUTY_S / 10)

    async def _try(self) -> bool:
        try:
            return await self._ask(DUTY_S)
        except BrokerError as error:
            logger.warning("duty unknown: %s", error, extra={"channel": self._channel})
            return False

    async def _keep(self, lost: asyncio.Event) -> None:
        """An outage of Redis alone loses nothing: nobody else can take the duty meanwhile."""
        asked_at = time.monotonic()
        while True:
            await asyncio.sleep(DUTY_S / 4)
            try:
                ours = await self._ask(DUTY_S)
            except BrokerError:
                continue
            if not ours:
                logger.error(
                    "duty lost",
                    extra={
                        "channel": self._channel,
                        "silent_s": round(time.monotonic() - asked_at, 1),
                    },
                )
                lost.set()
                return
            asked_at = time.monotonic()

    async def _ask(self, seconds: float) -> bool:
        arguments = (self._channel, self._name, int(seconds * 1000))
        return await run_script(self._redis, ON_DUTY, self._tag, *arguments) == 1
