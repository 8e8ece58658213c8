"""Delivering messages, part by part: what is out is recorded, what is unsure is looked for.

Telegram has no idempotency key and cannot be read back. So when a send may or may not have
arrived (a timeout, a crash in between), we look: an edit with the very same text answers "not
modified" when the message is there. Message ids follow each other, so it has one of the next few
ids that nobody else has. Found: recorded. Not found: by setting `unsure` sent again or skipped,
and logged.
"""

import asyncio
import logging
import time
from collections import OrderedDict
from itertools import count

from telegram import InlineKeyboardMarkup

from bots.telegram.api import Api
from bots.telegram.failures import Later, Moved, NotModified, Refused, Unreachable, Unsure
from bots.telegram.moves import Moves
from bots.telegram.place import Place
from bots.telegram.rendering import Part
from broker.delivery import DeliveryRecord
from broker.settings import TelegramSettings

logger = logging.getLogger(__name__)

# What left may still be on its way, and what others wrote meanwhile becomes known: fewer ids left.
LOOK_AFTER_S = 1.0
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
        self._newest: OrderedDict[str, int] = OrderedDict()

    async def saw(self, place: Place, message_id: int) -> None:
        """A message of this chat: it is none of those that we look for."""
        self._note_newest(place, message_id)
        await self.record.saw(_sequence(place), str(place.chat_id), message_id)

    async def is_sent(self, delivery: str, part: str, place: Place, message_id: int) -> None:
        """The part is out, under this id; 0 when nobody knows it."""
        self._note_newest(place, message_id)
        chat = str(place.chat_id)
        await self.record.sent(delivery, part, message_id, _sequence(place), chat)

    def _note_newest(self, place: Place, message_id: int) -> None:
        sequence = _sequence(place)
        self._newest[sequence] = max(message_id, self._newest.get(sequence, 0))
        self._newest.move_to_end(sequence)
        if len(self._newest) > 10_000:
            self._newest.popitem(last=False)

    async def send(
        self,
        delivery: str,
        number: int,
        place: Place,
        part: Part,
        keyboard: InlineKeyboardMarkup | None = None,
        answers: int = 0,
        after: int = 0,
    ) -> None:
        """See to it that this part is out, once. Patient with outages, never for ever.

        `answers` is the message that it visibly answers, `after` one that is older than it.
        """
        give_up_at, pause_s, repeats = time.monotonic() + self._settings.give_up_s, 0.5, 0
        while True:
            try:
                await self._step(delivery, str(number), place, part, keyboard, (answers, after))
                return
            except Moved as failure:
                await self._moves.moved(place.chat_id, failure.chat_id)
                place, answers, after = place.moved_to(failure.chat_id), 0, 0
            except Later as failure:
                logger.warning("not sent delivery=%s part=%d: %s", delivery, number, failure)
                if time.monotonic() + pause_s > give_up_at:
                    raise Unreachable("given up") from None
                await asyncio.sleep(pause_s)
                pause_s = min(pause_s * 2, 30.0)
            except Unsure as failure:
                repeats += 1
                logger.warning("unsure delivery=%s part=%d: %s", delivery, number, failure)
                if repeats > REPEATS:
                    raise Unreachable("no send was ever answered") from None
                await asyncio.sleep(pause_s)
            except Refused as failure:
                if not part.entities and keyboard is None:
                    raise Unreachable(f"refused: {failure}") from None
                logger.warning("refused delivery=%s part=%d: %s", delivery, number, failure)
                part, keyboard = part.plain(), None

    async def _step(
        self,
        delivery: str,
        part_name: str,
        place: Place,
        part: Part,
        keyboard: InlineKeyboardMarkup | None,
        older: tuple[int, int],
    ) -> None:
        """One try: edit the placeholder, or send, or look for what may have been sent."""
        if part_name == "0" and await self._fill_placeholder(delivery, place, part, keyboard):
            return
        answers, after = older
        known = await self.record.look(delivery, part_name)
        if known.state == "sent":
            return
        if known.state == "uncertain":
            found = await self._look(place, part, keyboard, after, known.hint)
            if found or self._settings.unsure == "skip":
                logger.warning("part=%s of %s: %s", part_name, delivery, "found" if found else "?")
                await self.is_sent(delivery, part_name, place, found)
                return
            logger.warning("sending again delivery=%s part=%s", delivery, part_name)
        # The attempt is noted after all waiting: who dies while he waits leaves no doubt behind.
        async with self.api.paid(place):
            newest = max(self._newest.get(_sequence(place), 0), after)
            await self.record.attempt(delivery, part_name, f"{newest}@{place.chat_id}")
            try:
                message_id = await self.api.send(place, part, keyboard, answers, "spent")
            except (Later, Refused, Unreachable, Moved):
                await self.record.failed(delivery, part_name)
                raise
        await self.is_sent(delivery, part_name, place, message_id)

    async def _fill_placeholder(
        self, delivery: str, place: Place, part: Part, keyboard: InlineKeyboardMarkup | None
    ) -> bool:
        """Edits may be repeated at will: a placeholder makes the delivery safe."""
        known = await self.record.look(delivery, placeholder(place))
        if known.state != "sent" or (await self.record.look(delivery, "0")).state == "sent":
            return False
        try:
            await self.api.edit(place, int(known.message_id), part, keyboard)
        except NotModified:
            pass
        except Refused as failure:
            if "not found" not in str(failure) and "can't be edited" not in str(failure):
                raise
            logger.info("placeholder gone delivery=%s", delivery)
            await self.record.failed(delivery, placeholder(place))
            return False
        await self.is_sent(delivery, "0", place, int(known.message_id))
        return True

    async def _look(
        self,
        place: Place,
        part: Part,
        keyboard: InlineKeyboardMarkup | None,
        after: int,
        hint: str,
    ) -> int:
        """The id of the message that says this part already, 0 when none that we tried does.

        `after` is an id that was there before in the chat; the attempt's hint tells one of all.
        """
        newest, chat = map(int, hint.split("@"))
        if chat != place.chat_id:
            return 0  # left behind in a group that has moved since
        tried: set[int] = set()
        await asyncio.sleep(LOOK_AFTER_S)
        for _ in range(self._settings.look_for):
            candidate = await self._candidate(place, after, newest, tried)
            try:
                await self.api.edit(place, candidate, part, keyboard)
                # It was another one of which nobody knows: it says this now, and its own text
                # will be looked for in vain and sent again.
                return candidate
            except NotModified:
                return candidate
            except Refused:
                tried.add(candidate)  # no message of ours under this id
            except Unsure:
                continue  # nobody said so: this id again
        return 0

    async def _candidate(self, place: Place, after: int, newest: int, tried: set[int]) -> int:
        """An id that the message may have: the next of its chat, then the next that is free.

        Asked for anew each time, because others look too and what they find is taken.
        """
        seen = await self.record.seen_after(_sequence(place), min(after or newest, newest))
        for near in (after + 1, after + 2) if after else ():
            if near not in tried and (near, str(place.chat_id)) not in seen:
                return near
        taken = tried | {ident for ident, _ in seen}
        return next(ident for ident in count(newest + 1) if ident not in taken)


def placeholder(place: Place) -> str:
    """The name of the placeholder among the parts of a delivery; one that is left behind in a
    group that has moved is another."""
    return f"placeholder{place.chat_id}" if place.home else "placeholder"


def _sequence(place: Place) -> str:
    """Private chats share one sequence of message ids; a group has its own."""
    return "private" if place.private else str(place.chat_id)
