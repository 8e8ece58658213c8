"""A worker that leaves does not take idle threads of others with it."""

import asyncio

from redis import Redis as SyncRedis
from redis.asyncio import Redis

from broker.connection import connect
from broker.inbox import Inbox
from broker.keys import Keys
from broker.messages import Address, UserMessage
from broker.settings import Settings, TurnSettings, WorkerSettings
from inference.echo import EchoEngine
from tests.workers.worker_in_thread import working

BUSY = 3


async def threads_known(redis: Redis, settings: Settings) -> int:
    return int(await redis.hget(Keys(settings.redis.namespace)("clock", "echo"), "threads") or 0)


async def test_a_leaving_workers_busy_threads_are_not_held_against_others(
    settings: Settings,
) -> None:
    """Its leases count as busy threads, so these threads must count as threads."""
    settings = settings.model_copy(update={"worker": WorkerSettings(model="echo", threads=8)})
    redis = connect(settings)
    inbox, leases = Inbox(redis, settings), Keys(settings.redis.namespace)("leases", "echo")
    with working(EchoEngine(delay_s=1.5), settings, threads=8) as heartbeat:
        for number in range(BUSY):
            address = Address("web", f"c{number}")
            await inbox.submit(UserMessage(address, "1", f"u{number}", "hello", 1.0))
        async with asyncio.timeout(20):
            while await redis.zcard(leases) < BUSY:
                await asyncio.sleep(0.02)
            heartbeat.close(10)
            while await threads_known(redis, settings) != BUSY:
                assert await redis.zcard(leases) == BUSY
                await asyncio.sleep(0.02)
            while await redis.zcard(leases):
                await asyncio.sleep(0.02)
    await redis.aclose()


def test_a_dead_worker_counts_until_its_leases_have_run_out(settings: Settings) -> None:
    """Else its leases would be held against the threads that live."""
    lease_s = 30.0
    settings = settings.model_copy(
        update={
            "turn": TurnSettings(lease_s=lease_s),
            "worker": WorkerSettings(model="echo", threads=2),
        }
    )
    with working(EchoEngine(), settings, threads=1) as heartbeat:
        claims = heartbeat._claims
        while claims.sweep("", 0, 0).threads != 2:
            pass
        name = Keys(settings.redis.namespace)("workers", "echo")
        with SyncRedis.from_url(settings.redis_url) as client:
            ((_, gone_at),) = client.zrange(name, 0, -1, withscores=True)
            assert gone_at - client.time()[0] > lease_s
