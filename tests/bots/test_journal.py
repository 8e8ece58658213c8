"""Reading the journal: order inside a lane, and no lane in another's way."""

import asyncio
import json
from typing import Any

import pytest
from redis.asyncio import Redis

from bots import journal
from bots.journal import JournalReader
from broker.arrivals import Arrivals
from broker.settings import Settings


class Recorder:
    """Handles events of the lane "slow" only when it may."""

    def __init__(self) -> None:
        self.handled: list[tuple[str, int]] = []
        self.may = asyncio.Event()

    def lane_of(self, event: dict[str, Any]) -> str:
        return str(event["lane"])

    async def handle(self, event: dict[str, Any], _: str) -> None:
        if event["lane"] == "slow":
            await self.may.wait()
        self.handled.append((event["lane"], event["number"]))

    async def until(self, lane: str, numbers: int) -> None:
        async with asyncio.timeout(30):
            while [n for name, n in self.handled if name == lane] != list(range(numbers)):
                await asyncio.sleep(0.01)


async def test_a_flood_in_one_lane_delays_no_other_and_keeps_its_order(
    redis: Redis, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "SIDE_BY_SIDE", 8)
    monkeypatch.setattr(journal, "IN_A_LANE", 5)
    arrivals, recorder = Arrivals(redis, settings, "test"), Recorder()

    async def keep(lane: str, first: int, count: int) -> None:
        for number in range(first, first + count):
            event = json.dumps({"lane": lane, "number": number}).encode()
            await arrivals.keep(f"{lane}{number}", event)

    await keep("slow", 0, 130)
    await keep("fast", 0, 20)
    reading = asyncio.create_task(JournalReader(arrivals, recorder).run())
    try:
        await recorder.until("fast", 20)
        assert ("slow", 0) not in recorder.handled
        recorder.may.set()
        await asyncio.gather(keep("slow", 130, 30), keep("fast", 20, 10))  # while it catches up
        await asyncio.gather(recorder.until("slow", 160), recorder.until("fast", 30))
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
    assert await redis.xlen(f"{{{settings.redis.namespace}}}:a:test:arrivals") == 0
