"""The sign that an answer is on its way."""

import asyncio
import math

import pytest
from redis.asyncio import Redis

from bots.working import Working
from broker.awaited import Awaited
from broker.conversation import Conversations
from broker.inbox import Inbox
from broker.messages import Address, UserMessage
from broker.settings import Settings

HERE = Address("test", "77")
EVERY_S = 0.1


class Signs:
    """What was shown: where, in which language, after how long."""

    def __init__(self) -> None:
        self.shown: list[tuple[str, str, float]] = []

    async def show(self, address: Address, language: str, waited_s: float) -> None:
        self.shown.append((address.chat, language, waited_s))

    async def until(self, count: int) -> None:
        async with asyncio.timeout(20):
            while len(self.shown) < count:
                await asyncio.sleep(0.01)


@pytest.fixture
def signs() -> Signs:
    return Signs()


async def test_a_sign_is_kept_up_and_taken_up_after_a_restart_until_the_answer_is_there(
    redis: Redis, settings: Settings, signs: Signs
) -> None:
    conversations, awaited = Conversations(redis, settings), Awaited(redis, settings, "test")
    inbox = Inbox(redis, settings)
    await inbox.submit(UserMessage(HERE, "1", "77", "salam", 0.0, "ary"))

    first = Working(signs.show, conversations, awaited, EVERY_S)
    first.start(HERE, "ary")
    await signs.until(3)
    assert {(chat, language) for chat, language, _ in signs.shown} == {("77", "ary")}
    assert signs.shown[0][2] < 5
    await first.close()

    before = len(signs.shown)
    second = Working(signs.show, conversations, awaited, EVERY_S)
    await second.resume()
    await signs.until(before + 2)
    assert signs.shown[-1] == ("77", "ary", math.inf)  # nobody knows how long it was

    await second.done(HERE.conversation_id)
    shown = len(signs.shown)
    third = Working(signs.show, conversations, awaited, EVERY_S)
    await third.resume()
    await asyncio.sleep(5 * EVERY_S)
    assert len(signs.shown) == shown
    await second.close()
    await third.close()


async def test_a_sign_of_what_is_over_is_not_taken_up(
    redis: Redis, settings: Settings, signs: Signs
) -> None:
    awaited = Awaited(redis, settings, "test")
    await awaited.add(HERE.conversation_id, "fr")
    working = Working(signs.show, Conversations(redis, settings), awaited, EVERY_S)
    await working.resume()
    async with asyncio.timeout(20):
        while await awaited.all():
            await asyncio.sleep(0.01)
    assert not signs.shown
    await working.close()


async def test_while_pieces_of_the_answer_show_there_is_no_sign(
    redis: Redis, settings: Settings, signs: Signs
) -> None:
    await Inbox(redis, settings).submit(UserMessage(HERE, "1", "77", "salam", 0.0))
    working = Working(
        signs.show, Conversations(redis, settings), Awaited(redis, settings, "test"), 0.2
    )
    working.start(HERE, "")
    await signs.until(1)
    for _ in range(10):
        working.shown(HERE.conversation_id)
        await asyncio.sleep(0.1)
    assert len(signs.shown) <= 2
    await signs.until(4)  # it says nothing more: the sign is back
    await working.close()


async def test_after_an_answer_the_sign_goes_on_for_what_was_asked_meanwhile(
    redis: Redis, settings: Settings, signs: Signs
) -> None:
    awaited = Awaited(redis, settings, "test")
    working = Working(signs.show, Conversations(redis, settings), awaited, 60.0)
    working.start(HERE, "fr")
    await signs.until(1)
    working.shown(HERE.conversation_id)
    await working.done(HERE.conversation_id)
    await working.go_on(HERE)
    await asyncio.sleep(0.3)
    assert len(signs.shown) == 1 and not await awaited.all()  # nothing else was asked

    await Inbox(redis, settings).submit(UserMessage(HERE, "2", "77", "salam", 0.0, "ary"))
    await working.go_on(HERE)
    await signs.until(2)
    assert signs.shown[-1][:2] == ("77", "ary")
    async with asyncio.timeout(20):
        while await awaited.all() != {HERE.conversation_id: "ary"}:  # a restart takes it up
            await asyncio.sleep(0.01)
    await working.go_on(HERE)  # a sign that began while the answer went out was taken away too
    await signs.until(3)
    await working.close()
