"""Previews of answers that are being written: drafts in private chats, edits elsewhere.

Previews are what the budget spares; the final message does not depend on any of them. In a group
a placeholder is sent once and recorded: the final text is an edit of it, which may be repeated.
"""

from contextlib import suppress

from bots.sofar import TextSoFar
from bots.telegram.failures import NotModified, Refused, TelegramFailure, Unsure
from bots.telegram.moves import Moves
from bots.telegram.part import Part, units
from bots.telegram.place import Place
from bots.telegram.rendering import render
from bots.telegram.rich import render_rich
from bots.telegram.sending import Item, Sender, placeholder
from broker.conversation import Conversations
from broker.messages import Address, ReplyDelta
from broker.settings import TelegramSettings

PLACEHOLDER_TEXT = "…"


class Previews:
    """Of one process; at most one a conversation."""

    def __init__(
        self,
        sender: Sender,
        moves: Moves,
        conversations: Conversations,
        settings: TelegramSettings,
    ) -> None:
        self._sender = sender
        self._moves = moves
        self._units = settings.text_units
        self._rich_bytes = settings.rich_bytes if settings.rich else 0
        self._text = TextSoFar(conversations, settings.show_every_s)

    def forget(self, conversation_id: str) -> None:
        """The reply is being delivered."""
        self._text.forget(conversation_id)

    async def show(self, delta: ReplyDelta) -> bool:
        """Take a piece, and show the text so far if it is time; whether it shows now.

        Raises Telegram failures and broker errors.
        """
        text = await self._text.take(delta)
        place = Place.of(Address.of_conversation(delta.conversation_id))
        if not text or place.business:  # a customer sees whole answers only
            return False
        place = await self._moves.here(place)
        if place.private:
            return await self._draft(place, delta.reply_id, text)
        return await self._edit(place, delta.reply_id, text)

    async def _draft(self, place: Place, reply_id: str, text: str) -> bool:
        ident = draft_id(reply_id)
        if self._rich_bytes and self._sender.api.knows_rich:
            rich = render_rich(text, self._rich_bytes)
            with suppress(Refused):  # then plain
                if rich:
                    await self._sender.api.draft(place, ident, rich[-1])
                return bool(rich)
        parts = render(text, self._units)
        if parts:
            await self._sender.api.draft(place, ident, parts[-1])
        return bool(parts)

    async def _edit(self, place: Place, reply_id: str, text: str) -> bool:
        record = self._sender.record
        known = await record.attempt(reply_id, placeholder(place))
        if known.state == "uncertain":
            return False  # nobody knows its id: the final text will be a message of its own
        if known.state == "fresh":
            await self._place(place, reply_id)
            return True
        parts = render(text, self._units, mentions=False)
        if not parts:
            return False
        shown = parts[0]
        if len(parts) == 1 and units(shown.text) + 2 <= self._units:
            shown = Part(f"{shown.text} …", shown.entities)
        with suppress(NotModified):
            await self._sender.api.edit(place, int(known.message_id), shown, spend="spare")
        return True

    async def _place(self, place: Place, reply_id: str) -> None:
        record = self._sender.record
        item = Item(reply_id, placeholder(place), place, Part(PLACEHOLDER_TEXT))
        try:
            sent = await self._sender.api.send(place, item.content, spend="spare")
        except Unsure:
            raise  # it may be there: the attempt stays on record
        except TelegramFailure:
            await record.failed(reply_id, item.name)
            raise
        await self._sender.is_sent(item, sent)


def draft_id(reply_id: str) -> int:
    """Telegram wants a number other than 0; the same one is animated."""
    return int(reply_id.rpartition("/")[2]) % (2**31 - 1) + 1
