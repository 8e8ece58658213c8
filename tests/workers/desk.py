"""A bot's side of one conversation, on a real Redis."""

import asyncio
import time
from dataclasses import astuple

from redis.asyncio import Redis

from broker.conversation import Conversations, Snapshot
from broker.inbox import Inbox
from broker.live import Live
from broker.messages import Action, Address, Reply, UserMessage
from broker.outbox import Outbox
from broker.settings import Settings
from inference.echo import EchoEngine
from inference.engine import CompletionRequest
from workers.transcript import Wish

ADDRESS = Address("web", "c1")
NOTHING_MORE = Wish()


class Attentive(EchoEngine):
    """Keeps what it was asked."""

    def __init__(self, delay_s: float = 0.0, context_tokens: int = 8192) -> None:
        super().__init__(delay_s=delay_s, context_tokens=context_tokens)
        self.requests: list[CompletionRequest] = []

    def answer(self, request: CompletionRequest) -> str:
        self.requests.append(request)
        return super().answer(request)

    @property
    def asked(self) -> list[list[str]]:
        """The contents of each request's messages."""
        return [[message.content for message in request.messages] for request in self.requests]


class Desk:
    """A bot's side, for one conversation."""

    address = ADDRESS

    def __init__(self, redis: Redis, settings: Settings) -> None:
        self.inbox = Inbox(redis, settings)
        self.conversations = Conversations(redis, settings)
        self.live = Live(redis, settings, "web")
        self._outbox = Outbox(redis, settings, "web", "test")
        self._parcels = self._outbox.parcels()
        self._count = 0

    async def say(
        self,
        text: str,
        action: Action = "say",
        language: str = "",
        sender: str = "",
        replaces: str = "",
        wish: Wish = NOTHING_MORE,
    ) -> str:
        """Submit a message; returns its id."""
        self._count += 1
        message = UserMessage(
            ADDRESS,
            str(self._count),
            "u1",
            text,
            time.time(),
            language,
            sender,
            action,
            replaces,
            *astuple(wish),
        )
        receipt = await self.inbox.submit(message)
        assert receipt.status == "accepted"
        return message.message_id

    async def reply(self) -> Reply:
        parcel = await asyncio.wait_for(anext(self._parcels), 60)
        await self._outbox.acknowledge(parcel)
        return parcel.reply

    async def snapshot(self) -> Snapshot:
        return await self.conversations.snapshot(ADDRESS)

    async def until_leased(self) -> None:
        while (await self.snapshot()).status != "leased":
            await asyncio.sleep(0.01)

    async def until_shown(self) -> None:
        """Until something of an answer is there to read."""
        while not (await self.snapshot()).partial:
            await asyncio.sleep(0.01)
