"""The sign that an answer is on its way: at once, and kept up while a turn waits or runs.

What the sign is, is the channel's business. A bot that starts takes up the signs of the one before.
"""

import asyncio
import logging
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bots.ending import end
from bots.failures import PlatformFailure
from broker.awaited import Awaited
from broker.conversation import Conversations
from broker.errors import BrokerError
from broker.messages import Address

logger = logging.getLogger(__name__)

RETRY_S = 1.0

# Shows the sign at an address, to a user of this language, who has waited so many seconds.
Sign = Callable[[Address, str, float], Awaitable[None]]


@dataclass(slots=True)
class _Showing:
    """A sign that is kept up. `under_way`: the platform is being told, which is not cut off, for
    it may count the call when it arrives; `over`: then it ends."""

    task: asyncio.Task[None] | None = None
    under_way: bool = False
    over: bool = False


class Working:
    """One task a conversation; they end with `done`, or when nothing is in flight any more."""

    def __init__(
        self, sign: Sign, conversations: Conversations, awaited: Awaited, every_s: float
    ) -> None:
        """`every_s`: how long the platform shows the sign, a little less."""
        self._sign = sign
        self._conversations = conversations
        self._awaited = awaited
        self._every_s = every_s
        self._signs: dict[str, _Showing] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._shown_at: dict[str, float] = {}

    def start(self, address: Address, language: str) -> None:
        """A message was accepted at this address."""
        self._start(address, language, again=False)

    def shown(self, conversation_id: str) -> None:
        """A piece of the answer shows: that says more than the sign, for a while."""
        if conversation_id in self._signs:
            self._shown_at[conversation_id] = time.monotonic()

    async def done(self, conversation_id: str) -> None:
        """The answer is there. Raises RedisUnavailable."""
        self._end(conversation_id)
        await self._awaited.remove(conversation_id)

    async def go_on(self, address: Address) -> None:
        """An answer is out, which took every sign here away: begin one for what was asked in the
        meantime. Raises RedisUnavailable."""
        snapshot = await self._conversations.snapshot(address, turns=1)
        if snapshot.status == "idle":
            return
        self._end(address.conversation_id)
        language = snapshot.pending[-1].language if snapshot.pending else ""
        self._start(address, language, again=False)

    async def resume(self) -> None:
        """Take up the signs of the process before; waits out an outage of Redis."""
        while True:
            try:
                waiting = await self._awaited.all()
                break
            except BrokerError as error:
                logger.warning("signs not taken up, trying again: %s", error)
                await asyncio.sleep(RETRY_S)
        for conversation_id, language in waiting.items():
            self._start(Address.of_conversation(conversation_id), language, again=True)

    async def close(self) -> None:
        """End all signs here; the next process takes them up."""
        await end(*self._tasks)

    def _start(self, address: Address, language: str, again: bool) -> None:
        conversation = address.conversation_id
        if conversation not in self._signs:
            showing = self._signs[conversation] = _Showing()
            task = asyncio.create_task(self._keep_up(showing, address, language, again))
            showing.task = task
            self._tasks.add(task)
            task.add_done_callback(lambda ended: self._ended(conversation, showing, ended))

    def _end(self, conversation_id: str) -> None:
        self._shown_at.pop(conversation_id, None)
        showing = self._signs.pop(conversation_id, None)
        if showing is not None:
            showing.over = True
            if showing.task is not None and not showing.under_way:
                showing.task.cancel()

    def _ended(self, conversation_id: str, showing: _Showing, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if self._signs.get(conversation_id, showing) is showing:
            self._signs.pop(conversation_id, None)
            self._shown_at.pop(conversation_id, None)

    async def _keep_up(
        self, showing: _Showing, address: Address, language: str, again: bool
    ) -> None:
        conversation = address.conversation_id
        started = -math.inf if again else time.monotonic()
        if not again:
            await self._show(showing, address, language, started)
            if not showing.over:
                await self._try(self._awaited.add(conversation, language))
                await asyncio.sleep(self._every_s)
        while not showing.over and await self._in_flight(address):
            await self._show(showing, address, language, started)
            if not showing.over:
                await asyncio.sleep(self._every_s)
        if not showing.over:  # else `done` has removed it
            await self._try(self._awaited.remove(conversation))

    async def _show(
        self, showing: _Showing, address: Address, language: str, started: float
    ) -> None:
        now = time.monotonic()
        if now - self._shown_at.get(address.conversation_id, -math.inf) > 2 * self._every_s:
            showing.under_way = True
            await self._try(self._sign(address, language, now - started))
            showing.under_way = False

    async def _try(self, what: Awaitable[None]) -> None:
        """A sign that fails is no matter."""
        try:
            await what
        except (PlatformFailure, BrokerError) as error:
            logger.debug("no sign: %s", error)

    async def _in_flight(self, address: Address) -> bool:
        try:
            snapshot = await self._conversations.snapshot(address, turns=1)
        except BrokerError:
            return True
        return snapshot.status != "idle"
