"""The worker's own threads and heartbeat in the test's process, without Celery in between."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from broker.claims import Claims
from broker.connection import worker_pool
from broker.settings import Settings
from inference.engine import Engine, Sampling
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
    sampling: Sampling | None = None,
) -> Iterator[Heartbeat]:
    """Serve the engine's queue with real shifts until the block ends; `sampling` is the card's.

    A worker that would end its process writes why into `deaths`; without it, that is a failure.
    """
    claims = Claims(worker_pool(settings), settings, engine.model_id)
    runner = TurnRunner(engine, sampling or Sampling(), settings, claims.publish)
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
