"""How long it takes from the wish to stop until the user has the end of the answer."""

import asyncio
import time
from collections.abc import Callable

from mersal.bench.delivery import Deliveries
from mersal.bench.figures import Times
from mersal.bench.mersal_peer import MersalPeer
from mersal.bench.peer import Phase
from mersal.bench.timesheet import Timesheet

STREAMS = 16  # answers being written at once, one in each thread of the worker
ANSWER_MS = 60_000  # nobody waits for their end
SHOWN_S = 0.3  # after which every answer has shown pieces
# Between two stops, so that they fall on every moment of the worker's beat.
APART_S = 0.013
PATIENCE_S = 60.0


async def stops(
    peer: MersalPeer, phase: Phase, sheet: Timesheet, check: Callable[[], None]
) -> Times:
    """From before the call that asks until a relay has the final reply.

    The phase's rows go in waves of `STREAMS`; every answer of a wave is being written when the
    first of it is stopped. `check` raises when a process has died. Raises RuntimeError when an
    answer ends by itself.
    """
    took_ns: list[int] = []
    async with Deliveries(peer.outbox(phase), phase) as deliveries:
        for start in range(0, len(phase.rows), STREAMS):
            wave = phase.rows[start : start + STREAMS]
            asked_ns = await _stop_wave(peer, phase, wave, sheet, check)
            async with asyncio.timeout(PATIENCE_S):
                while not all(deliveries.arrived_ns[row - phase.rows.start] for row in wave):
                    check()
                    await asyncio.sleep(0.01)
            took_ns += [
                deliveries.arrived_ns[row - phase.rows.start] - asked
                for row, asked in zip(wave, asked_ns, strict=True)
            ]
    if deliveries.outcomes != {"stopped"}:
        raise RuntimeError(f"answers that were stopped ended as {deliveries.outcomes}")
    return Times.of(took_ns)


async def _stop_wave(
    peer: MersalPeer, phase: Phase, wave: range, sheet: Timesheet, check: Callable[[], None]
) -> list[int]:
    """When each stop was asked for, on the monotonic clock in nanoseconds."""
    for row in wave:
        await peer.send(phase, phase.order(row))
    async with asyncio.timeout(PATIENCE_S):
        while not sheet.is_full(wave):
            check()
            await asyncio.sleep(0.01)
    await asyncio.sleep(SHOWN_S)
    asked_ns = []
    async with asyncio.TaskGroup() as stopping:
        for row in wave:
            asked_ns.append(time.monotonic_ns())
            stopping.create_task(peer.stop(phase, row))
            await asyncio.sleep(APART_S)
    return asked_ns
