"""Receiving updates: confirmed to Telegram only after Redis holds them.

An update is confirmed by asking for the next one, or by answering its webhook call. The library's
own queue is in memory, so a crash loses what is in it (6 of 6 in a trial); ours is the journal in
Redis. When that is away, polling asks again without moving on, and the webhook answers 500, after
which Telegram tries again.
"""

import asyncio
import json
import logging
from typing import Any, NoReturn

from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError

from bots.telegram.calls import seconds_of
from broker.arrivals import Arrivals
from broker.errors import BrokerError

logger = logging.getLogger(__name__)

POLL_S = 30
LONGEST_PAUSE_S = 30.0
ALLOWED_UPDATES = [
    "message",
    "edited_message",
    "callback_query",
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
    "stopped_message_generation",
]


async def keep(journal: Arrivals, update: dict[str, Any]) -> None:
    """Keep an update, once by its id. Raises RedisUnavailable."""
    event = json.dumps(update, ensure_ascii=False).encode("utf-8", "surrogatepass")
    if not await journal.keep(str(update["update_id"]), event):
        logger.info("update was here before", extra={"update": update["update_id"]})


class Polling:
    """Long polling. Outages of Telegram and of Redis are waited out, whatever they look like."""

    def __init__(self, bot: Bot, journal: Arrivals) -> None:
        self._bot = bot
        self._journal = journal
        self._offset = 0
        self._pause_s = 0.2

    async def begin(self) -> None:
        """Tell Telegram that we ask for ourselves."""
        while True:
            try:
                await self._bot.delete_webhook()
                return
            except TelegramError as error:
                await self._wait(error)

    async def run(self) -> NoReturn:
        """Ask for ever."""
        while True:
            try:
                await self._ask()
                self._pause_s = 0.2
            except Conflict as error:
                logger.warning(
                    "another program asks Telegram for this bot's updates, or has set a webhook for"
                    " it; only one can have them: end the other, or give it a token of its own"
                )
                await self._wait(error)
                await self.begin()
            except (TelegramError, BrokerError) as error:
                await self._wait(error)

    async def _ask(self) -> None:
        """As they are: one that the library cannot read must not hold up those behind it."""
        asked = {"offset": self._offset, "timeout": POLL_S, "allowed_updates": ALLOWED_UPDATES}
        for update in await self._bot.do_api_request("getUpdates", api_kwargs=asked):
            await keep(self._journal, update)
            self._offset = int(update["update_id"]) + 1

    async def _wait(self, error: Exception) -> None:
        """The log says why it is quiet; a token stands in the text of the error about it."""
        why = "" if isinstance(error, InvalidToken) else error
        logger.warning("polling: %s %s", type(error).__name__, why)
        pause_s = seconds_of(error) if isinstance(error, RetryAfter) else self._pause_s
        await asyncio.sleep(pause_s)
        self._pause_s = min(self._pause_s * 2, LONGEST_PAUSE_S)


class JournalQueue(asyncio.Queue[object]):
    """What the webhook takes for its queue: whatever is put is in Redis."""

    def __init__(self, journal: Arrivals) -> None:
        super().__init__()
        self._journal = journal

    async def put(self, item: object) -> None:
        """Keep an update. Raises NetworkError, which the updater takes for "try again"."""
        assert isinstance(item, Update)
        try:
            await keep(self._journal, item.to_dict())
        except BrokerError as error:
            raise NetworkError(f"update not kept: {error}") from error
