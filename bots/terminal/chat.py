"""One person's conversation in the terminal."""

import asyncio
import os
import time
import uuid

from redis.asyncio import Redis

from bots.ending import end
from bots.language import guess
from bots.relay import Relay
from bots.terminal.answer import Answer
from bots.terminal.channel import TerminalChannel
from bots.terminal.paper import Paper
from bots.words import about_receipt
from broker.conversation import Conversations
from broker.inbox import Inbox
from broker.live import Live
from broker.messages import Address, Outcome, UserMessage
from broker.outbox import Outbox
from broker.settings import Settings

CHANNEL = "terminal"


class Chat:
    """Says things and waits for the answers, one at a time."""

    def __init__(self, redis: Redis, settings: Settings, paper: Paper) -> None:
        self._user = str(os.getuid())
        self._address = Address(CHANNEL, self._user)
        self._paper = paper
        self._language = ""
        self._inbox = Inbox(redis, settings)
        self._conversations = Conversations(redis, settings)
        self._channel = TerminalChannel(self._address, self._conversations)
        outbox = Outbox(redis, settings, CHANNEL, reader=f"{os.uname().nodename}.{os.getpid()}")
        relay = Relay(outbox, self._channel, Live(redis, settings, CHANNEL))
        self._relaying = asyncio.create_task(relay.run())

    async def remembered(self) -> int:
        """The number of turns that the conversation has, as far as a bot sees them."""
        return len((await self._conversations.snapshot(self._address)).turns)

    async def say(self, text: str) -> Outcome | None:
        """Say something and show the answer. None when it was refused, and the person told.

        Raises RedisUnavailable when it could not be handed over.
        """
        self._language = guess(text, self._language)
        message = UserMessage(
            address=self._address,
            message_id=uuid.uuid4().hex,
            user_id=self._user,
            text=text,
            sent_at=time.time(),
            language=self._language,
        )
        answer = self._channel.awaited = Answer(message.message_id, self._language, self._paper)
        receipt = await self._inbox.submit(message)
        if not receipt.kept:
            self._paper.remark(about_receipt(receipt, self._language))
            return None
        return await answer.outcome()

    async def stop(self) -> None:
        """Stop the answer; what it has said so far stays."""
        await self._inbox.cancel(self._address)

    async def forget(self) -> int:
        """Begin anew; the number of turns forgotten."""
        return await self._inbox.forget(self._address)

    async def choose_model(self, model: str) -> None:
        await self._inbox.choose_model(self._address, model)

    async def close(self) -> None:
        await end(self._relaying)
