"""dramatiq on Redis, with its default middleware and a worker of threads."""

import signal

import dramatiq
from dramatiq.brokers.redis import RedisBroker

from mersal.bench.order import Order
from mersal.bench.peer import THREADS, BlockingPeer
from mersal.bench.timesheet import Timesheet


class DramatiqPeer(BlockingPeer):
    name = "dramatiq"
    title = "dramatiq"

    async def open(self) -> None:
        self._broker, self._hop = self._make(None)

    async def close(self) -> None:
        self._broker.close()

    def send_now(self, text: str) -> None:
        self._hop.send(text)

    def serve(self, sheet: Timesheet) -> None:
        broker, _ = self._make(sheet)
        dramatiq.Worker(broker, worker_threads=THREADS).start()
        signal.pause()

    def _make(self, sheet: Timesheet | None) -> tuple[RedisBroker, "dramatiq.Actor[[str], None]"]:
        broker = RedisBroker(url=self.url)  # type: ignore[no-untyped-call]

        def hop(text: str) -> None:
            if sheet is not None:
                sheet.stamp(Order.from_text(text).index)

        return broker, dramatiq.actor(broker=broker, actor_name="bench.hop")(hop)
