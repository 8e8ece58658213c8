"""Looking for a message that may be there: a send that was cut off, or never answered.

An edit with the very same text answers "not modified" when the message is there. Message ids follow
each other, so it has one of the next few ids that nobody else has.
"""

import asyncio
import time
from itertools import count

from bots.telegram.api import Api, File
from bots.telegram.failures import NotModified, Refused, Unreachable, Unsure
from bots.telegram.item import Item
from bots.telegram.place import Place
from broker.delivery import DeliveryRecord
from broker.settings import TelegramSettings

# What left may still be on its way, and what others wrote meanwhile becomes known: fewer ids left.
LOOK_AFTER_S = 1.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 30.0


class Search:
    """Looks for messages. Raises RedisUnavailable."""

    def __init__(self, api: Api, record: DeliveryRecord, settings: TelegramSettings) -> None:
        self._api = api
        self._record = record
        self._settings = settings

    async def find(self, item: Item, hint: str) -> int:
        """The id of the message that says this already, 0 when none that we tried does.

        The hint of the attempt is the newest id of all then, and the chat. Raises Unreachable when
        Telegram never says.
        """
        newest, chat = map(int, hint.split("@"))
        if chat != item.place.chat_id or isinstance(item.content, File):
            return 0  # left behind in a group that has moved since, or nothing to compare
        tried: set[int] = set()
        await asyncio.sleep(LOOK_AFTER_S)
        give_up_at, pause_s = time.monotonic() + self._settings.give_up_s, FIRST_PAUSE_S
        while len(tried) < self._settings.look_for:
            candidate = await self._candidate(item.place, item.after, newest, tried)
            try:
                await self._api.edit(item.place, candidate, item.content, item.keyboard)
                # It was another one of which nobody knows: it says this now, and its own text
                # will be looked for in vain and sent again.
                return candidate
            except NotModified:
                return candidate
            except Refused:
                tried.add(candidate)  # no message of ours under this id
                pause_s = FIRST_PAUSE_S
            except Unsure:  # nobody said so: this id again, when Telegram is back
                if time.monotonic() + pause_s > give_up_at:
                    raise Unreachable("given up") from None
                await asyncio.sleep(pause_s)
                pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
        return 0

    async def _candidate(self, place: Place, after: int, newest: int, tried: set[int]) -> int:
        """An id that the message may have: the next of its chat, then the next that is free.

        Asked for anew each time, because others look too and what they find is taken.
        """
        seen = await self._record.seen_after(place.sequence, min(after or newest, newest))
        for near in (after + 1, after + 2) if after else ():
            if near not in tried and (near, str(place.chat_id)) not in seen:
                return near
        taken = tried | {ident for ident, _ in seen}
        return next(ident for ident in count(newest + 1) if ident not in taken)
