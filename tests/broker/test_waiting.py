"""What bots may know of models: which have a worker, and what those can do."""

import pytest
from redis import ConnectionPool
from redis.asyncio import Redis

from broker.claims import Claims
from broker.connection import worker_pool
from broker.keys import Keys
from broker.messages import TASKS
from broker.settings import Settings
from broker.waiting import Waiting


@pytest.fixture
def pool(settings: Settings) -> ConnectionPool:
    return worker_pool(settings)


async def test_a_worker_says_what_its_model_can_do(
    redis: Redis, settings: Settings, pool: ConnectionPool
) -> None:
    waiting = Waiting(redis, settings)
    Claims(pool, settings, "some", {"translate", "explain"}).sweep("w1", 1, 30)
    Claims(pool, settings, "none", ()).sweep("w2", 1, 30)
    Claims(pool, settings, "all").sweep("w3", 1, 30)
    assert await waiting.models() == ("all", "none", "some")
    assert await waiting.tasks("some") == {"translate", "explain"}
    assert await waiting.tasks("none") == frozenset()
    assert await waiting.tasks("all") == TASKS


async def test_what_a_model_can_do_is_known_after_its_worker_has_gone(
    redis: Redis, settings: Settings, pool: ConnectionPool
) -> None:
    claims = Claims(pool, settings, "some", ("explain",))
    claims.sweep("w1", 1, 30)
    claims.sweep("w1", 0, -2)  # it says goodbye
    waiting = Waiting(redis, settings)
    assert await waiting.models() == ()
    assert await waiting.tasks("some") == {"explain"}
    assert await redis.ttl(Keys(settings.redis.namespace)("able", "some")) > 0


async def test_of_a_model_that_never_had_a_worker_all_is_expected(
    redis: Redis, settings: Settings, pool: ConnectionPool
) -> None:
    Claims(pool, settings, "some", ()).sweep("", 0, 0)  # no worker's
    assert await Waiting(redis, settings).tasks("some") == TASKS


async def test_a_newer_workers_tasks_are_passed_over(redis: Redis, settings: Settings) -> None:
    await redis.set(Keys(settings.redis.namespace)("able", "some"), "explain,sing")
    assert await Waiting(redis, settings).tasks("some") == {"explain"}
