"""What shows that we are writing: a status in the thread, or in a long wait the place in the line,
and Slack's own stop button."""

import asyncio
import logging
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

from bots import catalog
from bots.ending import end
from bots.failures import Later, PlatformFailure, Refused, Unsure
from bots.slack.api import Api, Spend
from bots.slack.place import Place, Workspace
from bots.words import about_line
from broker.conversation import Conversations
from broker.errors import BrokerError
from broker.messages import Address
from broker.preferences import Notes
from broker.waiting import Waiting

logger = logging.getLogger(__name__)

EVERY_S = 20.0  # Slack shows a status for two minutes; the place in the line is worth more
LONG_WAIT_S = 8.0
STATUS_CHARS = 100
STATUS, SESSION = "assistant.threads.setStatus", "agents.sessions.setStatus"
SESSION_S = 86400.0
PATIENCE_S = 5.0  # so long an answer's delivery waits for its sign to end
TRIES = 10  # to end a sign
PAUSE_S = 1.0  # before the second; doubled before each further one


@dataclass(slots=True, weakref_slot=True)
class _Thread:
    """What is told about one thread, one call after the other. `begun` counts the signs, the first
    `over` of which have their answers; `telling`: one is on its way to Slack."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    begun: int = 0
    over: int = 0
    telling: bool = False


class Status:
    """The sign of bots.working. Raises platform failures and broker errors."""

    def __init__(
        self, api: Api, conversations: Conversations, waiting: Waiting, notes: Notes
    ) -> None:
        self._api = api
        self._conversations = conversations
        self._waiting = waiting
        self._notes = notes
        self._without_sessions: set[Workspace] = set()
        self._threads: WeakValueDictionary[Place, _Thread] = WeakValueDictionary()
        self._endings: set[asyncio.Task[None]] = set()

    async def show(self, address: Address, language: str, waited_s: float) -> None:
        """Say that we are at it; only threads have a place for that."""
        place = Place.of(address)
        if not place.thread:
            return
        thread = self._thread(place)
        thread.begun += 1
        own = thread.begun
        status = await self._line(address, language) if waited_s > LONG_WAIT_S else ""
        async with thread.lock:
            if own <= thread.over:
                return
            thread.telling = True
            try:
                await self._say(
                    place, (status or catalog.text("slack-thinking", language))[:STATUS_CHARS]
                )
                if own > thread.over:
                    await self._begin_session(place)
            finally:
                thread.telling = False

    def is_on_its_way(self, place: Place) -> bool:
        """Whether Slack is being told of a sign, so that it may hear of the answer first."""
        thread = self._threads.get(place)
        return thread is not None and thread.telling

    async def over(self, place: Place, said: bool) -> None:
        """The answer is out: Slack takes the status away itself, unless nothing was `said`, or it
        heard of the status after the answer. Nobody else would take the stop button away."""
        if not place.thread:
            return
        thread = self._thread(place)
        thread.over = thread.begun
        left = {SESSION} if said and not thread.telling else {STATUS, SESSION}
        ending = asyncio.create_task(self._end(place, thread, left))
        self._endings.add(ending)
        ending.add_done_callback(self._endings.discard)
        await asyncio.wait([ending], timeout=PATIENCE_S)

    async def close(self) -> None:
        """Leave what is not ended; the next answer in the thread ends it."""
        await end(*self._endings)

    def _thread(self, place: Place) -> _Thread:
        return self._threads.setdefault(place, _Thread())

    async def _end(self, place: Place, thread: _Thread, left: set[str]) -> None:
        """Try until nothing is left, or a newer sign shows, which is ended in its turn."""
        pause_s = PAUSE_S
        for _ in range(TRIES):
            async with thread.lock:
                if thread.begun > thread.over:
                    return
                for what in sorted(left, reverse=True):  # the status waits for no budget
                    if await self._ended(place, what):
                        left.discard(what)
            if not left:
                return
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, 60.0)
        logger.warning("status stays", extra={"chat": place.chat_id})

    async def _ended(self, place: Place, what: str) -> bool:
        """Take the status or the session away; whether no other try is needed."""
        try:
            if what == STATUS:
                await self._say(place, "")
            elif await self._notes.read(_note(place)):
                # Its beginning left room in the budget for this call.
                await self._session(place, "active", "wait")
                await self._notes.erase(_note(place))
        except (Later, Unsure, BrokerError) as failure:
            logger.info("status stays for now: %s", failure, extra={"chat": place.chat_id})
            return False
        except PlatformFailure as failure:
            logger.info("status stays: %s", failure, extra={"chat": place.chat_id})
        return True

    async def _begin_session(self, place: Place) -> None:
        """The stop button shows while a session is processing. Older workspaces have none."""
        if place.workspace in self._without_sessions:
            return
        # Noted first: the call may be cut off and take effect all the same.
        begun = await self._notes.read(_note(place))
        await self._notes.write(_note(place), "processing", SESSION_S)
        try:
            await self._session(place, "processing", "spare")
        except (Later, Refused) as failure:
            if "unknown_method" in str(failure):
                self._without_sessions.add(place.workspace)
            if not begun:  # by an earlier sign, whose session goes on
                await self._notes.erase(_note(place))
            raise

    async def _say(self, place: Place, status: str) -> None:
        body: dict[str, object] = {"thread_ts": place.thread, "status": status}
        if status:
            body["loading_messages"] = [status]
        await self._api.call(place, STATUS, body, "spare", named="channel_id")

    async def _session(self, place: Place, status: str, spend: Spend) -> None:
        body = {"thread_ts": place.thread, "status": status}
        await self._api.call(place, SESSION, body, spend, named="channel_id")

    async def _line(self, address: Address, language: str) -> str:
        """How many wait in front; "" when none do."""
        snapshot = await self._conversations.snapshot(address, turns=1)
        line = await self._waiting.line(snapshot.model, address)
        if snapshot.status != "ready" or line.in_front < 1:
            return ""
        return about_line(line, language)


def _note(place: Place) -> str:
    return f"session:{place.address.conversation_id}"
