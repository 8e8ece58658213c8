"""Waiting for the end of a phase, without waiting for ever."""

import asyncio
import time
from collections.abc import Callable

from mersal.bench.peer import Peer, Phase
from mersal.bench.timesheet import Timesheet

STALLED_S = 15.0  # nothing more came through for so long: the rest is lost
STARTING_S = 60.0  # nothing came through at all: the worker may still be starting
LOOK_EVERY_S = 0.004
COUNT_EVERY_S = 1.0


class MessagesLost(RuntimeError):
    """Raised when a queue that still runs does not hand over every message."""


async def wait_until_done(
    peer: Peer, phase: Phase, sheet: Timesheet, check: Callable[[], None]
) -> None:
    """Return when every message is through.

    `check` raises when a process has died. Raises MessagesLost when nothing moves any more.
    """
    through, moved_at, count_at = 0, time.monotonic(), 0.0
    while not await peer.is_done(phase, sheet):
        check()
        now = time.monotonic()
        if now >= count_at:
            count_at = now + COUNT_EVERY_S
            if (count := sheet.count(phase.rows)) != through:
                through, moved_at = count, now
        if now - moved_at > (STALLED_S if through else STARTING_S):
            raise MessagesLost(f"{peer.name}: {through} of {len(phase.rows)} came through")
        await asyncio.sleep(LOOK_EVERY_S)
