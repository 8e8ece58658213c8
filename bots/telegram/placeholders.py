"""Messages in groups whose place an answer will take: what it says so far, or how long its line is.

The final text is an edit of them, which may be repeated without harm.
"""

from contextlib import suppress

from bots.telegram.failures import NotModified, TelegramFailure, Unsure
from bots.telegram.item import Item, placeholder
from bots.telegram.part import Part
from bots.telegram.place import Place
from bots.telegram.sending import Sender


class Placeholders:
    """Shown when the budget has room for them. Raises Telegram failures and broker errors."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self._record = sender.record

    async def show(self, delivery: str, place: Place, content: Part, answers: int = 0) -> bool:
        """Send or edit the placeholder of a delivery; whether it shows. `answers` is the message
        that a new one visibly answers, 0 none."""
        known = await self._record.look(delivery, placeholder(place))
        if known.state == "uncertain":
            return False  # nobody knows its id: the final text will be a message of its own
        if known.state == "fresh":
            await self._send(Item(delivery, placeholder(place), place, content, answers=answers))
            return True
        with suppress(NotModified):
            await self._sender.api.edit(place, int(known.message_id), content, spend="spare")
        return True

    async def _send(self, item: Item) -> None:
        await self._record.attempt(item.delivery, item.name)
        try:
            sent = await self._sender.api.send(
                item.place, item.content, answers=item.answers, spend="spare"
            )
        except Unsure:
            raise  # it may be there: the attempt stays on record
        except TelegramFailure:
            await self._record.failed(item.delivery, item.name)
            raise
        await self._sender.is_sent(item, sent)

    async def hand_over(self, place: Place, reply_id: str) -> bool:
        """The place in the line becomes the placeholder of a reply; whether there was one."""
        line, name = line_of(place), placeholder(place)
        known = await self._record.look(line, name)
        if known.state == "fresh":
            return False
        # In this order: what dies in between leaves a useless message, and overwrites none.
        await self._record.failed(line, name)
        if known.state != "sent" or (await self._record.look(reply_id, name)).state == "sent":
            return False
        await self._record.sent_as(reply_id, name, known.message_id)
        return True


def line_of(place: Place) -> str:
    """The name of the delivery that tells how many wait in front."""
    return f"line/{place.address.conversation_id}"
