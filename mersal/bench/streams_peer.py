"""Raw Redis Streams: XADD, one consumer of a group, every message acknowledged by itself."""

from typing import cast

import redis
import redis.asyncio

from mersal.bench.order import Order
from mersal.bench.peer import THREADS, Peer, Phase
from mersal.bench.timesheet import Timesheet

Entry = tuple[bytes, dict[bytes, bytes]]

STREAM, GROUP = "bench:stream", "bench"


class StreamsPeer(Peer):
    name = "streams"
    title = "Redis Streams"

    async def open(self) -> None:
        self._redis = redis.asyncio.Redis.from_url(self.url)

    async def close(self) -> None:
        await self._redis.aclose()

    async def send(self, phase: Phase, order: Order) -> None:
        await self._redis.xadd(STREAM, {"text": order.to_text()})

    def serve(self, sheet: Timesheet) -> None:
        client = redis.Redis.from_url(self.url, protocol=2)
        client.xgroup_create(STREAM, GROUP, id="0", mkstream=True)
        while True:
            answer = client.xreadgroup(GROUP, "one", {STREAM: ">"}, count=THREADS, block=1000)
            for _, entries in cast(list[tuple[bytes, list[Entry]]], answer or []):
                for entry, fields in entries:
                    sheet.stamp(Order.from_text(fields[b"text"].decode()).index)
                    client.xack(STREAM, GROUP, entry)
