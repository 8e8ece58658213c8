"""What a group said lately, on a real Redis."""

import time

from redis.asyncio import Redis

from broker.keys import Keys
from broker.messages import Address
from broker.recents import KEEP_S, Heard, Recents
from broker.settings import Settings

SOUK, OTHER = Address("telegram", "-1"), Address("telegram", "-2")


def heard(number: int, text: str, version: str = "", ago_s: float = 0) -> Heard:
    at = time.time() - ago_s + number / 1000
    return Heard(str(number), version or str(number), f"Amina{number % 2}", text, at)


async def test_the_latest_are_given_in_order_and_older_ones_dropped(
    redis: Redis, settings: Settings
) -> None:
    recents = Recents(redis, settings, most=3)
    for number in range(5):
        for _ in range(2):  # delivered again
            await recents.keep(SOUK, heard(number, f"text {number}", ago_s=10))
    await recents.keep(OTHER, heard(9, "elsewhere"))
    assert len(await recents.latest(SOUK)) == 3
    assert (await recents.latest(SOUK, 2))[-1] == ("Amina0", "text 4")
    assert len(await recents.latest(SOUK, 2)) == 2
    assert 0 < await redis.ttl(Keys(settings.redis.namespace)("recent", SOUK.conversation_id))
    await recents.forget(SOUK)
    assert await recents.latest(SOUK) == ()
    assert await recents.latest(OTHER) == (("Amina1", "elsewhere"),)


async def test_an_edit_takes_the_place_of_what_it_edits(redis: Redis, settings: Settings) -> None:
    recents = Recents(redis, settings, most=10)
    for message in (heard(1, "one"), heard(2, "two"), heard(1, "one, better", "1.77")):
        await recents.keep(SOUK, message)
    assert [text for _, text in await recents.latest(SOUK)] == ["one, better", "two"]


async def test_nothing_is_kept_longer_than_a_day(redis: Redis, settings: Settings) -> None:
    recents = Recents(redis, settings, most=10)
    await recents.keep(SOUK, heard(1, "yesterday", ago_s=KEEP_S + 60))
    await recents.keep(SOUK, heard(2, "today"))
    assert [text for _, text in await recents.latest(SOUK)] == ["today"]
    key = Keys(settings.redis.namespace)("recent", SOUK.conversation_id)
    assert await redis.zcard(key) == 1, "it is gone, not only hidden"
