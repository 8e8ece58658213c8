"""The channel that the relay serves: answers shown while they are written, and delivered."""

import logging
import time
from collections.abc import Sequence
from dataclasses import replace

from bots.closing import whole_text
from bots.telegram.business import Businesses
from bots.telegram.failures import Refused, TelegramFailure, Unreachable
from bots.telegram.item import Item
from bots.telegram.keyboards import under_answer
from bots.telegram.moves import Moves
from bots.telegram.part import Part
from bots.telegram.place import Place
from bots.telegram.preview import Previews
from bots.telegram.rendering import plain_parts, render
from bots.telegram.rich import Rich, render_rich
from bots.telegram.sending import Sender
from bots.working import Working
from broker.messages import Reply, ReplyDelta
from broker.settings import TelegramSettings

logger = logging.getLogger(__name__)


class TelegramChannel:
    """Delivers replies and shows pieces; used by bots.relay.Relay."""

    def __init__(
        self,
        sender: Sender,
        previews: Previews,
        moves: Moves,
        businesses: Businesses,
        working: Working,
        settings: TelegramSettings,
    ) -> None:
        self._sender = sender
        self._previews = previews
        self._moves = moves
        self._businesses = businesses
        self._working = working
        self._settings = settings

    async def deliver(self, reply: Reply) -> None:
        """Bring a reply to its chat; what Telegram will never take is given up and logged."""
        await self._working.done(reply.address.conversation_id)
        await self._bring(reply)
        await self._working.go_on(reply.address)

    async def show(self, event: ReplyDelta | Reply) -> None:
        """Show a piece where previews are wanted; the reply itself comes by `deliver`."""
        if not isinstance(event, ReplyDelta) or not self._settings.streaming:
            return
        try:
            if await self._previews.show(event):
                self._working.shown(event.conversation_id)
        except TelegramFailure as failure:
            logger.debug("not shown: %s", failure, extra={"reply": event.reply_id})

    async def catch_up(self) -> None:
        """Previews go on with the text so far, which they read when a piece does not fit."""

    async def _bring(self, reply: Reply) -> None:
        await self._previews.delivering(reply.address, reply.reply_id)
        place = await self._moves.here(Place.of(reply.address))
        if place.business and not await self._is_for_a_customer(reply, place):
            return
        try:
            await self._deliver(reply, place)
        except Unreachable as failure:
            logger.warning("undeliverable: %s", failure, extra={"reply": reply.reply_id})
        await self._previews.delivered(reply.address, reply.reply_id)

    async def _is_for_a_customer(self, reply: Reply, place: Place) -> bool:
        """Not when the owner stopped it, nor when we may not answer any more; and a customer is
        not told of the bot's troubles."""
        if not reply.text or reply.outcome == "stopped":
            return False
        if await self._businesses.may_answer(place):
            return True
        logger.warning("not for us to answer", extra={"reply": reply.reply_id})
        return False

    async def _deliver(self, reply: Reply, place: Place) -> None:
        text = whole_text(reply)
        if not text:
            await self._sender.take_placeholder_away(reply.address, reply.reply_id)
            return
        if self._settings.rich and await self._deliver_rich(reply, place, text):
            return
        parts = render(text, self._settings.text_units, mentions=place.private)
        await self._send(reply, place, "", parts)

    async def _deliver_rich(self, reply: Reply, place: Place, text: str) -> bool:
        """Send rich messages; False when the whole is to go as plain ones."""
        parts = render_rich(text, self._settings.rich_bytes)
        if not parts or not self._sender.api.knows_rich:
            return False
        for number, part in enumerate(parts):
            last = number == len(parts) - 1
            if await self._send_rich(reply, place, number, part, last):
                continue
            if number == 0:
                return False
            plain = plain_parts(part.plain(), self._settings.text_units)
            await self._send(reply, place, f"rich{number}.", plain, last)
        return True

    async def _send_rich(
        self, reply: Reply, place: Place, number: int, part: Rich, last: bool
    ) -> bool:
        """False when Telegram does not take it, or did not before a restart."""
        plain = f"rich{number}.0" if number else "0"
        if (await self._sender.record.look(reply.reply_id, plain)).state != "fresh":
            return False
        try:
            await self._sender.send(self._item(reply, place, f"rich{number}", part, last))
            return True
        except Refused as failure:
            logger.warning("no rich message: %s", failure, extra={"reply": reply.reply_id})
            return False

    async def _send(
        self,
        reply: Reply,
        place: Place,
        prefix: str,
        parts: Sequence[Part],
        ends: bool = True,
    ) -> None:
        """Send parts, each under its number behind the prefix; the last has the buttons if the
        reply ends with it."""
        for number, part in enumerate(parts):
            last = ends and number == len(parts) - 1
            await self._sender.send(self._item(reply, place, f"{prefix}{number}", part, last))
        logger.info(
            "delivered",
            extra={
                "reply": reply.reply_id,
                "parts": len(parts),
                "seconds": round(time.time() - reply.created_at, 2),
            },
        )

    def _item(self, reply: Reply, place: Place, name: str, part: Part | Rich, last: bool) -> Item:
        asked = place.number_of(reply.message_ids[-1]) if reply.message_ids else 0
        item = Item(reply.reply_id, name, place, part, after=asked)
        # A task may be about an older message: what it answers is shown in private chats too.
        if item.is_first and (reply.task or not place.private):
            item = replace(item, answers=asked)
        return replace(item, keyboard=under_answer(reply)) if last and not place.business else item
