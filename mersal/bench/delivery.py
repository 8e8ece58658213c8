"""A relay without a platform: reads the outbox as a bot does and notes when replies arrive."""

import asyncio
import time
from contextlib import suppress
from types import TracebackType
from typing import Self

from broker.outbox import Outbox
from mersal.bench.peer import Phase


class Deliveries:
    """Reads and acknowledges one phase's replies while the block runs.

    `arrived_ns`: times of the monotonic clock, in the order of the phase's rows;
    `after_commit_ns`: how long after its turn was finished each reply arrived; `outcomes`: all
    that there were.
    """

    def __init__(self, outbox: Outbox, phase: Phase) -> None:
        self._outbox = outbox
        self._first = phase.rows.start
        self.arrived_ns = [0] * len(phase.rows)
        self.after_commit_ns: list[int] = []
        self.outcomes: set[str] = set()
        self.complete = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._relay = asyncio.create_task(self._read())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._relay.cancel()
        with suppress(asyncio.CancelledError):
            await self._relay

    async def _read(self) -> None:
        async with asyncio.TaskGroup() as acknowledging:  # beside each other, as a bot does
            async for parcel in self._outbox.parcels():
                now_ns, wall_ns = time.monotonic_ns(), time.time_ns()
                for message_id in parcel.reply.message_ids:
                    self.arrived_ns[int(message_id) - self._first] = now_ns
                self.outcomes.add(parcel.reply.outcome)
                self.after_commit_ns.append(wall_ns - int(parcel.reply.created_at * 1e9))
                if len(self.after_commit_ns) == len(self.arrived_ns):
                    self.complete.set()
                acknowledging.create_task(self._outbox.acknowledge(parcel))
