"""Mersal's own path with every guarantee on: the real inbox, worker, turn, commit and outbox."""

from pathlib import Path

from broker.connection import connect
from broker.inbox import Inbox
from broker.keys import Keys
from broker.messages import Address, UserMessage
from broker.outbox import Outbox
from broker.settings import LimitSettings, RedisSettings, Settings, TurnSettings, WorkerSettings
from inference.catalog import find
from mersal.bench.engine import MODEL, PromptEngine
from mersal.bench.order import Order
from mersal.bench.peer import THREADS, Peer, Phase
from mersal.bench.timesheet import Timesheet
from workers.run import serve_engine

SENT_AT = 1_700_000_000.0


def bench_settings(url: str) -> Settings:
    """The defaults, but no message is refused, and each is a turn of its own."""
    return Settings(
        redis_url=url,
        state_dir=Path("/nonexistent"),
        redis=RedisSettings(namespace="bench"),
        limits=LimitSettings(messages_per_minute=0, pending_messages=10**6, wait_s=10**6),
        turn=TurnSettings(max_messages=1),
        worker=WorkerSettings(model=MODEL, threads=THREADS),
    )


class MersalPeer(Peer):
    name = "mersal"
    title = "Mersal"

    async def open(self) -> None:
        self.settings = bench_settings(self.url)
        self.redis = connect(self.settings)
        self._inbox = Inbox(self.redis, self.settings)

    async def close(self) -> None:
        await self.redis.aclose()
        await self.redis.connection_pool.disconnect()

    async def send(self, phase: Phase, order: Order) -> None:
        chat = str(order.index % phase.conversations)
        address = Address(phase.name, chat)
        receipt = await self._inbox.submit(
            UserMessage(address, str(order.index), chat, order.to_text(), SENT_AT)
        )
        if receipt.status != "accepted":
            raise RuntimeError(f"a message of the benchmark was refused: {receipt.status}")

    async def stop(self, phase: Phase, row: int) -> None:
        """Ask for the end of the answer to this row's message."""
        await self._inbox.cancel(Address(phase.name, str(row % phase.conversations)))

    async def is_done(self, phase: Phase, sheet: Timesheet) -> bool:
        """Committed, that is, with its reply in the outbox."""
        outbox = Keys(self.settings.redis.namespace)("outbox", phase.name)
        return int(await self.redis.xlen(outbox)) >= len(phase.rows)

    def outbox(self, phase: Phase) -> Outbox:
        """The phase's replies, as a relay reads them."""
        return Outbox(self.redis, self.settings, phase.name, "bench")

    def serve(self, sheet: Timesheet) -> None:
        serve_engine(PromptEngine(sheet), find("echo"), bench_settings(self.url))
