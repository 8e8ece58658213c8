"""Waiting for the end of a phase, without waiting for ever."""

import asyncio
import time
from collections.abc import Callable

from mersal.bench.peer import Peer, Phase
from mersal.bench.timesheet import Timesheet

PATIENCE_S = 120.0
LOOK_EVERY_S = 0.004


async def wait_until_done(
    peer: Peer, phase: Phase, sheet: Timesheet, check: Callable[[], None]
) -> None:
    """Return when every message is through.

    `check` raises when a process has died. Raises RuntimeError when it takes too long.
    """
    give_up_at = time.monotonic() + PATIENCE_S
    while not await peer.is_done(phase, sheet):
        check()
        if time.monotonic() > give_up_at:
            done = sheet.count(phase.rows)
            raise RuntimeError(f"{peer.name}: {done} of {len(phase.rows)} messages came through")
        await asyncio.sleep(LOOK_EVERY_S)
