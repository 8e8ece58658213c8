"""One round of one peer: a fresh Redis, a warm worker, what waits drained, then a steady pace."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from mersal.bench.deltas import deltas_per_s
from mersal.bench.figures import Figures, Times
from mersal.bench.mersal_peer import MersalPeer
from mersal.bench.paced import pace
from mersal.bench.peer import Peer, Phase
from mersal.bench.peers import find_peer
from mersal.bench.running import Fsync, Running, private_redis, worker_process
from mersal.bench.stops import ANSWER_MS, STREAMS, stops
from mersal.bench.timesheet import Timesheet
from mersal.bench.waiting import wait_until_done

SENDERS = 16
FEW_CONVERSATIONS = 200
SLOW_MS = 50

Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """`messages` wait in a drain; the pace is `rate` a second for `seconds`; `stops` answers
    are stopped; memory is measured with `idle` conversations."""

    messages: int
    rate: float
    seconds: float
    stops: int = 4 * STREAMS
    idle: tuple[int, ...] = ()

    @property
    def paced(self) -> int:
        return max(1, int(self.rate * self.seconds))


class Round:
    """What one round needs while it runs, and what it has measured so far."""

    WARM_UP = 300  # messages

    def __init__(self, peer: Peer, sheet: Timesheet, worker: Running, server: Running) -> None:
        self.peer = peer
        self.sheet = sheet
        self.worker = worker
        self.server = server
        self.rates: dict[str, float] = {}
        self.times: dict[str, Times] = {}
        self.cpu_ms: dict[str, float] = {}
        self._next_row = 0

    def phase(self, name: str, count: int, conversations: int = 0, delay_ms: int = 0) -> Phase:
        rows = range(self._next_row, self._next_row + count)
        self._next_row = rows.stop
        return Phase(name, rows, conversations or count, delay_ms)

    async def warm_up(self) -> None:
        phase = self.phase("warm", self.WARM_UP)
        for row in phase.rows:
            await self.peer.send(phase, phase.order(row))
        await self._wait(phase)

    async def drain(self, phase: Phase, measure_sending: bool = False) -> None:
        """Freeze the worker, queue everything, thaw it, and see how long it takes."""
        half = phase.rows[: len(phase.rows) // 2] if measure_sending else range(0)
        rest = phase.rows[len(half) :]
        with self.worker.frozen():
            if measure_sending:
                self.rates["send_one"] = await _rate(half, self._send_in_turn(phase, half))
                self.rates["send_many"] = await _rate(rest, self._send_at_once(phase, rest))
            else:
                await self._send_at_once(phase, rest)
            cpu_s = self._cpu_s()
        self.rates[phase.name] = await _rate(phase.rows, self._wait(phase))
        self.cpu_ms[phase.name] = (self._cpu_s() - cpu_s) * 1000 / len(phase.rows)

    async def paced(self, phase: Phase, rate: float) -> None:
        cpu_s = self._cpu_s()
        self.times |= await pace(self.peer, phase, rate, self.sheet, self._check)
        self.cpu_ms[phase.name] = (self._cpu_s() - cpu_s) * 1000 / len(phase.rows)

    async def stops(self, phase: Phase) -> None:
        assert isinstance(self.peer, MersalPeer)
        self.times[phase.name] = await stops(self.peer, phase, self.sheet, self._check)

    async def _send_in_turn(self, phase: Phase, rows: range) -> None:
        for row in rows:
            await self.peer.send(phase, phase.order(row))

    async def _send_at_once(self, phase: Phase, rows: range) -> None:
        left = iter(rows)

        async def sender() -> None:
            for row in left:
                await self.peer.send_among_others(phase, phase.order(row))

        await asyncio.gather(*(sender() for _ in range(SENDERS)))

    async def _wait(self, phase: Phase) -> None:
        await wait_until_done(self.peer, phase, self.sheet, self._check)

    def _check(self) -> None:
        self.worker.check()
        self.server.check()

    def _cpu_s(self) -> float:
        return self.worker.cpu_s() + self.server.cpu_s()


async def _rate(rows: range, work: Coroutine[None, None, None]) -> float:
    """Messages a second while `work` is done."""
    started = time.perf_counter()
    await work
    return len(rows) / (time.perf_counter() - started)


async def run_round(name: str, appendfsync: Fsync, plan: Plan, report: Report) -> Figures:
    """Measure one peer once."""
    with TemporaryDirectory(prefix="mersal-bench-") as folder_name:
        folder = Path(folder_name)
        path = folder / "timesheet"
        rows = Round.WARM_UP + 2 * plan.messages + 2 * plan.paced + plan.stops
        sheet = Timesheet.create(path, rows)
        with (
            private_redis(folder, appendfsync) as (redis, url),
            worker_process(name, url, path, folder) as worker,
        ):
            peer = find_peer(name)(url)
            await peer.open()
            try:
                measured = Round(peer, sheet, worker, redis)
                await _measure(measured, plan, report)
            finally:
                await peer.close()
                sheet.close()
        return Figures(
            name, peer.title, appendfsync, measured.rates, measured.times, measured.cpu_ms
        )


async def _measure(run: Round, plan: Plan, report: Report) -> None:
    report("warm up")
    await run.warm_up()
    report("drain")
    await run.drain(run.phase("drain", plan.messages), measure_sending=True)
    report("steady pace")
    await run.paced(run.phase("paced", plan.paced), plan.rate)
    if isinstance(run.peer, MersalPeer):
        report(f"drain, {FEW_CONVERSATIONS} conversations")
        await run.drain(run.phase("few", plan.messages, FEW_CONVERSATIONS))
        report(f"steady pace, engine of {SLOW_MS} ms")
        await run.paced(run.phase("slow", plan.paced, delay_ms=SLOW_MS), plan.rate)
        report("stops")
        await run.stops(run.phase("stop", plan.stops, delay_ms=ANSWER_MS))
        report("deltas")
        run.rates["deltas"] = await deltas_per_s(run.peer, plan.messages)
