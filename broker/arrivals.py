"""The journal of a channel's events: kept before the platform is told that we have them.

A platform forgets an event as soon as it is acknowledged. So a bot keeps the raw event here
first, acknowledges, and then handles it; what was kept but not handled when a process died is
handled by the next one. Handled events are deleted: the journal holds text for moments only.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import cast

from redis.asyncio import Redis
from redis.exceptions import RedisError

from broker.calls import run_script
from broker.keys import Keys
from broker.scripts import ARRIVE
from broker.settings import Settings

logger = logging.getLogger(__name__)

BATCH = 100
BLOCK_MS = 2000


@dataclass(frozen=True, slots=True)
class Arrival:
    """An event as the platform sent it; `entry` marks it as handled."""

    entry: str
    event_id: str
    event: bytes


class Arrivals:
    """The journal of one channel. `arrivals` has one reader at a time (see broker.duty)."""

    def __init__(self, redis: Redis, settings: Settings, channel: str) -> None:
        keys = Keys(settings.redis.namespace)
        self._redis = redis
        self._tag = keys.tag
        self._key = keys("arrivals", channel)
        self._channel = channel
        self._retention = settings.retention

    async def keep(self, event_id: str, event: bytes) -> bool:
        """Keep an event; False when this id was kept before. Raises RedisUnavailable."""
        keep = self._retention
        arguments = (self._channel, event_id, event, keep.dedup_s, keep.conversation_s)
        return await run_script(self._redis, ARRIVE, self._tag, *arguments) == 1

    async def arrivals(self) -> AsyncIterator[Arrival]:
        """Yield every event not yet handled, the oldest first, each once per call of this method.

        Outages of Redis are waited out.
        """
        last, pause_s = "0-0", 0.05
        while True:
            try:
                answer = await self._redis.xread({self._key: last}, count=BATCH, block=BLOCK_MS)
                pause_s = 0.05
            except RedisError as error:
                logger.warning("journal unreadable, waiting: %s", error)
                await asyncio.sleep(pause_s)
                pause_s = min(pause_s * 2, 1.0)
                continue
            for entry, fields in _entries(answer):
                last = entry.decode()
                yield Arrival(last, fields[b"id"].decode(), fields[b"event"])

    async def since(self, entry: str) -> AsyncIterator[Arrival]:
        """Yield what is not yet handled, from this entry on to the last. Waits out outages."""
        start = entry
        while True:
            try:
                answer = await self._redis.xrange(self._key, start, "+", count=BATCH)
            except RedisError as error:
                logger.warning("journal unreadable, waiting: %s", error)
                await asyncio.sleep(0.2)
                continue
            entries = cast(list[tuple[bytes, dict[bytes, bytes]]], answer)
            for name, fields in entries:
                yield Arrival(name.decode(), fields[b"id"].decode(), fields[b"event"])
            if len(entries) < BATCH:
                return
            start = f"({entries[-1][0].decode()}"

    async def handled(self, arrival: Arrival) -> None:
        """Forget the event, not its id. Waits out an outage of Redis."""
        while True:
            try:
                await self._redis.xdel(self._key, arrival.entry)
                return
            except RedisError as error:
                logger.warning("journal not written, trying again: %s", error)
                await asyncio.sleep(0.2)


def _entries(answer: object) -> list[tuple[bytes, dict[bytes, bytes]]]:
    """What XREAD says of its one stream, in either version of Redis's protocol."""
    if not answer:
        return []
    if isinstance(answer, dict):
        (found,) = answer.values()
        # RESP3 nests the list of entries once more
        found = found[0] if found and isinstance(found[0], list) else found
    else:
        ((_, found),) = cast(list[tuple[bytes, object]], answer)
    return cast(list[tuple[bytes, dict[bytes, bytes]]], found)
