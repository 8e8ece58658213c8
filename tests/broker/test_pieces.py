"""The text so far of an answer costs no wait for the disk, and is never shown without its start."""

from collections.abc import Iterator

import pytest

from broker.errors import RedisUnavailable
from broker.messages import ReplyDelta
from broker.settings import Settings
from tests.broker.doorbell import Doorbell, open_doorbell
from tests.redis_process import RedisProcess


@pytest.fixture
def bell(doomed_redis: RedisProcess, settings: Settings) -> Iterator[Doorbell]:
    with open_doorbell(settings.model_copy(update={"redis_url": doomed_redis.url})) as bell:
        yield bell


def test_pieces_stay_out_of_the_append_only_file(bell: Doorbell) -> None:
    bell.submit()
    claim = bell.taken()
    before = bell.redis.info("persistence")["aof_current_size"]
    for number in range(100):
        delta = ReplyDelta(claim.conversation_id, claim.reply_id, number, "x")
        assert bell.claims().publish(claim, delta)
    assert bell.redis.info("persistence")["aof_current_size"] == before
    assert bell.snapshot().partial == "x" * 100


def test_what_redis_forgot_of_an_answer_has_no_middle(
    bell: Doorbell, doomed_redis: RedisProcess
) -> None:
    bell.submit()
    claim = bell.taken()
    bell.claims().publish(claim, ReplyDelta(claim.conversation_id, claim.reply_id, 0, "first "))
    doomed_redis.kill()
    doomed_redis.start()
    later = ReplyDelta(claim.conversation_id, claim.reply_id, 6, "second")
    with pytest.raises(RedisUnavailable):  # the old connection is dead
        bell.claims().publish(claim, later)
    assert bell.claims().publish(claim, later)
    assert bell.snapshot().partial == ""
