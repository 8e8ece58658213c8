"""Reading a channel's journal: what belongs together in order, nothing delaying the rest."""

import asyncio
import json
import logging
import time
from dataclasses import dataclass
from typing import Any, Protocol

from bots.ending import end
from bots.failures import Later, PlatformFailure
from bots.lane import Lane
from broker.arrivals import Arrival, Arrivals
from broker.errors import RedisUnavailable

logger = logging.getLogger(__name__)

SIDE_BY_SIDE = 5000  # events taken from the journal and not yet handled
IN_A_LANE = 20  # of them that wait in one lane
TRIES = 5
GIVE_UP_S = 6 * 3600.0  # of a platform that says "later"


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
    counted: bool = True  # holds a place of those side by side


@dataclass(slots=True)
class _Left:
    """The first and the last entry of a full lane that were left in the journal."""

    first: str
    last: str


class JournalReader:
    """Handles every event that the journal holds, until cancelled.

    A lane that is full, because its platform or its user holds it up, takes no more: the rest
    stays in the journal and is read again when the lane is empty. So one chat's flood takes
    neither memory nor the places of others.
    """

    def __init__(self, journal: Arrivals, reader: Reader) -> None:
        self._journal = journal
        self._reader = reader
        self._lanes: dict[str, Lane[_Job]] = {}
        self._left: dict[str, _Left] = {}
        self._returns: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(SIDE_BY_SIDE)

    async def run(self) -> None:
        """Read for ever. What is not handled when this is cancelled stays in the journal."""
        try:
            async for arrival in self._journal.arrivals():
                event = json.loads(arrival.event)
                name = self._reader.lane_of(event)
                if name in self._left or len(self._lanes.get(name, ())) >= IN_A_LANE:
                    self._left.setdefault(name, _Left(arrival.entry, "")).last = arrival.entry
                    continue
                await self._room.acquire()
                self._lane(name).put(_Job(arrival, event))
        finally:
            await end(*self._returns, *(lane.task for lane in self._lanes.values()))
            self._left.clear()
            self._room = asyncio.Semaphore(SIDE_BY_SIDE)

    def _lane(self, name: str) -> Lane[_Job]:
        lane = self._lanes.get(name)
        if lane is None:
            lane = Lane(
                self._handle,
                join=lambda waiting, new: None,
                emptied=lambda: self._emptied(name),
            )
            self._lanes[name] = lane
        return lane

    def _emptied(self, name: str) -> None:
        self._lanes.pop(name, None)
        if name in self._left:
            task = asyncio.create_task(self._return_to(name))
            self._returns.add(task)
            task.add_done_callback(self._returns.discard)

    async def _return_to(self, name: str) -> None:
        """Take the next of what a lane left in the journal. Nothing else fills it meanwhile."""
        jobs: list[_Job] = []
        while name in self._left and not jobs:
            jobs = await self._next_of(name, self._left[name])
        for job in jobs:
            self._lane(name).put(job)

    async def _next_of(self, name: str, left: _Left) -> list[_Job]:
        jobs: list[_Job] = []
        seen = ""
        async for arrival in self._journal.since(left.first):
            seen = arrival.entry
            event = json.loads(arrival.event)
            if self._reader.lane_of(event) != name:
                continue
            if len(jobs) == IN_A_LANE:
                left.first = arrival.entry
                return jobs
            jobs.append(_Job(arrival, event, counted=False))
        if seen and _order(seen) < _order(left.last):  # more was left while we read
            left.first = f"({seen}"
        else:
            del self._left[name]
        return jobs

    async def _handle(self, job: _Job) -> None:
        try:
            if not await self._try(job):
                logger.error("event given up", extra={"event": job.arrival.event_id})
            await self._journal.handled(job.arrival)
        finally:
            if job.counted:
                self._room.release()

    async def _try(self, job: _Job) -> bool:
        """Handle an event; outages of Redis and of the platform are waited out, other failures
        tried a few times."""
        failed, pause_s, give_up_at = 0, 0.2, time.monotonic() + GIVE_UP_S
        while failed < TRIES:
            try:
                await self._reader.handle(job.event, job.arrival.event_id)
                return True
            except RedisUnavailable as error:
                logger.warning(
                    "event waits for Redis: %s", error, extra={"event": job.arrival.event_id}
                )
            except Later as failure:
                logger.warning("event waits: %s", failure, extra={"event": job.arrival.event_id})
                if time.monotonic() > give_up_at:
                    return False
            except PlatformFailure as failure:
                failed += 1
                logger.warning(
                    "event failed, trying again: %s",
                    failure,
                    extra={"event": job.arrival.event_id, "failed": failed},
                )
            except Exception:
                failed += 1
                logger.exception(
                    "event failed", extra={"event": job.arrival.event_id, "failed": failed}
                )
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, 5.0)
        return False


def _order(entry: str) -> tuple[int, int]:
    """Entries of a stream are a time and a number."""
    time_ms, _, number = entry.partition("-")
    return int(time_ms), int(number)
