"""The benchmark of the path: rounds of every peer, interleaved so that noise hits all alike."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mersal.bench.figures import Figures, medians
from mersal.bench.machine import Machine, this_machine
from mersal.bench.peers import find_peer
from mersal.bench.round import Plan, run_round
from mersal.bench.running import Fsync

# What is being done, and how many rounds are behind us.
Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Results:
    """`rows` are the medians over the runs of `rounds`."""

    machine: Machine
    plan: Plan
    runs: int
    rounds: tuple[Figures, ...]
    rows: tuple[Figures, ...]


def run(
    plan: Plan,
    peers: Sequence[str],
    fsyncs: Sequence[Fsync],
    runs: int,
    progress: Progress = lambda _doing, _done: None,
) -> Results:
    """Measure; every round has a Redis and a worker of its own.

    Raises PeerMissing before anything runs, RuntimeError when a worker dies or hangs.
    """
    for name in peers:
        find_peer(name)
    machine = this_machine()
    rounds: list[Figures] = []
    for _ in range(runs):
        for fsync in fsyncs:
            for name in peers:

                def report(doing: str, head: str = f"{name}, {fsync}") -> None:
                    progress(f"{head}: {doing}", len(rounds))

                rounds.append(asyncio.run(run_round(name, fsync, plan, report)))
    progress("done", len(rounds))
    return Results(machine, plan, runs, tuple(rounds), tuple(medians(rounds)))
