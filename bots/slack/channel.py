"""The channel that the relay serves: answers shown while they are written, and delivered."""

import logging
import time

from bots.closing import whole_text
from bots.failures import PlatformFailure, Unreachable
from bots.slack.buttons import under_answer
from bots.slack.place import Place
from bots.slack.preview import Previews
from bots.slack.rendering import render
from bots.slack.sending import Sender
from bots.slack.status import Status
from bots.takenback import TakenBack
from bots.working import Working
from broker.messages import Address, Reply, ReplyDelta
from broker.settings import SlackSettings

logger = logging.getLogger(__name__)


class SlackChannel:
    """Delivers replies and shows pieces; used by bots.relay.Relay."""

    def __init__(
        self,
        sender: Sender,
        working: Working,
        status: Status,
        previews: Previews,
        taken_back: TakenBack,
        settings: SlackSettings,
    ) -> None:
        self._sender = sender
        self._working = working
        self._status = status
        self._previews = previews
        self._taken_back = taken_back
        self._settings = settings

    async def deliver(self, reply: Reply) -> None:
        """Bring a reply to its thread; what Slack will never take is given up and logged."""
        conversation_id = reply.address.conversation_id
        self._previews.forget(conversation_id)
        await self._working.done(conversation_id)
        place = Place.of(reply.address)
        late = self._status.is_on_its_way(place)
        try:
            parts = await self._deliver(reply, place)
        except Unreachable as failure:
            logger.warning("undeliverable: %s", failure, extra={"reply": reply.reply_id})
            parts = 0
        await self._previews.delivered(place, reply.reply_id)
        await self._status.over(place, said=parts > 0 and not late)
        await self._working.go_on(reply.address)

    async def forgotten(self, place: Place) -> None:
        """No reply comes to what was asked at this place: it begins anew, or nothing is left."""
        await self._previews.forgotten(place)
        await self._working.done(place.address.conversation_id)
        await self._status.over(place, said=False)

    async def deleted(self, place: Place, message_id: str) -> None:
        """A message at this place is gone; with the last question goes what shows of an answer."""
        if await self._taken_back.deleted(place.address, (message_id,)):
            await self.forgotten(place)

    async def show(self, event: ReplyDelta | Reply) -> None:
        """Show a piece where previews are wanted; the reply itself comes by `deliver`."""
        if not isinstance(event, ReplyDelta) or not self._settings.streaming:
            return
        self._working.shown(event.conversation_id)
        place = Place.of(Address.of_conversation(event.conversation_id))
        try:
            await self._previews.show(place, event)
        except PlatformFailure as failure:
            logger.debug("not shown: %s", failure, extra={"reply": event.reply_id})

    async def catch_up(self) -> None:
        """Previews go on with the text so far, which they read when a piece does not fit."""

    async def _deliver(self, reply: Reply, place: Place) -> int:
        """The number of messages that the reply became."""
        text = "" if await self._taken_back.all_of(reply) else whole_text(reply)
        parts = render(text, self._settings.text_chars)
        if not parts:
            await self._sender.take_preview_away(reply.address, reply.reply_id)
            return 0
        for number, part in enumerate(parts):
            last = number == len(parts) - 1
            shown = part.above(*under_answer(reply)) if last else part
            await self._sender.send(reply.reply_id, number, place, shown)
        logger.info(
            "delivered",
            extra={
                "reply": reply.reply_id,
                "parts": len(parts),
                "seconds": round(time.time() - reply.created_at, 2),
            },
        )
        return len(parts)
