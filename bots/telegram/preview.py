"""Previews of answers that are being written: drafts in private chats, edits elsewhere.

Previews are what the budget spares; the final message does not depend on any of them. In a group
a placeholder is sent once and recorded: the final text is an edit of it, which may be repeated.
"""

import asyncio
from contextlib import suppress
from weakref import WeakValueDictionary

from bots.remains import Remains
from bots.sofar import TextSoFar
from bots.telegram.failures import NotModified, Refused, TelegramFailure, Unsure
from bots.telegram.item import Item, placeholder
from bots.telegram.moves import Moves
from bots.telegram.part import Part, units
from bots.telegram.place import Place
from bots.telegram.rendering import render
from bots.telegram.rich import render_rich
from bots.telegram.sending import Sender
from broker.conversation import Conversations
from broker.messages import Address, ReplyDelta
from broker.settings import TelegramSettings

PLACEHOLDER_TEXT = "…"


class Previews:
    """Of one process; at most one a conversation."""

    def __init__(
        self,
        sender: Sender,
        remains: Remains,
        moves: Moves,
        conversations: Conversations,
        settings: TelegramSettings,
    ) -> None:
        self._sender = sender
        self._remains = remains
        self._moves = moves
        self._conversations = conversations
        self._units = settings.text_units
        self._rich_bytes = settings.rich_bytes if settings.rich else 0
        self._text = TextSoFar(conversations, settings.show_every_s)
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def forget(self, conversation_id: str) -> None:
        """The reply is being delivered."""
        self._text.forget(conversation_id)

    async def delivered(self, address: Address, reply_id: str) -> None:
        """The reply is out: nothing stays of what a worker that died had begun before it."""
        if not Place.of(address).private:  # drafts vanish by themselves
            async with self._alone(address.conversation_id):
                await self._remains.delivered(address, reply_id)

    async def forgotten(self, address: Address) -> None:
        """The conversation begins anew, and what shows of its answer will never be finished."""
        async with self._alone(address.conversation_id):
            self.forget(address.conversation_id)
            if not Place.of(address).private:
                await self._remains.forgotten(address)

    async def show(self, delta: ReplyDelta) -> bool:
        """Take a piece, and show the text so far if it is time; whether it shows now.

        Raises Telegram failures and broker errors.
        """
        async with self._alone(delta.conversation_id):
            return await self._show(delta)

    def _alone(self, conversation_id: str) -> asyncio.Lock:
        return self._locks.setdefault(conversation_id, asyncio.Lock())

    async def _show(self, delta: ReplyDelta) -> bool:
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
        known = await record.look(reply_id, placeholder(place))
        if known.state == "uncertain":
            return False  # nobody knows its id: the final text will be a message of its own
        if known.state == "fresh":
            return await self._place(place, reply_id)
        parts = render(text, self._units, mentions=False)
        if not parts:
            return False
        shown = parts[0]
        if len(parts) == 1 and units(shown.text) + 2 <= self._units:
            shown = Part(f"{shown.text} …", shown.entities)
        with suppress(NotModified):
            await self._sender.api.edit(place, int(known.message_id), shown, spend="spare")
        return True

    async def _place(self, place: Place, reply_id: str) -> bool:
        """Send the placeholder; whether it shows."""
        snapshot = await self._conversations.snapshot(place.address, turns=1)
        if snapshot.partial_id != reply_id:
            return False  # forgotten, or finished in the meantime
        committed = snapshot.turns[-1].reply_id if snapshot.turns else ""
        await self._remains.begins(place.address, reply_id, committed)
        # What this turn answers begins with the message that waits longest.
        asked = place.number_of(snapshot.pending[0].message_id) if snapshot.pending else 0
        item = Item(reply_id, placeholder(place), place, Part(PLACEHOLDER_TEXT), answers=asked)
        record = self._sender.record
        await record.attempt(reply_id, item.name)
        try:
            sent = await self._sender.api.send(place, item.content, answers=asked, spend="spare")
        except Unsure:
            raise  # it may be there: the attempt stays on record
        except TelegramFailure:
            await record.failed(reply_id, item.name)
            raise
        await self._sender.is_sent(item, sent)
        return True


def draft_id(reply_id: str) -> int:
    """Telegram wants a number other than 0; the same one is animated."""
    return int(reply_id.rpartition("/")[2]) % (2**31 - 1) + 1
