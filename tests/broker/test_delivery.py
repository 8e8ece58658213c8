"""The record of what was sent: whoever asks twice, or is cut off, learns what is true."""

import uuid
from pathlib import Path

from redis.asyncio import Redis

from broker.connection import connect
from broker.delivery import DeliveryRecord
from broker.settings import Settings
from tests.broker.cable import open_cable
from tests.redis_process import RedisProcess


async def test_a_part_is_fresh_then_uncertain_then_sent(redis: Redis, settings: Settings) -> None:
    record = DeliveryRecord(redis, settings)
    assert (await record.attempt("r/1", "0", "41")).state == "fresh"
    uncertain = await record.attempt("r/1", "0", "99")
    assert (uncertain.state, uncertain.hint) == ("uncertain", "41")
    await record.sent("r/1", "0", 42, "private", "7")
    assert await record.seen_after("private", 41) == {(42, "7")}
    assert await record.seen_after("private", 42) == set()
    sent = await record.attempt("r/1", "0")
    assert (sent.state, sent.message_id) == ("sent", "42")
    assert (await record.look("r/1", "1")).state == "fresh"


async def test_an_attempt_that_failed_for_certain_is_forgotten(
    redis: Redis, settings: Settings
) -> None:
    record = DeliveryRecord(redis, settings)
    await record.attempt("r/1", "0")
    await record.failed("r/1", "0")
    assert (await record.attempt("r/1", "0")).state == "fresh"


async def test_an_attempt_whose_answer_got_lost_is_still_fresh(
    settings: Settings, redis_server: RedisProcess
) -> None:
    """Redis had noted it when the connection broke, and redis-py asks again by itself."""
    socket = Path("/tmp") / f"{uuid.uuid4().hex}.sock"
    async with open_cable(redis_server.socket, socket) as cable:
        client = connect(settings.model_copy(update={"redis_url": f"unix://{socket}"}))
        record = DeliveryRecord(client, settings)
        await record.attempt("r/1", "other")  # from here on Redis knows the script
        cable.break_at(b"$0\r\n")
        part = await record.attempt("r/1", "0", "41")
        assert cable.broke
        assert part.state == "fresh"
        again = await record.attempt("r/1", "0", "99")
        assert (again.state, again.hint) == ("uncertain", "41")
        await client.aclose()
