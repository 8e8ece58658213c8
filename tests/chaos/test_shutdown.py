"""A worker that is told to go finishes what it can and hands back the rest."""

import asyncio
from pathlib import Path

import pytest
from redis.asyncio import Redis

from broker.connection import connect
from broker.keys import Keys
from broker.settings import Settings, WorkerSettings
from tests.chaos.fleet import Fleet
from tests.chaos.report import Row
from tests.chaos.run import Scene
from tests.chaos.traffic import Traffic
from tests.chaos.verdict import CLEAN, judge, settle
from tests.chaos.worker import Character

THREADS = 8


async def until_busy(redis: Redis, settings: Settings, turns: int) -> None:
    leases = Keys(settings.redis.namespace)("leases", settings.worker.model)
    async with asyncio.timeout(30):
        while await redis.zcard(leases) < turns:
            await asyncio.sleep(0.02)


async def leave_under_load(scene: Scene, delay_s: float, grace_s: float, name: str) -> str:
    """Both workers are busy, one is told to go; returns the workers' log."""
    worker = WorkerSettings(model="echo", threads=THREADS, grace_s=grace_s)
    settings = scene.settings.model_copy(update={"worker": worker})
    redis = connect(settings)
    traffic = Traffic(redis, settings, conversations=30, messages=2, spread_s=0.2)
    with Fleet(settings, scene.log, size=2, character=Character(delay_s=delay_s)) as fleet:
        reader = asyncio.create_task(traffic.read_replies())
        writer = asyncio.create_task(traffic.submit_all())
        await until_busy(redis, settings, THREADS + 1)  # more than one worker can hold
        leaving = fleet.retire(0)
        await writer
        assert await asyncio.to_thread(leaving.wait, 30) == 0
        settled_s = await settle(redis, settings, traffic, timeout_s=120)
        verdict = await judge(redis, settings, traffic)
        reader.cancel()
    await redis.aclose()
    scene.record(Row(name, 60, verdict, settled_s))
    log = Path(scene.log).read_text()
    assert verdict == CLEAN, log[-3000:]
    assert {r.outcome for replies in traffic.replies.values() for r in replies} == {"answered"}
    return log


async def test_turns_that_fit_into_the_grace_are_finished(scene: Scene) -> None:
    log = await leave_under_load(scene, 0.5, 10.0, "SIGTERM, turns shorter than grace")
    assert "handed back" not in log


async def test_turns_that_do_not_fit_are_handed_back_and_answered_by_another(
    scene: Scene,
) -> None:
    log = await leave_under_load(scene, 1.5, 0.2, "SIGTERM, turns longer than grace")
    assert log.count("handed back") >= 1


@pytest.mark.slow
async def test_workers_may_be_replaced_one_by_one_under_load(scene: Scene) -> None:
    """A rolling restart, twice around."""
    settings = scene.settings
    redis = connect(settings)
    traffic = Traffic(redis, settings, conversations=200, messages=10, spread_s=16.0)
    with Fleet(settings, scene.log, size=3) as fleet:
        reader = asyncio.create_task(traffic.read_replies())
        writer = asyncio.create_task(traffic.submit_all())
        for _ in range(4):
            await asyncio.sleep(3)
            leaving = fleet.retire(0)
            fleet.add()
            await asyncio.to_thread(leaving.wait, 30)
        await writer
        settled_s = await settle(redis, settings, traffic, timeout_s=120)
        verdict = await judge(redis, settings, traffic)
        reader.cancel()
    await redis.aclose()
    scene.record(Row("rolling restart x4", 2000, verdict, settled_s))
    assert verdict == CLEAN
