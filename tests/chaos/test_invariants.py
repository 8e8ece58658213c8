"""The invariants under fire: nothing lost, nothing repeated, nothing out of order.

Real worker processes and a real Redis, which die and freeze while users write. The short
forms run always; the long forms (`make chaos`) have the figures of the benchmarks.
"""

import pytest

from tests.chaos.run import Chaos, Scene, Size
from tests.chaos.verdict import CLEAN

SHORT = Size(60, 10, 3.0, worker_kills=3, redis_kills=2, freezes=1, frozen_s=2.5)
LONG = Size(200, 20, 12.0, worker_kills=8, redis_kills=3, freezes=3, frozen_s=4.0)

sizes = pytest.mark.parametrize(
    "size",
    [
        pytest.param(SHORT, id="short"),
        pytest.param(LONG, id="long", marks=[pytest.mark.slow, pytest.mark.timeout(600)]),
    ],
)


def assert_clean(chaos: Chaos) -> None:
    assert chaos.verdict == CLEAN, chaos.scene.log.read_text()[-3000:]
    assert chaos.fleet.exits == [], "workers died unasked"


@sizes
async def test_every_message_is_answered_once_in_order_while_workers_are_killed(
    scene: Scene, size: Size
) -> None:
    name = f"worker SIGKILL x{size.worker_kills}"
    chaos = await scene.play(name, size, Chaos.kill_workers)
    assert_clean(chaos)
    assert chaos.recovery_s is not None
    assert chaos.recovery_s < 20  # generous: the figure is in the table


@sizes
async def test_every_message_is_answered_once_in_order_while_redis_is_killed(
    scene: Scene, size: Size
) -> None:
    name = f"Redis SIGKILL x{size.redis_kills}, fsync always"
    assert_clean(await scene.play(name, size, Chaos.kill_redis))


@sizes
async def test_every_message_is_answered_once_in_order_while_workers_freeze(
    scene: Scene, size: Size
) -> None:
    name = f"worker SIGSTOP {size.frozen_s:g} s x{size.freezes}"
    assert_clean(await scene.play(name, size, Chaos.freeze_workers))


@sizes
async def test_every_message_is_answered_once_in_order_whatever_happens_at_once(
    scene: Scene, size: Size
) -> None:
    faults = (Chaos.kill_workers, Chaos.kill_redis, Chaos.freeze_workers)
    assert_clean(await scene.play("all of these at once", size, *faults))
