"""Receiving updates: confirmed to Telegram only after Redis holds them.

python-telegram-bot confirms what its queue took. Its own queue is in memory, so a crash loses
updates (6 of 6 in a trial); this one is the journal in Redis. When Redis is away `put` fails,
polling asks again without moving on, and the webhook answers 500, after which Telegram retries.
"""

import asyncio
import json
import logging

from telegram import Update
from telegram.error import NetworkError, TelegramError

from broker.arrivals import Arrivals
from broker.errors import BrokerError

logger = logging.getLogger(__name__)

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


class JournalQueue(asyncio.Queue[object]):
    """What the updater takes for its queue: whatever is put is in Redis, once by its id."""

    def __init__(self, journal: Arrivals) -> None:
        super().__init__()
        self._journal = journal

    async def put(self, item: object) -> None:
        """Keep an update. Raises NetworkError, which the updater takes for "try again"."""
        assert isinstance(item, Update)
        try:
            event = json.dumps(item.to_dict(), ensure_ascii=False).encode("utf-8", "surrogatepass")
            new = await self._journal.keep(str(item.update_id), event)
        except BrokerError as error:
            raise NetworkError(f"update not kept: {error}") from error
        if not new:
            logger.info("update=%d was here before", item.update_id)


def polling_failed(error: TelegramError) -> None:
    """Polling goes on by itself; the log says why it is quiet."""
    logger.warning("polling: %s: %s", type(error).__name__, error)
