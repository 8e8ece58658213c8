"""The relay: what workers say, brought to one channel.

Replies come from the channel's outbox and are acknowledged when they are delivered. Each
conversation has a lane of its own, so that order holds inside it and none delays another.
"""

import asyncio
import logging
from collections import deque
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from bots.ending import end
from bots.lane import Lane
from broker.errors import RedisUnavailable
from broker.live import Live
from broker.messages import Reply, ReplyDelta
from broker.outbox import Outbox, Parcel

logger = logging.getLogger(__name__)

RESTART_S = 1.0
LONGEST_PAUSE_S = 10.0
RECENT = 1000

_Item = Parcel | ReplyDelta | Reply


class Channel(Protocol):
    """The least that a channel does."""

    async def deliver(self, reply: Reply) -> None:
        """Bring a reply to its user. It may be the second time, after a crash. An error is
        logged and the delivery tried again, a few times."""


@runtime_checkable
class Watcher(Protocol):
    """What a channel may do besides: show answers while they are written.

    Every process of the channel sees every event, whoever delivers the reply.
    """

    async def show(self, event: ReplyDelta | Reply) -> None:
        """Show a piece of an answer, or an answer that is finished. May be lost: errors are
        logged and forgotten. Pieces that had to wait are joined."""

    async def catch_up(self) -> None:
        """Events may have been lost: whoever needs them reads the conversation."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a delivery is tried, and how many conversations may have one under way."""

    tries: int = 5
    first_pause_s: float = 0.5
    try_s: float = 60.0
    conversations: int = 1000
    grace_s: float = 5.0


class Relay:
    """Serves one channel for one bot process, until cancelled."""

    def __init__(
        self,
        outbox: Outbox,
        channel: Channel,
        live: Live | None = None,
        patience: Patience = Patience(),
    ) -> None:
        self._outbox = outbox
        self._channel = channel
        self._watcher = channel if isinstance(channel, Watcher) else None
        self._live = live
        self._patience = patience
        self._lanes: dict[str, Lane[_Item]] = {}
        self._room = asyncio.Semaphore(patience.conversations)
        self._under_way: dict[str, set[str]] = {}  # entries of the outbox, by conversation
        self._finished = _Recent(RECENT)

    async def run(self) -> None:
        """Read and deliver for ever. Cancelled, it lets what is being delivered arrive."""
        while True:
            try:
                await self._read_and_deliver()
            except Exception:
                logger.exception("the relay failed, starting again")
            await asyncio.sleep(RESTART_S)

    async def _read_and_deliver(self) -> None:
        reading = [asyncio.create_task(self._read_outbox())]
        if self._live is not None and self._watcher is not None:
            reading.append(asyncio.create_task(self._read_live(self._live, self._watcher)))
        try:
            # They read for ever: one that is done has failed.
            done, _ = await asyncio.wait(reading, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            await end(*reading)
            await self._close_lanes()

    async def _read_outbox(self) -> None:
        async for parcel in self._outbox.parcels():
            conversation_id = parcel.reply.address.conversation_id
            if conversation_id not in self._under_way:
                # Room is for conversations: one that cannot be reached for hours holds no more
                # of it than any other, however much its user goes on asking.
                await self._room.acquire()
                self._under_way[conversation_id] = set()
            entries = self._under_way[conversation_id]
            if parcel.entry not in entries:  # or else read again, its delivery taking long
                entries.add(parcel.entry)
                self._lane(conversation_id).put(parcel)

    async def _read_live(self, live: Live, watcher: Watcher) -> None:
        async for event in live.events():
            if event is None:
                await watcher.catch_up()
            elif isinstance(event, Reply):
                self._lane(event.address.conversation_id).put(event)
            else:
                self._lane(event.conversation_id).put(event)

    def _lane(self, conversation_id: str) -> Lane[_Item]:
        lane = self._lanes.get(conversation_id)
        if lane is None:
            lane = Lane(
                self._handle,
                join=_join,
                emptied=lambda: self._lanes.pop(conversation_id, None),
            )
            self._lanes[conversation_id] = lane
        return lane

    async def _handle(self, item: _Item) -> None:
        if isinstance(item, Parcel):
            await self._deliver(item)
        elif self._watcher is None:
            return
        elif isinstance(item, Reply):
            self._finished.add(item.reply_id)
            await self._show(self._watcher, item)
        elif item.reply_id not in self._finished:  # a piece that comes after its reply is stale
            await self._show(self._watcher, item)

    async def _deliver(self, parcel: Parcel) -> None:
        try:
            delivered = await self._try_to_deliver(parcel.reply)
            self._finished.add(parcel.reply.reply_id)
            if not delivered:
                logger.error(
                    "reply given up",
                    extra={
                        "conversation": parcel.reply.address.conversation_id,
                        "reply": parcel.reply.reply_id,
                        "tries": self._patience.tries,
                    },
                )
            await self._outbox.acknowledge(parcel)
        finally:
            self._leave(parcel)

    def _leave(self, parcel: Parcel) -> None:
        conversation_id = parcel.reply.address.conversation_id
        entries = self._under_way[conversation_id]
        entries.discard(parcel.entry)
        if not entries:
            del self._under_way[conversation_id]
            self._room.release()

    async def _try_to_deliver(self, reply: Reply) -> bool:
        """Outages of Redis are waited out: nobody can say then what was sent before."""
        pause_s, failed = self._patience.first_pause_s, 0
        while True:
            try:
                async with asyncio.timeout(self._patience.try_s):
                    await self._channel.deliver(reply)
                return True
            except RedisUnavailable as error:
                logger.warning("reply waits for Redis: %s", error, extra={"reply": reply.reply_id})
            except Exception:
                failed += 1
                logger.exception("not delivered", extra={"reply": reply.reply_id, "failed": failed})
                if failed == self._patience.tries:
                    return False
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)

    async def _show(self, watcher: Watcher, event: ReplyDelta | Reply) -> None:
        try:
            async with asyncio.timeout(self._patience.try_s):
                await watcher.show(event)
        except Exception:
            logger.exception("not shown", extra={"reply": event.reply_id})

    async def _close_lanes(self) -> None:
        lanes = [lane.task for lane in self._lanes.values()]
        if lanes:
            await asyncio.wait(lanes, timeout=self._patience.grace_s)
        await end(*lanes)
        # What still waited in them stays in the outbox, for the next reader.
        self._room = asyncio.Semaphore(self._patience.conversations)
        self._under_way.clear()


def _join(waiting: _Item, new: _Item) -> ReplyDelta | None:
    """Two pieces of one answer that follow each other are one piece."""
    if not isinstance(waiting, ReplyDelta) or not isinstance(new, ReplyDelta):
        return None
    if waiting.reply_id != new.reply_id or waiting.offset + len(waiting.text) != new.offset:
        return None
    text = waiting.text + new.text
    return ReplyDelta(new.conversation_id, new.reply_id, waiting.offset, text)


class _Recent:
    """The last so many ids."""

    def __init__(self, size: int) -> None:
        self._order: deque[str] = deque()
        self._ids: set[str] = set()
        self._size = size

    def add(self, ident: str) -> None:
        if ident not in self._ids:
            self._ids.add(ident)
            self._order.append(ident)
        if len(self._order) > self._size:
            self._ids.discard(self._order.popleft())

    def __contains__(self, ident: str) -> bool:
        return ident in self._ids
