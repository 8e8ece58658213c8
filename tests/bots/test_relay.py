"""The relay on a real Redis, behind a worker's side moved by hand."""

import asyncio
import logging
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress

import pytest
from redis.asyncio import Redis

from bots.relay import Channel, Patience, Relay
from broker.errors import RedisUnavailable
from broker.inbox import Inbox
from broker.keys import Keys
from broker.live import Live
from broker.messages import Address, Reply, ReplyDelta
from broker.outbox import Outbox
from broker.settings import Settings
from tests.bots.hand import Hand, message, open_hand

HASTE = Patience(tries=3, first_pause_s=0.01, try_s=5.0, grace_s=2.0)


class Notebook:
    """A channel that writes down what it was to deliver and to show."""

    def __init__(self) -> None:
        self.delivered: defaultdict[str, list[str]] = defaultdict(list)
        self.tries: Counter[str] = Counter()
        self.shown: list[ReplyDelta | Reply] = []
        self.caught_up = asyncio.Event()
        self.broken: set[str] = set()
        self.fails = 0
        self.blocked: dict[str, asyncio.Event] = {}

    async def deliver(self, reply: Reply) -> None:
        chat = reply.address.chat
        self.tries[chat] += 1
        if chat in self.blocked:
            await self.blocked[chat].wait()
        if chat in self.broken:
            raise ConnectionResetError("the platform is away")
        if self.fails:
            self.fails -= 1
            raise ConnectionResetError("the platform is away")
        self.delivered[chat].append(reply.text)

    async def show(self, event: ReplyDelta | Reply) -> None:
        self.shown.append(event)

    async def catch_up(self) -> None:
        self.caught_up.set()


