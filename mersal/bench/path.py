"""The benchmark of the path: rounds of every peer, interleaved so that noise hits all alike."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mersal.bench.figures import Figures, medians
from mersal.bench.idle import Idle, measure_idle
from mersal.bench.machine import Machine, this_machine
from mersal.bench.peers import find_peer
from mersal.bench.round import Plan, run_round
from mersal.bench.running import Fsync
from mersal.bench.waiting import MessagesLost
from mersal.redis_binary import find_redis

# What is being done, and how many rounds are behind us.
Progress = Callable[[str, int], None]
MOST_REPEATS = 2
PACKAGES = ("celery", "kombu", "redis", "hiredis", "taskiq", "taskiq-redis", "dramatiq")


@dataclass(frozen=True, slots=True)
class Results:
    """`rows` are the medians over the runs of `rounds`; `repeated` says which rounds were made
    again, because the peer had lost messages; `idle` rises with the conversations."""

    machine: Machine
    plan: Plan
    runs: int
    rounds: tuple[Figures, ...]
    rows: tuple[Figures, ...]
    repeated: tuple[str, ...] = ()
    idle: tuple[Idle, ...] = ()


def run(
    plan: Plan,
    peers: Sequence[str],
    fsyncs: Sequence[Fsync],
    runs: int,
    progress: Progress = lambda _doing, _done: None,
) -> Results:
    """Measure; every round has a Redis and a worker of its own.

    Raises PeerMissing or NoRedisServer before anything runs, RuntimeError when a worker dies,
    hangs or loses messages again and again (Mersal: at all).
    """
    for name in peers:
        find_peer(name)
    machine = this_machine(PACKAGES, {"Redis": find_redis().version_text})
    rounds: list[Figures] = []
    repeated: list[str] = []
    for _ in range(runs):
        for fsync in fsyncs:
            for name in peers:

                def report(doing: str, head: str = f"{name}, {fsync}") -> None:
                    progress(f"{head}: {doing}", len(rounds))

                rounds.append(_round(name, fsync, plan, report, repeated))
    idle: list[Idle] = []
    if plan.idle and "mersal" in peers:
        idle = asyncio.run(
            measure_idle(plan.idle, plan, fsyncs[0], lambda doing: progress(doing, len(rounds)))
        )
    progress("done", len(rounds))
    rows = tuple(medians(rounds))
    return Results(machine, plan, runs, tuple(rounds), rows, tuple(repeated), tuple(idle))


def _round(
    name: str, fsync: Fsync, plan: Plan, report: Callable[[str], None], repeated: list[str]
) -> Figures:
    """A peer without acknowledgements may lose messages when its worker is frozen."""
    for _ in range(MOST_REPEATS):
        try:
            return asyncio.run(run_round(name, fsync, plan, report))
        except MessagesLost as error:
            if name == "mersal":
                raise
            repeated.append(str(error))
    return asyncio.run(run_round(name, fsync, plan, report))
