"""The channel that the relay serves: answers shown while they are written, and delivered."""

import logging
import time

from bots.closing import whole_text
from bots.direction import direction
from bots.telegram.business import Businesses
from bots.telegram.failures import Refused, TelegramFailure, Unreachable
from bots.telegram.keyboards import under_answer
from bots.telegram.moves import Moves
from bots.telegram.place import Place
from bots.telegram.preview import Previews
from bots.telegram.rendering import render
from bots.telegram.sending import Sender, placeholder
from bots.working import Working
from broker.messages import Reply, ReplyDelta
from broker.settings import TelegramSettings

logger = logging.getLogger(__name__)

RICH_CHARS = 32_768


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
        conversation = reply.address.conversation_id
        await self._working.done(conversation)
        self._previews.forget(conversation)
        place = await self._moves.here(Place.of(reply.address))
        if place.business and not await self._is_for_a_customer(reply, place):
            return
        try:
            await self._deliver(reply, place)
        except Unreachable as failure:
            logger.warning("undeliverable reply=%s: %s", reply.reply_id, failure)

    async def show(self, event: ReplyDelta | Reply) -> None:
        """Show a piece where previews are wanted; the reply itself comes by `deliver`."""
        if not isinstance(event, ReplyDelta) or not self._settings.streaming:
            return
        try:
            if await self._previews.show(event):
                self._working.shown(event.conversation_id)
        except TelegramFailure as failure:
            logger.debug("not shown reply=%s: %s", event.reply_id, failure)

    async def catch_up(self) -> None:
        """Previews go on with the text so far, which they read when a piece does not fit."""

    async def _is_for_a_customer(self, reply: Reply, place: Place) -> bool:
        """Not when the owner stopped it, nor when we may not answer any more; and a customer is
        not told of the bot's troubles."""
        if not reply.text or reply.outcome == "stopped":
            return False
        if await self._businesses.may_answer(place):
            return True
        logger.warning("not for us to answer reply=%s", reply.reply_id)
        return False

    async def _deliver(self, reply: Reply, place: Place) -> None:
        text = whole_text(reply)
        if not text:
            await self._take_placeholder_away(reply, place)
            return
        if self._settings.rich and await self._deliver_rich(reply, place, text):
            return
        parts = render(text, self._settings.text_units)
        asked = place.number_of(reply.message_ids[-1]) if reply.message_ids else 0
        keyboard = None if place.business else under_answer(reply)
        for number, part in enumerate(parts):
            last = number == len(parts) - 1
            await self._sender.send(
                reply.reply_id,
                number,
                place,
                part,
                keyboard if last else None,
                answers=asked if not place.private and number == 0 else 0,
                after=asked,
            )
        logger.info(
            "delivered reply=%s parts=%d seconds=%.2f",
            reply.reply_id,
            len(parts),
            time.time() - reply.created_at,
        )

    async def _deliver_rich(self, reply: Reply, place: Place, text: str) -> bool:
        """Send one rich message; False when the server does not know how, or it is too long."""
        if len(text) > RICH_CHARS:
            return False
        known = await self._sender.record.attempt(reply.reply_id, "rich")
        if known.state != "fresh":
            return known.state == "sent" or self._settings.unsure == "skip"
        try:
            sent = await self._sender.api.send_rich(place, text, direction(text) == "rtl")
        except Refused as failure:
            logger.warning("no rich message reply=%s: %s", reply.reply_id, failure)
            await self._sender.record.failed(reply.reply_id, "rich")
            return False
        await self._sender.is_sent(reply.reply_id, "rich", place, sent)
        return True

    async def _take_placeholder_away(self, reply: Reply, place: Place) -> None:
        known = await self._sender.record.look(reply.reply_id, placeholder(place))
        if known.state == "sent":
            try:
                await self._sender.api.delete(place, int(known.message_id))
            except TelegramFailure as failure:
                logger.info("placeholder stays reply=%s: %s", reply.reply_id, failure)
