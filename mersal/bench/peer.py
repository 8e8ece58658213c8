"""What the benchmark asks of a queue: send a message; serve them in a process of its own."""

import asyncio
from abc import ABC, abstractmethod
from dataclasses import dataclass

from mersal.bench.order import Order
from mersal.bench.timesheet import Timesheet

# Of every peer's worker process, as many as a Mersal worker has.
THREADS = 16


@dataclass(frozen=True, slots=True)
class Phase:
    """One measurement: these rows of the timesheet, sent in order.

    `conversations`: how many the messages are spread over, where a queue knows such a thing.
    """

    name: str
    rows: range
    conversations: int
    delay_ms: int = 0

    def order(self, row: int) -> Order:
        return Order(row, self.delay_ms)


class Peer(ABC):
    """One queue on the Redis at `url`. Opened in the process that sends, served in another."""

    name: str
    title: str

    def __init__(self, url: str) -> None:
        self.url = url

    @abstractmethod
    async def open(self) -> None: ...

    @abstractmethod
    async def close(self) -> None: ...

    @abstractmethod
    async def send(self, phase: Phase, order: Order) -> None:
        """Queue one message; returns when Redis has it."""

    async def send_among_others(self, phase: Phase, order: Order) -> None:
        """The same beside other sends of this event loop; a blocking client needs a thread."""
        await self.send(phase, order)

    async def is_done(self, phase: Phase, sheet: Timesheet) -> bool:
        """Whether every message of the phase is through."""
        return sheet.is_full(phase.rows)

    @abstractmethod
    def serve(self, sheet: Timesheet) -> None:
        """The worker: stamp every message's row; returns at SIGTERM at the latest."""


class BlockingPeer(Peer):
    """A queue whose client knows no asyncio."""

    @abstractmethod
    def send_now(self, text: str) -> None: ...

    async def send(self, phase: Phase, order: Order) -> None:
        self.send_now(order.to_text())

    async def send_among_others(self, phase: Phase, order: Order) -> None:
        await asyncio.to_thread(self.send_now, order.to_text())
