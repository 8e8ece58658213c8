"""The terminal while no answer comes: it says why, and a pipe does not wait for ever."""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from redis.asyncio import Redis

from bots.terminal.chat import CHANNEL, Chat
from bots.terminal.paper import Paper
from bots.terminal.silence import NoAnswer, Patience
from broker.claims import Claims
from broker.connection import worker_pool
from broker.keys import Keys
from broker.outbox import GROUP, Outbox
from broker.settings import Settings
from tests.bots.hand import answer, open_hand

MODEL = "demo"


@asynccontextmanager
async def chatting(
    redis: Redis, settings: Settings, patience: Patience
) -> AsyncIterator[tuple[Chat, io.StringIO]]:
    """A chat, and what it remarks."""
    remarks = io.StringIO()
    chat = Chat(redis, settings, Paper(io.StringIO(), remarks, streams=True), patience)
    yield chat, remarks
    await chat.close()


def live(settings: Settings) -> None:
    """A worker says that it lives."""
    Claims(worker_pool(settings), settings, MODEL).sweep("w1", threads=1, gone_s=60)


async def test_without_a_worker_it_says_once_what_to_start(
    redis: Redis, settings: Settings
) -> None:
    with open_hand(settings) as hand:
        async with chatting(redis, settings, Patience(tell_s=0.1)) as (chat, remarks):
            answering = asyncio.create_task(answer(hand, "labas", after_s=1.0))
            assert await chat.say("salam") == "answered"
            await answering
    assert remarks.getvalue().count("mersal worker --model demo") == 1


async def test_with_a_worker_it_does_not_ask_for_another(redis: Redis, settings: Settings) -> None:
    live(settings)
    async with chatting(redis, settings, Patience(tell_s=0.1, end_s=0.6)) as (chat, remarks):
        with pytest.raises(NoAnswer, match="demo khddam"):
            await chat.say("salam")
    assert "mersal worker" not in remarks.getvalue()


async def test_what_nobody_waits_for_is_not_answered(redis: Redis, settings: Settings) -> None:
    async with chatting(redis, settings, Patience(end_s=0.3)) as (chat, _):
        with pytest.raises(NoAnswer, match="mersal worker --model demo"):
            await chat.say("salam")
    with open_hand(settings) as hand:
        assert (await asyncio.to_thread(hand.take)).cancel


async def test_a_reply_that_a_dead_terminal_had_read_is_acknowledged_by_the_next(
    redis: Redis, settings: Settings
) -> None:
    key = Keys(settings.redis.namespace)("outbox", CHANNEL)
    with open_hand(settings) as hand:
        async with chatting(redis, settings, Patience(end_s=1.0)) as (chat, _):
            await chat.close()  # nobody reads the outbox from here on
            asking = asyncio.create_task(chat.say("salam"))
            await answer(hand, "labas", after_s=0)
            with pytest.raises(NoAnswer):
                await asking
    parcels = Outbox(redis, settings, CHANNEL, reader=CHANNEL).parcels()
    await anext(parcels)
    await parcels.aclose()
    assert (await redis.xpending(key, GROUP))["pending"] == 1
    async with chatting(redis, settings, Patience()), asyncio.timeout(10):
        while await redis.xlen(key):
            await asyncio.sleep(0.02)
    assert len(await redis.xinfo_consumers(key, GROUP)) == 1
