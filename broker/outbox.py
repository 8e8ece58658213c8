"""The outbox of one channel: replies until they are delivered.

A consumer group reads each reply once; what a dead bot had read but not acknowledged goes
to the next reader after `claim_idle_s`. Acknowledged replies are deleted, others are never.
"""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Protocol, cast

from redis.asyncio import Redis
from redis.asyncio.connection import Connection
from redis.exceptions import ConnectionError, RedisError, ResponseError, TimeoutError

from broker.errors import BadMessage, UnsupportedVersion
from broker.keys import Keys
from broker.messages import Reply
from broker.settings import Settings

logger = logging.getLogger(__name__)

GROUP = "relay"
BLOCK_MS = 2000
BATCH = 100
LOOK_EVERY_S = 1.0  # for what a dead reader left


@dataclass(frozen=True, slots=True)
class Parcel:
    """A reply in the outbox; `entry` acknowledges it."""

    entry: str
    reply: Reply


class _Pool(Protocol):
    """What we use of redis-py's pool."""

    async def get_connection(self) -> Connection: ...

    async def release(self, connection: Connection) -> None: ...


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
        self._look_at = 0.0

    async def parcels(self) -> AsyncGenerator[Parcel, None]:
        """Yield replies for ever, the oldest first; outages of Redis are waited out.

        After an outage what this reader has not acknowledged is yielded again: some of it may
        have got lost on its way, and must not come after what is newer.
        """
        pause_s, missed, has_group = 0.05, "0-0", False
        while True:
            try:
                if not has_group:
                    await self._ensure_group()
                    has_group = True
                if missed:
                    missed, entries = await self._missed(missed)
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
                pause_s, missed, has_group = min(pause_s * 2, 1.0), "0-0", False

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

    async def _missed(self, start: str) -> tuple[str, list[tuple[bytes, dict[bytes, bytes]]]]:
        """A page of what is not acknowledged, by any reader when we are alone; "" when it is
        the last."""
        if not self._alone:
            entries = await self._read_group(start)
            return entries[-1][0].decode() if entries else "", entries
        answer = await self._redis.xautoclaim(
            self._key, GROUP, self._reader, min_idle_time=0, start_id=start, count=BATCH
        )
        after = cast(bytes, answer[0]).decode()
        entries = cast(list[tuple[bytes, dict[bytes, bytes]]], answer[1])
        return "" if after == "0-0" else after, entries

    async def _abandoned(self) -> list[tuple[bytes, dict[bytes, bytes]]]:
        if self._alone or time.monotonic() < self._look_at:
            return []
        self._look_at = time.monotonic() + min(LOOK_EVERY_S, self._claim_idle_ms / 1000)
        answer = await self._redis.xautoclaim(
            self._key, GROUP, self._reader, min_idle_time=self._claim_idle_ms, count=BATCH
        )
        return cast(list[tuple[bytes, dict[bytes, bytes]]], answer[1])

    async def _new(self) -> list[tuple[bytes, dict[bytes, bytes]]]:
        return await self._read_group(">", block_ms=BLOCK_MS)

    async def _read_group(
        self, after: str, block_ms: int | None = None
    ) -> list[tuple[bytes, dict[bytes, bytes]]]:
        """What is new (">"), or else what this reader holds after the entry `after`.

        Without the client's own retries: a second attempt would silently step over what the
        first had been handed.
        """
        command = ["XREADGROUP", "GROUP", GROUP, self._reader, "COUNT", str(BATCH)]
        command += ["BLOCK", str(block_ms)] if block_ms is not None else []
        pool = cast(_Pool, self._redis.connection_pool)
        connection = await pool.get_connection()
        try:
            await connection.send_command(*command, "STREAMS", self._key, after)
            answer = await self._redis.parse_response(connection, "XREADGROUP")
        finally:
            await pool.release(connection)
        if not answer:
            return []
        streams = answer.values() if isinstance(answer, dict) else [item[1] for item in answer]
        (entries,) = streams
        return cast(list[tuple[bytes, dict[bytes, bytes]]], entries)

    async def _open(self, entry: bytes, fields: dict[bytes, bytes]) -> Parcel | None:
        try:
            return Parcel(entry.decode(), Reply.from_json(fields.get(b"reply", b"")))
        except (BadMessage, UnsupportedVersion) as error:
            # Left unacknowledged: a newer bot can still deliver it.
            logger.error("reply unreadable: %s", error, extra={"entry": entry.decode()})
            return None
