"""The outbox: every reply until it is acknowledged, in order, whatever breaks in between."""

import asyncio
from pathlib import Path

import pytest
from redis.asyncio import Redis

from broker.connection import connect
from broker.keys import Keys
from broker.messages import Address, Reply
from broker.outbox import Outbox, Parcel
from broker.settings import Settings
from tests.broker.cable import open_cable
from tests.redis_process import RedisProcess


async def send(redis: Redis, settings: Settings, *numbers: int) -> None:
    for number in numbers:
        reply = Reply(Address("web", "c"), f"r{number}", (str(number),), "text", "answered")
        key = Keys(settings.redis.namespace)("outbox", "web")
        await redis.xadd(key, {"reply": reply.to_json()})


async def read(outbox: Outbox, count: int, acknowledge: bool = True) -> list[str]:
    """Reply ids of the next parcels."""
    got: list[str] = []
    parcels = outbox.parcels()
    async with asyncio.timeout(20):
        while len(got) < count:
            parcel: Parcel = await anext(parcels)
            got.append(parcel.reply.reply_id)
            if acknowledge:
                await outbox.acknowledge(parcel)
    await parcels.aclose()
    return got


async def test_replies_come_in_order_and_leave_when_acknowledged(
    redis: Redis, settings: Settings
) -> None:
    await send(redis, settings, 1, 2, 3)
    outbox = Outbox(redis, settings, "web", "bot")
    assert await read(outbox, 3) == ["r1", "r2", "r3"]
    assert await redis.xlen(Keys(settings.redis.namespace)("outbox", "web")) == 0


async def test_a_restarted_reader_begins_with_what_it_had_not_acknowledged(
    redis: Redis, settings: Settings
) -> None:
    await send(redis, settings, 1, 2)
    await read(Outbox(redis, settings, "web", "bot"), 2, acknowledge=False)
    await send(redis, settings, 3)
    again = Outbox(redis, settings, "web", "bot")
    assert await read(again, 3) == ["r1", "r2", "r3"]


async def test_a_dead_readers_replies_go_to_another(redis: Redis, settings: Settings) -> None:
    await send(redis, settings, 1)
    await read(Outbox(redis, settings, "web", "dead"), 1, acknowledge=False)
    other = Outbox(redis, settings, "web", "alive", claim_idle_s=0.1)
    assert await read(other, 1) == ["r1"]


async def test_a_living_readers_replies_stay_with_it(redis: Redis, settings: Settings) -> None:
    await send(redis, settings, 1)
    await read(Outbox(redis, settings, "web", "slow"), 1, acknowledge=False)
    await send(redis, settings, 2)
    assert await read(Outbox(redis, settings, "web", "other"), 1) == ["r2"]


@pytest.mark.parametrize("alone", [False, True])
async def test_what_got_lost_on_its_way_comes_before_what_is_new(
    redis: Redis, settings: Settings, redis_server: RedisProcess, alone: bool
) -> None:
    """Redis had handed a reply out when the connection broke; redis-py would ask again."""
    socket = Path("/tmp") / f"{settings.redis.namespace}.sock"
    async with open_cable(redis_server.socket, socket) as cable:
        own = connect(settings.model_copy(update={"redis_url": f"unix://{socket}"}))
        outbox = Outbox(own, settings, "web", "bot", alone=alone)
        reading = asyncio.create_task(read(outbox, 3))
        await send(redis, settings, 1)
        while await redis.xlen(Keys(settings.redis.namespace)("outbox", "web")):
            await asyncio.sleep(0.01)
        cable.break_at(b"r2")
        await send(redis, settings, 2, 3)
        assert await reading == ["r1", "r2", "r3"]
        await own.aclose()


async def test_an_unreadable_reply_holds_up_nobody_and_is_kept(
    redis: Redis, settings: Settings
) -> None:
    key = Keys(settings.redis.namespace)("outbox", "web")
    await redis.xadd(key, {"reply": b'{"v":2}'})
    await redis.xadd(key, {"reply": b"[]"})
    await redis.xadd(key, {"other": b""})
    await send(redis, settings, 1)
    assert await read(Outbox(redis, settings, "web", "bot"), 1) == ["r1"]
    assert await redis.xlen(key) == 3


async def test_a_channel_without_replies_yet_is_waited_for(
    redis: Redis, settings: Settings
) -> None:
    reading = asyncio.create_task(read(Outbox(redis, settings, "web", "bot"), 1))
    await asyncio.sleep(0.1)
    await send(redis, settings, 1)
    assert await reading == ["r1"]


async def test_replies_survive_a_killed_redis_in_order(
    settings: Settings, doomed_redis: RedisProcess
) -> None:
    own = settings.model_copy(update={"redis_url": doomed_redis.url})
    redis = connect(own)
    reading = asyncio.create_task(read(Outbox(redis, own, "web", "bot"), 60))
    for number in range(60):
        await send(redis, own, number)
        if number in (20, 40):
            doomed_redis.kill()
            doomed_redis.start()
    assert await reading == [f"r{number}" for number in range(60)]
    await redis.aclose()
