"""One chaos run: users write, something terrible happens, all settles, we count."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from redis.asyncio import Redis
from redis.exceptions import RedisError

from broker.connection import connect
from broker.keys import Keys
from broker.settings import Settings
from tests.chaos.fleet import Fleet
from tests.chaos.report import Row
from tests.chaos.traffic import Traffic
from tests.chaos.verdict import Verdict, judge, settle
from tests.chaos.worker import Character
from tests.redis_process import RedisProcess


@dataclass(frozen=True)
class Size:
    """How much of everything."""

    conversations: int
    messages: int
    spread_s: float
    worker_kills: int
    redis_kills: int
    freezes: int
    frozen_s: float


@dataclass(frozen=True)
class Scene:
    """Where it happens. What is recorded stands in the table at the end of the test run."""

    server: RedisProcess
    settings: Settings
    log: Path
    record: Callable[[Row], None]

    async def play(
        self,
        name: str,
        size: Size,
        *faults: Callable[["Chaos"], Awaitable[None]],
        character: Character | None = None,
    ) -> "Chaos":
        """Run one scenario to its end, whatever that is."""
        redis = connect(self.settings)
        traffic = Traffic(redis, self.settings, size.conversations, size.messages, size.spread_s)
        try:
            with Fleet(self.settings, self.log, character=character) as fleet:
                chaos = Chaos(self, fleet, redis, traffic, size)
                await chaos.run(name, *faults)
        finally:
            await redis.aclose()
        return chaos


class Chaos:
    """Users, workers and Redis, and what befalls them."""

    def __init__(
        self, scene: Scene, fleet: Fleet, redis: Redis, traffic: Traffic, size: Size
    ) -> None:
        self.scene, self.fleet, self.redis, self.traffic = scene, fleet, redis, traffic
        self.size = size
        self.settings = scene.settings
        self.verdict: Verdict | None = None
        self.recovery_s: float | None = None
        self._recoveries: list[asyncio.Task[float]] = []

    async def run(self, name: str, *faults: Callable[["Chaos"], Awaitable[None]]) -> None:
        reader = asyncio.create_task(self.traffic.read_replies())
        try:
            await asyncio.gather(self.traffic.submit_all(), *(fault(self) for fault in faults))
            settled_s = await settle(self.redis, self.settings, self.traffic, timeout_s=120)
            self.verdict = await judge(self.redis, self.settings, self.traffic)
        finally:
            reader.cancel()
        if self._recoveries:
            self.recovery_s = max(await asyncio.gather(*self._recoveries))
        messages = len(self.traffic.addresses) * self.traffic.messages
        self.scene.record(Row(name, messages, self.verdict, settled_s, self.recovery_s))

    async def kill_workers(self) -> None:
        """One after the other, while users write."""
        for number in range(self.size.worker_kills):
            await asyncio.sleep(self.size.spread_s / (self.size.worker_kills + 1))
            index = number % 2
            held = await self._held_by(self.fleet.pid(index))
            self.fleet.kill(index)
            self._recoveries.append(asyncio.create_task(self._until_recovered(held)))

    async def kill_redis(self) -> None:
        for _ in range(self.size.redis_kills):
            await asyncio.sleep(self.size.spread_s / (self.size.redis_kills + 1))
            self.scene.server.kill()
            await asyncio.sleep(0.3)
            await asyncio.to_thread(self.scene.server.start)

    async def freeze_workers(self) -> None:
        for number in range(self.size.freezes):
            await asyncio.sleep(self.size.spread_s / (self.size.freezes + 3))
            pid = self.fleet.freeze(number % 2)
            await asyncio.sleep(self.size.frozen_s)
            self.fleet.thaw(pid)

    async def _held_by(self, pid: int) -> dict[str, bytes]:
        """Fences of the conversations that this worker is answering, as far as Redis is there."""
        keys = Keys(self.settings.redis.namespace)
        held: dict[str, bytes] = {}
        with suppress(RedisError):
            names = await self.redis.zrange(keys("leases", self.settings.worker.model), 0, -1)
            for name in cast(list[bytes], names):
                state = keys("state", name.decode())
                found = await self.redis.hmget(state, ["owner", "fence"])
                owner, fence = cast(list[bytes], found)
                if owner and f".{pid}." in owner.decode():
                    held[state] = fence
        return held

    async def _until_recovered(self, held: dict[str, bytes]) -> float:
        """Seconds until each of them was taken by another worker."""
        start = time.monotonic()
        while held:
            with suppress(RedisError):
                for state, fence in list(held.items()):
                    if await self.redis.hget(state, "fence") != fence:
                        del held[state]
            await asyncio.sleep(0.02)
        return time.monotonic() - start
