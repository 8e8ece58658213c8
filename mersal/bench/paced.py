"""Messages at a steady pace: how long each stretch of the way takes."""

import asyncio
import time
from collections.abc import Callable

from mersal.bench.delivery import Deliveries
from mersal.bench.figures import Times
from mersal.bench.mersal_peer import MersalPeer
from mersal.bench.peer import Peer, Phase
from mersal.bench.timesheet import Timesheet
from mersal.bench.waiting import wait_until_done

PATIENCE_S = 120.0


async def pace(
    peer: Peer, phase: Phase, rate: float, sheet: Timesheet, check: Callable[[], None]
) -> dict[str, Times]:
    """Send the phase at `rate` a second; `check` raises when a process has died.

    Times by name, each behind the phase's name: `send` is the call that queues, `start` from
    before that call to the worker; of Mersal also `deliver` from the finished turn to the
    relay, `added` from the call to the relay less what the engine took.
    """
    if not isinstance(peer, MersalPeer):
        sent = await send_at_pace(peer, phase, rate)
        await wait_until_done(peer, phase, sheet, check)
        return _stretches(phase, sent, sheet)
    async with Deliveries(peer.outbox(phase), phase) as deliveries:
        sent = await send_at_pace(peer, phase, rate)
        async with asyncio.timeout(PATIENCE_S):
            await deliveries.complete.wait()
    engine_ns = phase.delay_ms * 1_000_000
    arrivals = zip(deliveries.arrived_ns, sent, strict=True)
    return _stretches(phase, sent, sheet) | {
        f"{phase.name}_deliver": Times.of(deliveries.after_commit_ns),
        f"{phase.name}_added": Times.of(
            [there - since - engine_ns for there, (since, _) in arrivals]
        ),
    }


async def send_at_pace(peer: Peer, phase: Phase, rate: float) -> list[tuple[int, int]]:
    """When each send started and ended, on the monotonic clock in nanoseconds.

    Every message has its own time, even when those before it were slow.
    """

    async def send(row: int) -> tuple[int, int]:
        started = time.monotonic_ns()
        await peer.send(phase, phase.order(row))
        return started, time.monotonic_ns()

    first = time.monotonic()
    async with asyncio.TaskGroup() as group:
        sends = []
        for number, row in enumerate(phase.rows):
            await asyncio.sleep(max(0.0, first + number / rate - time.monotonic()))
            sends.append(group.create_task(send(row)))
    return [one.result() for one in sends]


def _stretches(phase: Phase, sent: list[tuple[int, int]], sheet: Timesheet) -> dict[str, Times]:
    starts = [
        sheet.stamp_ns(row) - started for row, (started, _) in zip(phase.rows, sent, strict=True)
    ]
    return {
        f"{phase.name}_send": Times.of([ended - started for started, ended in sent]),
        f"{phase.name}_start": Times.of(starts),
    }
