"""The worker's own threads and heartbeat in the test's process, without Celery in between."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from broker.claims import Claims
from broker.connection import worker_pool
from broker.settings import Settings
from inference.cards import ModelCard
from inference.catalog import find
from inference.engine import Engine
from workers.guard import Guard, Unguarded
from workers.heartbeat import Heartbeat
from workers.running import RunningTurns
from workers.shift import Shift
from workers.turn import TurnRunner


@contextmanager
def working(
    engine: Engine,
    settings: Settings,
    threads: int = 4,
    deaths: list[str] | None = None,
    card: ModelCard | None = None,
    guards: Callable[[], Guard] = Unguarded,
) -> Iterator[Heartbeat]:
    """Serve the engine's queue with real shifts until the block ends; `card`: the echo's.

    A worker that would end its process writes why into `deaths`; without it, that is a failure.
    """
    card = card or find("echo")
    claims = Claims(worker_pool(settings), settings, engine.model_id, card.tasks)
    runner = TurnRunner(engine, card, settings, claims.publish, guards)
    shift = Shift(claims, runner, RunningTurns(), settings, "test-worker")
    unwanted: list[str] = []
    die = (unwanted if deaths is None else deaths).append
    heartbeat = Heartbeat(shift, settings, die)

    def work() -> None:
        while not shift.closing.is_set():
            shift.serve()

    pool = [threading.Thread(target=work) for _ in range(threads)]
    for thread in pool:
        thread.start()
    heartbeat.start()
    try:
        yield heartbeat
    finally:
        heartbeat.close(0)
        for thread in pool:
            thread.join(10)
        heartbeat.stop()
    assert not unwanted
