"""What cannot be read, of a newer version or broken, is set aside and told; nothing is jammed."""

import asyncio

import pytest
from redis.asyncio import Redis

from broker.conversation import Conversations
from broker.inbox import Inbox
from broker.keys import Keys
from broker.messages import Address, Reply, UserMessage
from broker.outbox import Outbox
from broker.settings import Settings, WorkerSettings
from inference.echo import EchoEngine
from tests.workers.worker_in_thread import working

ADDRESS = Address("web", "c1")
NEWER = b'{"v":2,"text":"from tomorrow"}'


def message(ident: str) -> UserMessage:
    return UserMessage(ADDRESS, ident, "u1", f"say {ident}", 1.0)


async def replies(redis: Redis, settings: Settings, count: int) -> list[Reply]:
    outbox, got = Outbox(redis, settings, "web", "test"), []
    async with asyncio.timeout(20):
        async for parcel in outbox.parcels():
            got.append(parcel.reply)
            await outbox.acknowledge(parcel)
            if len(got) == count:
                break
    return got


@pytest.mark.parametrize("raw", [NEWER, b"[]", b"{", b"{}"])
async def test_a_message_that_cannot_be_read_is_set_aside_and_the_rest_answered(
    redis: Redis, settings: Settings, raw: bytes
) -> None:
    settings = settings.model_copy(update={"worker": WorkerSettings(model="echo")})
    keys, inbox = Keys(settings.redis.namespace), Inbox(redis, settings)
    await inbox.submit(message("1"))
    await redis.rpush(keys("inbox", ADDRESS.conversation_id), raw)
    await inbox.submit(message("2"))
    waiting = await Conversations(redis, settings).snapshot(ADDRESS)
    assert [each.message_id for each in waiting.pending] == ["1", "2"]  # a bot reads on
    with working(EchoEngine(), settings):
        got = await replies(redis, settings, 3)
    assert [(reply.message_ids, reply.outcome) for reply in got] == [
        (("1",), "answered"),
        ((), "set_aside"),
        (("2",), "answered"),
    ]
    assert await redis.lrange(keys("aside", ADDRESS.conversation_id), 0, -1) == [raw]
    seen = await Conversations(redis, settings).snapshot(ADDRESS)
    assert seen.status == "idle"
    assert [turn.said[0].message_id for turn in seen.turns] == ["1", "2"]
