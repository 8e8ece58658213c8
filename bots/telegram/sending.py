"""Delivering messages, part by part: what is out is recorded, what is unsure is looked for.

Telegram has no idempotency key and cannot be read back. So when a send may or may not have
arrived (a timeout, a crash in between), we look (bots.telegram.searching). Found: recorded. Not
found: by setting `unsure` sent again or skipped, and logged.
"""

import asyncio
import logging
import time
from collections import OrderedDict

from bots.telegram.api import Api, File
from bots.telegram.failures import (
    Later,
    Moved,
    NotModified,
    Refused,
    TelegramFailure,
    Unreachable,
    Unsure,
)
from bots.telegram.item import FIRST, Item, placeholder
from bots.telegram.moves import Moves
from bots.telegram.place import Place
from bots.telegram.rich import Rich
from bots.telegram.searching import Search
from broker.delivery import DeliveryRecord
from broker.messages import Address
from broker.settings import TelegramSettings

logger = logging.getLogger(__name__)

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 30.0
REPEATS = 3  # of one part whose sends all end unsure


class Sender:
    """Sends the parts of deliveries. Raises Unreachable, or broker errors when Redis is away."""

    def __init__(
        self, api: Api, record: DeliveryRecord, moves: Moves, settings: TelegramSettings
    ) -> None:
        self.api = api
        self.record = record
        self._moves = moves
        self._settings = settings
        self._search = Search(api, record, settings)
        self._newest: OrderedDict[str, int] = OrderedDict()

    async def saw(self, place: Place, message_id: int) -> None:
        """A message of this chat: it is none of those that we look for."""
        self._note_newest(place, message_id)
        await self.record.saw(place.sequence, str(place.chat_id), message_id)

    async def is_sent(self, item: Item, message_id: int) -> None:
        """The message is out, under this id; 0 when nobody knows it."""
        self._note_newest(item.place, message_id)
        sequence, chat = item.place.sequence, str(item.place.chat_id)
        await self.record.sent(item.delivery, item.name, message_id, sequence, chat)

    def _note_newest(self, place: Place, message_id: int) -> None:
        sequence = place.sequence
        self._newest[sequence] = max(message_id, self._newest.get(sequence, 0))
        self._newest.move_to_end(sequence)
        if len(self._newest) > 10_000:
            self._newest.popitem(last=False)

    async def send(self, item: Item) -> None:
        """See to it that this message is out, once. Patient with outages, never for ever.

        Raises Refused for a rich message that Telegram does not take.
        """
        give_up_at = time.monotonic() + self._settings.give_up_s
        pause_s, repeats = FIRST_PAUSE_S, 0
        while True:
            try:
                await self._step(item)
                return
            except Moved as failure:
                await self._moves.moved(item.place.chat_id, failure.chat_id)
                item = item.moved_to(failure.chat_id)
            except Later as failure:
                logger.warning("not sent: %s", failure, extra=item.logged)
                if time.monotonic() + pause_s > give_up_at:
                    raise Unreachable("given up") from None
                await asyncio.sleep(pause_s)
                pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
            except Unsure as failure:
                repeats += 1
                logger.warning("unsure: %s", failure, extra=item.logged)
                if repeats > REPEATS:
                    raise Unreachable("no send was ever answered") from None
                await asyncio.sleep(FIRST_PAUSE_S)
            except Refused as failure:
                if isinstance(item.content, Rich):
                    raise
                simpler = item.simpler()
                if simpler is None:
                    raise Unreachable(f"refused: {failure}") from None
                logger.warning("refused: %s", failure, extra=item.logged)
                item = simpler

    async def _step(self, item: Item) -> None:
        """One try: edit the placeholder, or send, or look for what may have been sent."""
        if item.is_first and await self._fill_placeholder(item):
            return
        known = await self.record.look(item.delivery, item.name)
        if known.state == "sent":
            return
        if known.state == "uncertain":
            found = await self._search.find(item, known.hint)
            if found or self._settings.unsure == "skip":
                logger.warning("found" if found else "may be there", extra=item.logged)
                await self.is_sent(item, found)
                return
            logger.warning("sending again", extra=item.logged)
        # The attempt is noted after all waiting: who dies while he waits leaves no doubt behind.
        async with self.api.calls.paid(item.place):
            newest = max(self._newest.get(item.place.sequence, 0), item.after)
            hint = f"{newest}@{item.place.chat_id}"
            await self.record.attempt(item.delivery, item.name, hint)
            try:
                message_id = await self.api.send(
                    item.place, item.content, item.keyboard, item.answers, "spent"
                )
            except (Later, Refused, Unreachable, Moved):
                await self.record.failed(item.delivery, item.name)
                raise
        await self.is_sent(item, message_id)

    async def _fill_placeholder(self, item: Item) -> bool:
        """Edits may be repeated at will: a placeholder makes the delivery safe."""
        name = placeholder(item.place)
        known = await self.record.look(item.delivery, name)
        if known.state != "sent" or isinstance(item.content, File):
            return False
        if (await self.record.look(item.delivery, item.name)).state == "sent":
            return False
        try:
            await self.api.edit(item.place, int(known.message_id), item.content, item.keyboard)
        except NotModified:
            pass
        except Unsure as failure:
            raise Later(str(failure)) from None
        except Refused as failure:
            if "not found" not in str(failure) and "can't be edited" not in str(failure):
                raise
            logger.info("placeholder gone", extra={"delivery": item.delivery})
            await self.record.failed(item.delivery, name)
            return False
        await self.is_sent(item, int(known.message_id))
        return True

    async def take_placeholder_away(self, address: Address, delivery: str) -> bool:
        """Take away what shows of an answer that will not be finished; whether nothing of it does
        any more, or can be helped. A delivered answer stays."""
        place = await self._moves.here(Place.of(address))
        shown = await self.record.look(delivery, placeholder(place))
        if shown.state != "sent" or await self._is_begun(delivery):
            return True
        try:
            await self.api.delete(place, int(shown.message_id))
            await self.record.failed(delivery, placeholder(place))
        except (Refused, Unreachable) as failure:
            logger.info("placeholder stays: %s", failure, extra={"delivery": delivery})
        except TelegramFailure as failure:
            logger.info("placeholder stays for now: %s", failure, extra={"delivery": delivery})
            return False
        return True

    async def _is_begun(self, delivery: str) -> bool:
        states = [(await self.record.look(delivery, name)).state for name in FIRST]
        return "sent" in states
