"""The proof can fail: with the fence taken out, the same counting finds what goes wrong."""

from tests.chaos.run import Chaos, Scene, Size
from tests.chaos.worker import Character

# Slow turns on few conversations: whoever freezes holds some, and others wait for them.
FROZEN = Size(30, 8, 3.0, worker_kills=0, redis_kills=0, freezes=1, frozen_s=3.0)
SLOW = 0.3


async def test_without_the_fence_a_frozen_worker_repeats_and_loses_messages(scene: Scene) -> None:
    character = Character(delay_s=SLOW, fenced=False)
    chaos = await scene.play(
        "control: no fence, SIGSTOP", FROZEN, Chaos.freeze_workers, character=character
    )
    assert chaos.verdict is not None
    assert chaos.verdict.history.repeated > 0
    assert chaos.verdict.outbox.repeated > 0


async def test_with_the_fence_the_same_worker_does_no_harm(scene: Scene) -> None:
    character = Character(delay_s=SLOW)
    chaos = await scene.play(
        "its counterpart: fence, SIGSTOP", FROZEN, Chaos.freeze_workers, character=character
    )
    assert chaos.verdict is not None
    assert chaos.verdict.clean
