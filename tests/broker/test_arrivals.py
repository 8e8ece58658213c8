"""The journal of a channel's events, the duty to read it, the record of deliveries, choices."""

import asyncio

import pytest
from redis.asyncio import Redis

from broker.arrivals import Arrival, Arrivals
from broker.connection import connect
from broker.delivery import DeliveryRecord
from broker.duty import Duty
from broker.errors import RedisUnavailable
from broker.messages import Address
from broker.preferences import Choices, Notes, Preferences
from broker.settings import Settings
from broker.waiting import Waiting


async def take(journal: Arrivals, count: int) -> list[Arrival]:
    taken: list[Arrival] = []
    async for arrival in journal.arrivals():
        taken.append(arrival)
        if len(taken) == count:
            break
    return taken


async def test_an_event_is_kept_once_and_read_in_order(redis: Redis, settings: Settings) -> None:
    journal = Arrivals(redis, settings, "telegram")
    kept = [await journal.keep(ident, ident.encode()) for ident in ("1", "2", "1", "3")]
    assert kept == [True, True, False, True]
    assert [arrival.event for arrival in await take(journal, 3)] == [b"1", b"2", b"3"]


async def test_what_was_not_handled_is_read_again_by_the_next_process(
    redis: Redis, settings: Settings
) -> None:
    journal = Arrivals(redis, settings, "telegram")
    for ident in ("1", "2", "3"):
        await journal.keep(ident, b"")
    first = await take(journal, 3)
    await journal.handled(first[1])
    again = await take(Arrivals(redis, settings, "telegram"), 2)
    assert [arrival.event_id for arrival in again] == ["1", "3"]


async def test_a_handled_event_is_still_known(redis: Redis, settings: Settings) -> None:
    journal = Arrivals(redis, settings, "telegram")
    await journal.keep("1", b"")
    await journal.handled((await take(journal, 1))[0])
    assert not await journal.keep("1", b"")


async def test_new_events_reach_a_reader_that_waits(redis: Redis, settings: Settings) -> None:
    journal = Arrivals(redis, settings, "telegram")
    reader = asyncio.create_task(take(journal, 1))
    await asyncio.sleep(0.05)
    await journal.keep("1", b"x")
    assert [arrival.event for arrival in await asyncio.wait_for(reader, 10)] == [b"x"]


async def test_one_process_is_on_duty_and_the_next_takes_over(
    redis: Redis, settings: Settings
) -> None:
    order: list[str] = []

    async def serve(name: str) -> None:
        async with Duty(redis, settings, "telegram").held():
            order.append(f"{name} begins")
            await asyncio.sleep(0.2)
            order.append(f"{name} ends")

    await asyncio.gather(serve("a"), serve("b"))
    assert [line.split()[1] for line in order] == ["begins", "ends", "begins", "ends"]


async def test_who_lost_the_duty_is_told(redis: Redis, settings: Settings) -> None:
    async with Duty(redis, settings, "telegram").held() as lost:
        (key,) = [key async for key in redis.scan_iter("*:duty")]
        await redis.set(key, "another")
        await asyncio.wait_for(lost.wait(), 10)


async def test_choices_and_thumbs_are_kept_until_forgotten(
    redis: Redis, settings: Settings
) -> None:
    preferences = Preferences(redis, settings)
    assert await preferences.of("telegram:1") == Choices()
    await preferences.spoke("telegram:1", "ary")
    await preferences.choose_language("telegram:1", "fr")
    assert (await preferences.of("telegram:1")).tongue == "fr"
    await preferences.rate("telegram:1", "r/1", "down")
    await preferences.rate("telegram:1", "r/1", "up")
    assert await preferences.feedback("telegram:1") == {"r/1": "up"}
    assert await preferences.of("telegram:2") == Choices()
    await preferences.forget("telegram:1")
    assert await preferences.of("telegram:1") == Choices()
    assert await preferences.feedback("telegram:1") == {}


async def test_a_note_is_over_after_its_time(redis: Redis, settings: Settings) -> None:
    notes = Notes(redis, settings, "telegram")
    await notes.write("quiet:1", "yes", 0.05)
    assert await notes.read("quiet:1") == "yes"
    await asyncio.sleep(0.1)
    assert await notes.read("quiet:1") == ""


async def test_every_key_of_a_channel_has_a_lifetime(redis: Redis, settings: Settings) -> None:
    journal = Arrivals(redis, settings, "telegram")
    await journal.keep("1", b"")
    await DeliveryRecord(redis, settings).attempt("r/1", "0")
    await Preferences(redis, settings).spoke("telegram:1", "ary")
    async for key in redis.scan_iter(f"{{{settings.redis.namespace}}}*"):
        assert await redis.pttl(key) > 0, key


async def test_an_empty_queue_has_no_line(redis: Redis, settings: Settings) -> None:
    waiting = Waiting(redis, settings)
    assert (await waiting.line("echo", Address("web", "c"))).in_front == 0
    assert await waiting.models() == ()


async def test_without_redis_keeping_says_so(settings: Settings) -> None:
    nowhere = settings.model_copy(update={"redis_url": "unix:///nowhere/redis.sock"})
    client = connect(nowhere)
    with pytest.raises(RedisUnavailable):
        await Arrivals(client, nowhere, "telegram").keep("1", b"")
    await client.aclose()
