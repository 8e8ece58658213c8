"""The outbox of one channel: replies until they are delivered.

A consumer group reads each reply once; what a dead bot had read but not acknowledged goes
to the next reader after `claim_idle_s`. Acknowledged replies are deleted, others are never.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import cast

from redis.asyncio import Redis
from redis.exceptions import ConnectionError, RedisError, ResponseError, TimeoutError

from broker.errors import BadMessage, UnsupportedVersion
from broker.keys import Keys
from broker.messages import Reply
from broker.settings import Settings

logger = logging.getLogger(__name__)

GROUP = "relay"
BLOCK_MS = 2000
BATCH = 100


@dataclass(frozen=True, slots=True)
class Parcel:
    """A reply in the outbox; `entry` acknowledges it."""

    entry: str
    reply: Reply


class Outbox:
    """Reads and acknowledges the replies of a channel for one bot process."""

    def __init__(
        self,
        redis: Redis,
        settings: Settings,
        channel: str,
        reader: str,
        claim_idle_s: float = 30,
        alone: bool = False,
    ) -> None:
        """`alone`: no other process reads now (see broker.duty), so whatever others had read is
        ours, all of it before anything new: order holds across a restart."""
        self._redis = redis
        self._key = Keys(settings.redis.namespace)("outbox", channel)
        self._reader = reader
        self._claim_idle_ms = int(claim_idle_s * 1000)
        self._alone = alone

    async def parcels(self) -> AsyncIterator[Parcel]:
        """Yield replies for ever, a dead reader's first; outages of Redis are waited out."""
        pause_s = 0.05
        inherited = "0-0" if self._alone else ""
        while True:
            try:
                await self._ensure_group()
                if inherited:
                    inherited, entries = await self._inherit(inherited)
                else:
                    entries = [*await self._abandoned(), *await self._new()]
                for entry, fields in entries:
                    parcel = await self._open(entry, fields)
                    if parcel is not None:
                        yield parcel
                pause_s = 0.05
            except (ConnectionError, TimeoutError, ResponseError) as error:
                logger.warning("outbox unreadable, waiting: %s", error)
                await asyncio.sleep(pause_s)
                pause_s = min(pause_s * 2, 1.0)

    async def acknowledge(self, parcel: Parcel) -> None:
        """The last part is out: forget the parcel. Waits out an outage of Redis."""
        while True:
            try:
                async with self._redis.pipeline(transaction=True) as pipe:
                    pipe.xack(self._key, GROUP, parcel.entry)
                    pipe.xdel(self._key, parcel.entry)
                    await pipe.execute()
                return
            except RedisError as error:
                logger.warning("outbox not acknowledged, trying again: %s", error)
                await asyncio.sleep(0.2)

    async def _ensure_group(self) -> None:
        try:
            await self._redis.xgroup_create(self._key, GROUP, id="0", mkstream=True)
        except ResponseError as error:
            if "BUSYGROUP" not in str(error):
                raise

    async def _inherit(self, start: str) -> tuple[str, list[tuple[bytes, dict[bytes, bytes]]]]:
        """A page of what any reader had not acknowledged; "" when it is the last."""
        answer = await self._redis.xautoclaim(
            self._key, GROUP, self._reader, min_idle_time=0, start_id=start, count=BATCH
        )
        after = cast(bytes, answer[0]).decode()
        entries = cast(list[tuple[bytes, dict[bytes, bytes]]], answer[1])
        return "" if after == "0-0" else after, entries

    async def _abandoned(self) -> list[tuple[bytes, dict[bytes, bytes]]]:
        if self._alone:
            return []
        answer = await self._redis.xautoclaim(
            self._key, GROUP, self._reader, min_idle_time=self._claim_idle_ms, count=BATCH
        )
        return cast(list[tuple[bytes, dict[bytes, bytes]]], answer[1])

    async def _new(self) -> list[tuple[bytes, dict[bytes, bytes]]]:
        answer = await self._redis.xreadgroup(
            GROUP, self._reader, {self._key: ">"}, count=BATCH, block=BLOCK_MS
        )
        if not answer:
            return []
        streams = answer.values() if isinstance(answer, dict) else [item[1] for item in answer]
        (entries,) = streams
        return cast(list[tuple[bytes, dict[bytes, bytes]]], entries)

    async def _open(self, entry: bytes, fields: dict[bytes, bytes]) -> Parcel | None:
        try:
            return Parcel(entry.decode(), Reply.from_json(fields[b"reply"]))
        except (BadMessage, UnsupportedVersion) as error:
            # Left unacknowledged: a newer bot can still deliver it.
            logger.error("outbox entry=%s unreadable: %s", entry.decode(), error)
            return None
