"""Questions that their users delete, on a real Redis."""

import pytest
from redis.asyncio import Redis

from bots.takenback import TakenBack
from bots.talks import Talks
from bots.working import Working
from broker.awaited import Awaited
from broker.claims import Claims
from broker.connection import worker_pool
from broker.conversation import Conversations, Snapshot
from broker.inbox import Inbox
from broker.messages import Address, UserMessage
from broker.preferences import Notes
from broker.settings import Settings
from tests.broker.doorbell import MODEL, OWNER, finished

HERE = Address("test", "77")


class AnsweredNow(Conversations):
    """The answer is there just after somebody looked."""

    def __init__(self, redis: Redis, settings: Settings) -> None:
        super().__init__(redis, settings)
        self._claims = Claims(worker_pool(settings), settings, MODEL)

    async def snapshot(self, address: Address, turns: int = 50) -> Snapshot:
        before = await super().snapshot(address, turns)
        claim = self._claims.step(OWNER, None, True)[1]
        assert claim is not None
        assert self._claims.step(OWNER, finished(claim), False)[0] == "committed"
        return before


async def taken_back(
    redis: Redis, settings: Settings, conversations: type[Conversations]
) -> TakenBack:
    """For a conversation in which "m1" waits."""

    async def show(address: Address, language: str, waited_s: float) -> None:
        pass

    inbox, seen = Inbox(redis, settings), conversations(redis, settings)
    await inbox.submit(UserMessage(HERE, "m1", "7", "salam", 1.0))
    working = Working(show, seen, Awaited(redis, settings, "test"), 1.0)
    return TakenBack(Talks(inbox, seen, working), Notes(redis, settings, "test"))


@pytest.mark.parametrize("times", [1, 2])
async def test_nothing_is_left_when_the_only_question_is_deleted_also_if_told_twice(
    redis: Redis, settings: Settings, times: int
) -> None:
    back = await taken_back(redis, settings, Conversations)
    for _ in range(times):
        nothing_left = await back.deleted(HERE, ("m1",))
    assert nothing_left


async def test_an_answer_that_comes_just_before_the_deletion_stays(
    redis: Redis, settings: Settings
) -> None:
    back = await taken_back(redis, settings, AnsweredNow)
    assert not await back.deleted(HERE, ("m1",))
