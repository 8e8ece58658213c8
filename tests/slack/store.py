"""The bot's Redis as a test looks into it."""

import asyncio

import redis.asyncio
from redis.asyncio import Redis

from broker.settings import Settings
from broker.waiting import Waiting


def client(settings: Settings) -> Redis:
    return redis.asyncio.Redis.from_url(settings.redis_url)


async def models_at_work(count: int, store: Redis, settings: Settings) -> None:
    """Wait until so many are."""
    async with asyncio.timeout(30):
        while len(await Waiting(store, settings).models()) != count:
            await asyncio.sleep(0.02)
