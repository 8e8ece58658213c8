"""Reading the journal: each chat's updates in their order, none delaying another chat's."""

import asyncio
import json
import logging
from dataclasses import dataclass
from typing import Any

from telegram import Bot, Update

from bots.ending import end
from bots.lane import Lane
from bots.telegram.business import Businesses
from bots.telegram.failures import TelegramFailure
from bots.telegram.handling import Handler
from bots.telegram.updates import Event, Me, lane_of, read
from broker.arrivals import Arrival, Arrivals
from broker.errors import RedisUnavailable

logger = logging.getLogger(__name__)

SIDE_BY_SIDE = 1000  # updates taken from the journal and not yet handled
TRIES = 5


@dataclass(frozen=True, slots=True)
class _Job:
    arrival: Arrival
    update: dict[str, Any]


class JournalReader:
    """Handles every update that the journal holds, until cancelled."""

    def __init__(
        self, journal: Arrivals, bot: Bot, me: Me, handler: Handler, businesses: Businesses
    ) -> None:
        self._journal = journal
        self._bot = bot
        self._me = me
        self._handler = handler
        self._businesses = businesses
        self._lanes: dict[str, Lane[_Job]] = {}
        self._room = asyncio.Semaphore(SIDE_BY_SIDE)

    async def run(self) -> None:
        """Read for ever. What is not handled when this is cancelled stays in the journal."""
        try:
            async for arrival in self._journal.arrivals():
                await self._room.acquire()
                update = json.loads(arrival.event)
                self._lane(lane_of(update)).put(_Job(arrival, update))
        finally:
            await end(*(lane.task for lane in self._lanes.values()))
            self._room = asyncio.Semaphore(SIDE_BY_SIDE)

    async def _understand(self, update: dict[str, Any]) -> Event | None:
        """What an update means; None when it means nothing to us."""
        business = update.get("business_message") or update.get("edited_business_message")
        if business:
            await self._businesses.learn(business.get("business_connection_id", ""))
        return read(Update.de_json(update, self._bot), self._me, self._businesses.owners)

    def _lane(self, conversation: str) -> Lane[_Job]:
        lane = self._lanes.get(conversation)
        if lane is None:
            lane = Lane(
                self._handle,
                join=lambda waiting, new: None,
                emptied=lambda: self._lanes.pop(conversation, None),
            )
            self._lanes[conversation] = lane
        return lane

    async def _handle(self, job: _Job) -> None:
        try:
            if not await self._try(job):
                logger.error("update=%s given up", job.arrival.event_id)
            await self._journal.handled(job.arrival)
        finally:
            self._room.release()

    async def _try(self, job: _Job) -> bool:
        """Handle an update; outages of Redis are waited out, other failures tried a few times."""
        failed, pause_s = 0, 0.2
        while failed < TRIES:
            try:
                event = await self._understand(job.update)
                if event is not None:
                    await self._handler.handle(event, f"update/{job.arrival.event_id}")
                return True
            except RedisUnavailable as error:
                logger.warning("update=%s waits for Redis: %s", job.arrival.event_id, error)
            except TelegramFailure as failure:
                failed += 1
                logger.warning("update=%s try=%d: %s", job.arrival.event_id, failed, failure)
            except Exception:
                failed += 1
                logger.exception("update=%s try=%d failed", job.arrival.event_id, failed)
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, 5.0)
        return False
