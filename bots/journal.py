"""Reading a channel's journal: what belongs together in order, nothing delaying the rest."""

import asyncio
import json
import logging
from dataclasses import dataclass
from typing import Any, Protocol

from bots.ending import end
from bots.failures import PlatformFailure
from bots.lane import Lane
from broker.arrivals import Arrival, Arrivals
from broker.errors import RedisUnavailable

logger = logging.getLogger(__name__)

SIDE_BY_SIDE = 1000  # events taken from the journal and not yet handled
TRIES = 5


class Reader(Protocol):
    """What a channel does with the events in its journal."""

    def lane_of(self, event: dict[str, Any]) -> str:
        """Events with the same lane keep their order."""

    async def handle(self, event: dict[str, Any], event_id: str) -> None:
        """Handle an event; the same one again must do no harm. Raises broker errors, which are
        waited out, and others, after which it is tried a few times."""


@dataclass(frozen=True, slots=True)
class _Job:
    arrival: Arrival
    event: dict[str, Any]


class JournalReader:
    """Handles every event that the journal holds, until cancelled."""

    def __init__(self, journal: Arrivals, reader: Reader) -> None:
        self._journal = journal
        self._reader = reader
        self._lanes: dict[str, Lane[_Job]] = {}
        self._room = asyncio.Semaphore(SIDE_BY_SIDE)

    async def run(self) -> None:
        """Read for ever. What is not handled when this is cancelled stays in the journal."""
        try:
            async for arrival in self._journal.arrivals():
                await self._room.acquire()
                event = json.loads(arrival.event)
                self._lane(self._reader.lane_of(event)).put(_Job(arrival, event))
        finally:
            await end(*(lane.task for lane in self._lanes.values()))
            self._room = asyncio.Semaphore(SIDE_BY_SIDE)

    def _lane(self, name: str) -> Lane[_Job]:
        lane = self._lanes.get(name)
        if lane is None:
            lane = Lane(
                self._handle,
                join=lambda waiting, new: None,
                emptied=lambda: self._lanes.pop(name, None),
            )
            self._lanes[name] = lane
        return lane

    async def _handle(self, job: _Job) -> None:
        try:
            if not await self._try(job):
                logger.error("event=%s given up", job.arrival.event_id)
            await self._journal.handled(job.arrival)
        finally:
            self._room.release()

    async def _try(self, job: _Job) -> bool:
        """Handle an event; outages of Redis are waited out, other failures tried a few times."""
        failed, pause_s = 0, 0.2
        while failed < TRIES:
            try:
                await self._reader.handle(job.event, job.arrival.event_id)
                return True
            except RedisUnavailable as error:
                logger.warning("event=%s waits for Redis: %s", job.arrival.event_id, error)
            except PlatformFailure as failure:
                failed += 1
                logger.warning("event=%s try=%d: %s", job.arrival.event_id, failed, failure)
            except Exception:
                failed += 1
                logger.exception("event=%s try=%d failed", job.arrival.event_id, failed)
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, 5.0)
        return False
