"""The bots' connection: a busy task of theirs can be cancelled."""

import asyncio
import random

from broker.connection import connect
from broker.settings import Settings


async def test_a_task_busy_with_redis_heeds_the_first_cancellation(settings: Settings) -> None:
    redis = connect(settings)

    async def be_busy() -> None:
        while True:
            await redis.get("key")

    chance = random.Random(7)
    try:
        for _ in range(200):
            task = asyncio.create_task(be_busy())
            await asyncio.sleep(chance.random() * 0.002)
            task.cancel()
            done, _ = await asyncio.wait([task], timeout=5)
            assert done
    finally:
        await redis.aclose()