class Plain:
    """A channel that does the least."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    async def deliver(self, reply: Reply) -> None:
        self.texts.append(reply.text)


@pytest.fixture
def hand(settings: Settings) -> Iterator[Hand]:
    with open_hand(settings) as moved:
        yield moved


@asynccontextmanager
async def relaying(
    redis: Redis, settings: Settings, channel: Channel, patience: Patience = HASTE
) -> AsyncIterator[asyncio.Task[None]]:
    outbox = Outbox(redis, settings, "web", reader="test", claim_idle_s=0.3)
    relay = Relay(outbox, channel, Live(redis, settings, "web"), patience)
    task = asyncio.create_task(relay.run())
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def answer(
    redis: Redis, settings: Settings, hand: Hand, chat: str, text: str, *pieces: str
) -> None:
    """A user of this chat asks, and a worker answers with this text."""
    receipt = await Inbox(redis, settings).submit(message(Address("web", chat)))
    assert receipt.status == "accepted"
    claim = await asyncio.to_thread(hand.take)
    await asyncio.to_thread(hand.write, claim, *pieces)
    await asyncio.to_thread(hand.commit, claim, text)


async def until(condition: object, timeout_s: float = 15.0) -> None:
    assert callable(condition)
    async with asyncio.timeout(timeout_s):
        while not condition():
            await asyncio.sleep(0.01)


async def outbox_length(redis: Redis, settings: Settings) -> int:
    return int(await redis.xlen(Keys(settings.redis.namespace)("outbox", "web")))


async def outbox_is_empty(redis: Redis, settings: Settings) -> None:
    async with asyncio.timeout(15):
        while await outbox_length(redis, settings):
            await asyncio.sleep(0.01)


async def test_replies_are_delivered_in_order_and_acknowledged(
    redis: Redis, settings: Settings, hand: Hand
) -> None:
    notebook = Notebook()
    for number in range(5):
        await answer(redis, settings, hand, "a", f"a{number}")
        await answer(redis, settings, hand, "b", f"b{number}")
    async with relaying(redis, settings, notebook):
        await outbox_is_empty(redis, settings)
    assert notebook.delivered == {
        "a": ["a0", "a1", "a2", "a3", "a4"],
        "b": ["b0", "b1", "b2", "b3", "b4"],
    }


async def test_a_conversation_that_hangs_delays_no_other(
    redis: Redis, settings: Settings, hand: Hand
) -> None:
    notebook = Notebook()
    notebook.blocked["slow"] = asyncio.Event()
    async with relaying(redis, settings, notebook):
        await answer(redis, settings, hand, "slow", "late 1")
        await answer(redis, settings, hand, "slow", "late 2")
        for number in range(3):
            await answer(redis, settings, hand, "quick", f"{number}")
        await until(lambda: notebook.delivered["quick"] == ["0", "1", "2"])
        assert notebook.delivered["slow"] == []
        notebook.blocked["slow"].set()
        await outbox_is_empty(redis, settings)
    assert notebook.delivered["slow"] == ["late 1", "late 2"]


async def test_a_delivery_that_takes_long_is_not_begun_twice(
    redis: Redis, settings: Settings, hand: Hand
) -> None:
    notebook = Notebook()
    notebook.blocked["slow"] = asyncio.Event()
    async with relaying(redis, settings, notebook):
        await answer(redis, settings, hand, "slow", "once")
        await until(lambda: notebook.tries["slow"] == 1)
        await asyncio.sleep(0.8)  # the outbox offers it again after 0.3 s
        await answer(redis, settings, hand, "other", "wakes the outbox")
        await until(lambda: notebook.delivered["other"] == ["wakes the outbox"])
        notebook.blocked["slow"].set()
        await outbox_is_empty(redis, settings)
    assert notebook.delivered["slow"] == ["once"]
    assert notebook.tries["slow"] == 1


async def test_a_delivery_that_fails_is_tried_again(
    redis: Redis, settings: Settings, hand: Hand, caplog: pytest.LogCaptureFixture
) -> None:
    notebook = Notebook()
    notebook.fails = 2
    async with relaying(redis, settings, notebook):
        await answer(redis, settings, hand, "a", "at last")
        await outbox_is_empty(redis, settings)
    assert notebook.delivered["a"] == ["at last"]
    assert "at last" not in caplog.text


async def test_a_delivery_that_never_works_is_given_up_with_an_error(
    redis: Redis, settings: Settings, hand: Hand, caplog: pytest.LogCaptureFixture
) -> None:
    notebook = Notebook()
    notebook.broken.add("gone")
    async with relaying(redis, settings, notebook):
        await answer(redis, settings, hand, "gone", "never read")
        await answer(redis, settings, hand, "here", "read")
        await outbox_is_empty(redis, settings)
    assert notebook.tries["gone"] == 3
    assert notebook.delivered["here"] == ["read"]
    (record,) = [record for record in caplog.records if "given up" in record.message]
    assert record.levelno == logging.ERROR
    assert vars(record)["conversation"] == "web:gone:"
    assert "never read" not in caplog.text


async def test_a_delivery_that_waits_for_redis_is_never_given_up(
    redis: Redis, settings: Settings, hand: Hand
) -> None:
    class Away(Notebook):
        async def deliver(self, reply: Reply) -> None:
            await super().deliver(reply)
            if self.tries[reply.address.chat] < 6:
                self.delivered[reply.address.chat].clear()
                raise RedisUnavailable("away")

    notebook = Away()
    async with relaying(redis, settings, notebook):
        await answer(redis, settings, hand, "a", "kept")
        await outbox_is_empty(redis, settings)
    assert (notebook.tries["a"], notebook.delivered["a"]) == (6, ["kept"])


async def test_what_a_dead_bot_had_not_delivered_is_delivered_by_the_next(
    redis: Redis, settings: Settings, hand: Hand
) -> None:
    dead = Notebook()
    dead.blocked["a"] = asyncio.Event()
    hurried = Patience(tries=1, grace_s=0.01)
    async with relaying(redis, settings, dead, hurried):
        await answer(redis, settings, hand, "a", "kept")
        await until(lambda: dead.tries["a"] == 1)
    alive = Notebook()
    async with relaying(redis, settings, alive):
        await outbox_is_empty(redis, settings)
    assert alive.delivered["a"] == ["kept"]


async def test_what_is_being_delivered_arrives_before_the_relay_ends(
    redis: Redis, settings: Settings, hand: Hand
) -> None:
    notebook = Notebook()
    notebook.blocked["a"] = asyncio.Event()
    async with relaying(redis, settings, notebook) as task:
        await answer(redis, settings, hand, "a", "in time")
        await until(lambda: notebook.tries["a"] == 1)
        task.cancel()
        await asyncio.sleep(0.05)
        notebook.blocked["a"].set()
        with suppress(asyncio.CancelledError):
            await task
    assert notebook.delivered["a"] == ["in time"]
    assert await outbox_length(redis, settings) == 0


async def test_a_conversation_that_hangs_holds_the_room_of_one_however_much_it_is_answered(
    redis: Redis, settings: Settings, hand: Hand
) -> None:
    notebook = Notebook()
    notebook.blocked["slow"] = asyncio.Event()
    for number in range(3):
        await answer(redis, settings, hand, "slow", f"late {number}")
    await answer(redis, settings, hand, "quick", "soon")
    async with relaying(redis, settings, notebook, Patience(conversations=2)):
        await until(lambda: notebook.delivered["quick"] == ["soon"])
        notebook.blocked["slow"].set()
        await outbox_is_empty(redis, settings)
    assert notebook.delivered["slow"] == ["late 0", "late 1", "late 2"]


async def test_no_more_conversations_are_under_way_than_allowed(
    redis: Redis, settings: Settings, hand: Hand
) -> None:
    notebook = Notebook()
    gate = asyncio.Event()
    notebook.blocked = {f"c{number}": gate for number in range(6)}
    for number in range(6):
        await answer(redis, settings, hand, f"c{number}", "x")
    async with relaying(redis, settings, notebook, Patience(conversations=2)):
        await until(lambda: notebook.tries.total() == 2)
        await asyncio.sleep(0.2)
        assert notebook.tries.total() == 2
        gate.set()
        await outbox_is_empty(redis, settings)
    assert notebook.tries.total() == 6


async def test_pieces_and_the_finished_answer_are_shown(
    redis: Redis, settings: Settings, hand: Hand
) -> None:
    notebook = Notebook()
    async with relaying(redis, settings, notebook):
        await notebook.caught_up.wait()
        await answer(redis, settings, hand, "a", "salam khoya", "salam ", "khoya")
        await until(lambda: any(isinstance(event, Reply) for event in notebook.shown))
    pieces = [event for event in notebook.shown if isinstance(event, ReplyDelta)]
    assert "".join(piece.text for piece in pieces) == "salam khoya"
    assert isinstance(notebook.shown[-1], Reply)


async def test_a_channel_that_only_delivers_is_enough(
    redis: Redis, settings: Settings, hand: Hand
) -> None:
    plain = Plain()
    async with relaying(redis, settings, plain):
        await answer(redis, settings, hand, "a", "text", "te", "xt")
        await outbox_is_empty(redis, settings)
    assert plain.texts == ["text"]
