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
from dataclasses import dataclass, replace
from itertools import count

from telegram import InlineKeyboardMarkup

from bots.telegram.api import Api, Content, File
from bots.telegram.failures import Later, Moved, NotModified, Refused, Unreachable, Unsure
from bots.telegram.moves import Moves
from bots.telegram.part import Part
from bots.telegram.place import Place
from bots.telegram.rich import Rich
from broker.delivery import DeliveryRecord
from broker.settings import TelegramSettings

logger = logging.getLogger(__name__)

# What left may still be on its way, and what others wrote meanwhile becomes known: fewer ids left.
LOOK_AFTER_S = 1.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 30.0
REPEATS = 3  # of one part whose sends all end unsure


@dataclass(frozen=True, slots=True)
class Item:
    """A message to send: a part of a delivery, by its name in the record.

    `answers` is the message that it visibly answers, `after` one that is older than it; 0: none.
    """

    delivery: str
    name: str
    place: Place
    content: Content
    keyboard: InlineKeyboardMarkup | None = None
    answers: int = 0
    after: int = 0

    def __str__(self) -> str:
        return f"delivery={self.delivery} part={self.name}"  # no text in logs

    @property
    def is_first(self) -> bool:
        """Of its delivery: the one for which a placeholder may stand."""
        return self.name in ("0", "rich0")

    def moved_to(self, chat_id: int) -> "Item":
        """The same for a group that has another id now."""
        return replace(self, place=self.place.moved_to(chat_id), answers=0, after=0)

    def simpler(self) -> "Item | None":
        """The same without entities and buttons, for who refused it; None: it has none."""
        if not isinstance(self.content, Part) or not (self.content.entities or self.keyboard):
            return None
        return replace(self, content=self.content.plain(), keyboard=None)


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

    async def is_sent(self, item: Item, message_id: int) -> None:
        """The message is out, under this id; 0 when nobody knows it."""
        self._note_newest(item.place, message_id)
        sequence, chat = _sequence(item.place), str(item.place.chat_id)
        await self.record.sent(item.delivery, item.name, message_id, sequence, chat)

    def _note_newest(self, place: Place, message_id: int) -> None:
        sequence = _sequence(place)
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
                logger.warning("not sent %s: %s", item, failure)
                if time.monotonic() + pause_s > give_up_at:
                    raise Unreachable("given up") from None
                await asyncio.sleep(pause_s)
                pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
            except Unsure as failure:
                repeats += 1
                logger.warning("unsure %s: %s", item, failure)
                if repeats > REPEATS:
                    raise Unreachable("no send was ever answered") from None
                await asyncio.sleep(FIRST_PAUSE_S)
            except Refused as failure:
                if isinstance(item.content, Rich):
                    raise
                simpler = item.simpler()
                if simpler is None:
                    raise Unreachable(f"refused: {failure}") from None
                logger.warning("refused %s: %s", item, failure)
                item = simpler

    async def _step(self, item: Item) -> None:
        """One try: edit the placeholder, or send, or look for what may have been sent."""
        if item.is_first and await self._fill_placeholder(item):
            return
        known = await self.record.look(item.delivery, item.name)
        if known.state == "sent":
            return
        if known.state == "uncertain":
            found = await self._look(item, known.hint)
            if found or self._settings.unsure == "skip":
                logger.warning("%s: %s", item, "found" if found else "may be there")
                await self.is_sent(item, found)
                return
            logger.warning("sending again %s", item)
        # The attempt is noted after all waiting: who dies while he waits leaves no doubt behind.
        async with self.api.calls.paid(item.place):
            newest = max(self._newest.get(_sequence(item.place), 0), item.after)
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
            logger.info("placeholder gone delivery=%s", item.delivery)
            await self.record.failed(item.delivery, name)
            return False
        await self.is_sent(item, int(known.message_id))
        return True

    async def _look(self, item: Item, hint: str) -> int:
        """The id of the message that says this already, 0 when none that we tried does.

        The hint of the attempt is the newest id of all then, and the chat.
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
                await self.api.edit(item.place, candidate, item.content, item.keyboard)
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
