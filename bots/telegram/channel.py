"""The channel that the relay serves: answers shown while they are written, and delivered."""

import logging
import time

from bots.direction import direction
from bots.telegram.api import Api
from bots.telegram.failures import Refused, TelegramFailure, Unreachable
from bots.telegram.keyboards import under_answer
from bots.telegram.place import Place
from bots.telegram.preview import Previews
from bots.telegram.rendering import render
from bots.telegram.sending import PLACEHOLDER, Sender
from bots.telegram.typing import Typing
from bots.words import about_reply
from broker.conversation import Conversations
from broker.delivery import DeliveryRecord
from broker.messages import Reply, ReplyDelta
from broker.settings import TelegramSettings

logger = logging.getLogger(__name__)

# A business account may answer so long after the customer's last message.
BUSINESS_WINDOW_S = 24 * 3600
RICH_CHARS = 32_768


class TelegramChannel:
    """Delivers replies and shows pieces; used by bots.relay.Relay."""

    def __init__(
        self,
        sender: Sender,
        typing: Typing,
        conversations: Conversations,
        settings: TelegramSettings,
    ) -> None:
        self._sender = sender
        self._api: Api = sender.api
        self._record: DeliveryRecord = sender.record
        self._typing = typing
        self._settings = settings
        self._previews = Previews(sender, conversations, settings)

    async def deliver(self, reply: Reply) -> None:
        """Bring a reply to its chat; what Telegram will never take is given up and logged."""
        self._typing.stop(reply.address.conversation_id)
        self._previews.forget(reply.address.conversation_id)
        place = await self._sender.here(Place.of(reply.address))
        if place.business and time.time() - reply.created_at > BUSINESS_WINDOW_S:
            logger.warning("too late for a business chat reply=%s", reply.reply_id)
            return
        try:
            await self._deliver(reply, place)
        except Unreachable as failure:
            logger.warning("undeliverable reply=%s: %s", reply.reply_id, failure)

    async def show(self, event: ReplyDelta | Reply) -> None:
        """Show a piece where previews are wanted; the reply itself comes by `deliver`."""
        if not isinstance(event, ReplyDelta) or not self._settings.streaming:
            return
        self._typing.stop(event.conversation_id)
        try:
            await self._previews.show(event)
        except TelegramFailure as failure:
            logger.debug("not shown reply=%s: %s", event.reply_id, failure)

    async def catch_up(self) -> None:
        """Previews go on with the text so far, which they read when a piece does not fit."""

    async def _deliver(self, reply: Reply, place: Place) -> None:
        text = _whole_text(reply, place)
        if not text:
            await self._take_placeholder_away(reply, place)
            return
        if self._settings.rich and await self._deliver_rich(reply, place, text):
            return
        parts = render(text, self._settings.text_units)
        keyboard = None if place.business else under_answer(reply)
        for number, part in enumerate(parts):
            last = number == len(parts) - 1
            asked = _asked(reply)
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
        known = await self._record.attempt(reply.reply_id, "rich")
        if known.state != "fresh":
            return known.state == "sent" or self._settings.unsure == "skip"
        try:
            sent = await self._api.send_rich(place, text, direction(text) == "rtl")
        except Refused as failure:
            logger.warning("no rich message reply=%s: %s", reply.reply_id, failure)
            await self._record.failed(reply.reply_id, "rich")
            return False
        await self._sender.is_sent(reply.reply_id, "rich", place, sent)
        return True

    async def _take_placeholder_away(self, reply: Reply, place: Place) -> None:
        known = await self._record.look(reply.reply_id, PLACEHOLDER)
        if known.state == "sent":
            try:
                await self._api.delete(place, int(known.message_id))
            except TelegramFailure as failure:
                logger.info("placeholder stays reply=%s: %s", reply.reply_id, failure)


def _whole_text(reply: Reply, place: Place) -> str:
    """The answer with the bot's remarks; "" when there is nothing to say."""
    remarks = about_reply(reply)
    if place.business and not reply.text:
        return ""  # a customer is not told of the bot's troubles
    if not reply.text:
        return "\n".join(remarks)
    return "\n\n".join([reply.text, *(f"_{remark}_" for remark in remarks)])


def _asked(reply: Reply) -> int:
    """The message that the reply answers; 0 when it answers a button."""
    number = reply.message_ids[-1].partition(".")[0] if reply.message_ids else ""
    return int(number) if number.isdigit() else 0
