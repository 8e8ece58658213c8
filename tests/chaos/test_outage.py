"""Redis is away for longer than any lease: turns wait for it and are not made twice."""

import asyncio
import time

from broker.connection import connect
from tests.chaos.fleet import Fleet
from tests.chaos.report import Row
from tests.chaos.run import Scene
from tests.chaos.traffic import Traffic
from tests.chaos.verdict import CLEAN, judge, settle
from tests.chaos.worker import Character

AWAY_S = 4.0


async def test_turns_outlive_an_outage_of_redis(scene: Scene) -> None:
    settings = scene.settings
    redis = connect(settings)
    traffic = Traffic(redis, settings, conversations=12, messages=1, spread_s=0.1)
    with Fleet(settings, scene.log, size=2, character=Character(delay_s=1.0)) as fleet:
        reader = asyncio.create_task(traffic.read_replies())
        await traffic.submit_all()
        await asyncio.sleep(0.4)
        scene.server.kill()
        await asyncio.sleep(AWAY_S)
        await asyncio.to_thread(scene.server.start)
        back_at = time.monotonic()
        await settle(redis, settings, traffic, timeout_s=120)
        scene.record(
            Row(
                f"Redis away for {AWAY_S:g} s, turns in flight",
                12,
                verdict := await judge(redis, settings, traffic),
                time.monotonic() - back_at,
            )
        )
        reader.cancel()
        log = scene.log.read_text()
    await redis.aclose()
    assert verdict == CLEAN, log[-3000:]
    assert fleet.exits == []
    assert "fenced" not in log, "a turn was made twice"
    assert log.count("outcome=answered") == 12
