"""taskiq on its Redis list, with the asynchronous task that suits it best."""

import asyncio

from taskiq import AsyncTaskiqDecoratedTask
from taskiq.api import run_receiver_task
from taskiq_redis import ListQueueBroker

from mersal.bench.order import Order
from mersal.bench.peer import THREADS, Peer, Phase
from mersal.bench.timesheet import Timesheet

# redis-py's own 5 s would run out while the worker is frozen, and lose the message on its way.
SOCKET_TIMEOUT_S = 120.0


class TaskiqPeer(Peer):
    name = "taskiq"
    title = "taskiq"

    async def open(self) -> None:
        self._broker, self._hop = self._make(None)
        await self._broker.startup()

    async def close(self) -> None:
        await self._broker.shutdown()

    async def send(self, phase: Phase, order: Order) -> None:
        await self._hop.kiq(order.to_text())

    def serve(self, sheet: Timesheet) -> None:
        asyncio.run(self._receive(sheet))

    async def _receive(self, sheet: Timesheet) -> None:
        broker, _ = self._make(sheet)
        await run_receiver_task(broker, sync_workers=THREADS, run_startup=True)

    def _make(
        self, sheet: Timesheet | None
    ) -> tuple[ListQueueBroker, "AsyncTaskiqDecoratedTask[[str], object]"]:
        broker = ListQueueBroker(self.url, socket_timeout=SOCKET_TIMEOUT_S)

        async def hop(text: str) -> None:
            if sheet is not None:
                sheet.stamp(Order.from_text(text).index)

        return broker, broker.register_task(hop, task_name="bench.hop")
