"""What shows that we are writing: a status in the thread, or in a long wait the place in the line,
and Slack's own stop button."""

import logging

from bots.failures import Later, PlatformFailure, Refused
from bots.language import known
from bots.phrases import phrase
from bots.slack.api import Api, Spend
from bots.slack.place import Place
from bots.slack.words import word
from bots.words import duration
from broker.conversation import Conversations
from broker.messages import Address
from broker.preferences import Notes
from broker.waiting import Waiting

logger = logging.getLogger(__name__)

EVERY_S = 20.0  # Slack shows a status for two minutes; the place in the line is worth more
LONG_WAIT_S = 8.0
STATUS_CHARS = 100
STATUS, SESSION = "assistant.threads.setStatus", "agents.sessions.setStatus"
SESSION_S = 86400.0


class Status:
    """The sign of bots.working. Raises platform failures and broker errors."""

    def __init__(
        self, api: Api, conversations: Conversations, waiting: Waiting, notes: Notes
    ) -> None:
        self._api = api
        self._conversations = conversations
        self._waiting = waiting
        self._notes = notes
        self._has_sessions = True
        self._telling: set[Place] = set()  # whose sign is on its way to Slack

    async def show(self, address: Address, language: str, waited_s: float) -> None:
        """Say that we are at it; only threads have a place for that."""
        place = Place.of(address)
        if not place.thread:
            return
        status = await self._line(address, language) if waited_s > LONG_WAIT_S else ""
        self._telling.add(place)
        try:
            await self._say(place, (status or word("thinking", language))[:STATUS_CHARS])
            if place in self._telling:
                await self._begin_session(place)
        finally:
            if place not in self._telling:  # the answer was out before Slack heard of this
                await self._take_away(place, status=True, session=self._has_sessions)
            self._telling.discard(place)

    async def over(self, place: Place, said: bool) -> None:
        """The answer is out: Slack takes the status away itself, unless nothing was `said`."""
        if not place.thread:
            return
        self._telling.discard(place)
        noted = bool(await self._notes.read(_note(place)))
        await self._take_away(place, status=not said, session=noted)

    async def _take_away(self, place: Place, status: bool, session: bool) -> None:
        """Nobody else would take the stop button away. Its beginning left room for this call."""
        try:
            if status:
                await self._say(place, "")
            if session:
                await self._session(place, "active", "wait")
                await self._notes.erase(_note(place))
        except PlatformFailure as failure:
            logger.info("status stays: %s", failure, extra={"chat": place.chat_id})

    async def _begin_session(self, place: Place) -> None:
        """The stop button shows while a session is processing. Older workspaces have none."""
        if not self._has_sessions:
            return
        # Noted first: the call may be cut off and take effect all the same.
        begun = await self._notes.read(_note(place))
        await self._notes.write(_note(place), "processing", SESSION_S)
        try:
            await self._session(place, "processing", "spare")
        except (Later, Refused) as failure:
            self._has_sessions = "unknown_method" not in str(failure)
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
        wait = duration(line.wait_s, known(language))
        return phrase("in_line", language, number=str(line.in_front), wait=wait)


def _note(place: Place) -> str:
    return f"session:{place.address.conversation_id}"
