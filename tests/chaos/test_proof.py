"""The proof can fail: with the fence taken out, the same counting finds what goes wrong."""

from dataclasses import replace

from tests.chaos.run import Chaos, Scene, Size
from tests.chaos.worker import Character

# Slow turns on few conversations: whoever freezes holds some, and others wait for them.
FROZEN = Size(30, 8, 3.0, worker_kills=0, redis_kills=0, freezes=1, frozen_s=3.0)
SLOW = 0.3


TRIES = 5  # now and then a worker freezes between two turns, and no harm comes of it


async def test_without_the_fence_a_frozen_worker_repeats_and_loses_messages(scene: Scene) -> None:
    character = Character(delay_s=SLOW, fenced=False)
    for attempt in range(1, TRIES + 1):
        name = f"control: no fence, SIGSTOP, try {attempt}"
        chaos = await _afresh(scene, attempt).play(
            name, FROZEN, Chaos.freeze_workers, character=character
        )
        assert chaos.verdict is not None
        if chaos.verdict.history.repeated > 0 and chaos.verdict.outbox.repeated > 0:
            return
    raise AssertionError("the counting found no harm where there must be some")


def _afresh(scene: Scene, attempt: int) -> Scene:
    """The same place under keys that no earlier try has used."""
    redis = scene.settings.redis
    fresh = redis.model_copy(update={"namespace": f"{redis.namespace}-{attempt}"})
    return replace(scene, settings=scene.settings.model_copy(update={"redis": fresh}))


async def test_with_the_fence_the_same_worker_does_no_harm(scene: Scene) -> None:
    character = Character(delay_s=SLOW)
    chaos = await scene.play(
        "its counterpart: fence, SIGSTOP", FROZEN, Chaos.freeze_workers, character=character
    )
    assert chaos.verdict is not None
    assert chaos.verdict.clean
