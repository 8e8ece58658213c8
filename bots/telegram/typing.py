"""The sign that we are writing: at once, and kept up while a turn waits or runs."""

import asyncio
import logging
import time

from bots.language import known
from bots.phrases import phrase
from bots.telegram.api import Api
from bots.telegram.failures import TelegramFailure
from bots.telegram.place import Place
from bots.telegram.rendering import Part
from bots.words import duration
from broker.conversation import Conversations
from broker.errors import BrokerError
from broker.waiting import Waiting

logger = logging.getLogger(__name__)

EVERY_S = 4.5  # Telegram shows it for five seconds
LONG_WAIT_S = 8.0  # from then on the place in the line is shown
LINE_DRAFT = 1


class Typing:
    """One task a conversation; they end with `stop`, or when nothing is in flight any more."""

    def __init__(self, api: Api, conversations: Conversations, waiting: Waiting) -> None:
        self._api = api
        self._conversations = conversations
        self._waiting = waiting
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def start(self, place: Place, language: str) -> None:
        """A message was accepted at this place."""
        conversation = place.address.conversation_id
        if conversation not in self._tasks:
            task = asyncio.create_task(self._type(place, language))
            self._tasks[conversation] = task
            task.add_done_callback(lambda _: self._tasks.pop(conversation, None))

    def stop(self, conversation_id: str) -> None:
        """The answer shows."""
        task = self._tasks.get(conversation_id)
        if task is not None:
            task.cancel()

    async def close(self) -> None:
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _type(self, place: Place, language: str) -> None:
        started = time.monotonic()
        while True:
            try:
                waits = time.monotonic() - started > LONG_WAIT_S
                if not (waits and await self._show_line(place, language)):
                    await self._api.typing(place)
            except TelegramFailure as failure:
                logger.debug("no typing chat=%d: %s", place.chat_id, failure)
            except BrokerError as error:
                logger.debug("no typing: %s", error)
            await asyncio.sleep(EVERY_S)
            if not await self._in_flight(place):
                return

    async def _in_flight(self, place: Place) -> bool:
        try:
            snapshot = await self._conversations.snapshot(place.address, turns=1)
        except BrokerError:
            return True
        return snapshot.status != "idle"

    async def _show_line(self, place: Place, language: str) -> bool:
        """Where previews can be taken back, say how many wait in front; whether it was said."""
        if not place.private or place.business:
            return False
        snapshot = await self._conversations.snapshot(place.address, turns=1)
        line = await self._waiting.line(snapshot.model)
        if snapshot.status != "ready" or line.conversations < 2:
            return False
        wait = duration(line.wait_s, known(language))
        number = str(line.conversations - 1)
        text = phrase("in_line", language, number=number, wait=wait)
        await self._api.draft(place, LINE_DRAFT, Part(text))
        return True
