"""Previews of answers that are being written: drafts in private chats, edits elsewhere.

Previews are what the budget spares; the final message does not depend on any of them. In a group
a placeholder is sent once and recorded: the final text is an edit of it, which may be repeated.
"""

import asyncio
from contextlib import suppress
from weakref import WeakValueDictionary

from bots.remains import Remains
from bots.sofar import TextSoFar
from bots.telegram.failures import Refused
from bots.telegram.item import placeholder
from bots.telegram.moves import Moves
from bots.telegram.part import Part, units
from bots.telegram.place import Place
from bots.telegram.placeholders import Placeholders, line_of
from bots.telegram.rendering import render
from bots.telegram.rich import render_rich
from bots.telegram.sending import Sender
from broker.conversation import Conversations, Snapshot
from broker.messages import Address, ReplyDelta, fence_of
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
        self._placeholders = Placeholders(sender)
        self._moves = moves
        self._conversations = conversations
        self._units = settings.text_units
        self._rich_bytes = settings.rich_bytes if settings.rich else 0
        self._text = TextSoFar(conversations, settings.show_every_s)
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def delivering(self, address: Address, reply_id: str) -> None:
        """The reply is about to be delivered: what shows until now is its place."""
        async with self._alone(address.conversation_id):
            self._text.forget(address.conversation_id)
            place = await self._moves.here(Place.of(address))
            if not place.private:
                await self._placeholders.hand_over(place, reply_id)

    async def delivered(self, address: Address, reply_id: str) -> None:
        """The reply is out: nothing stays of what a worker that died had begun before it."""
        if not Place.of(address).private:  # drafts vanish by themselves
            async with self._alone(address.conversation_id):
                await self._remains.delivered(address, reply_id)

    async def forgotten(self, address: Address) -> None:
        """The conversation begins anew, and what shows of its answer will never be finished."""
        async with self._alone(address.conversation_id):
            self._text.forget(address.conversation_id)
            place = await self._moves.here(Place.of(address))
            if not place.private:
                await self._remains.forgotten(address)
                await self._sender.take_placeholder_away(address, line_of(place))

    async def show_line(self, address: Address, text: str) -> bool:
        """In a group, say how many wait in front; whether it is said. Raises Telegram failures and
        broker errors."""
        async with self._alone(address.conversation_id):
            place = await self._moves.here(Place.of(address))
            snapshot = await self._conversations.snapshot(address, turns=1)
            if snapshot.status != "ready":
                return False  # its turn has come
            asked = _asked(place, snapshot)
            return await self._placeholders.show(line_of(place), place, Part(text), asked)

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
        if (await self._sender.record.look(reply_id, placeholder(place))).state == "fresh":
            return await self._begin(place, reply_id)
        parts = render(text, self._units, mentions=False)
        if not parts:
            return False
        shown = parts[0]
        if len(parts) == 1 and units(shown.text) + 2 <= self._units:
            shown = Part(f"{shown.text} …", shown.entities)
        return await self._placeholders.show(reply_id, place, shown)

    async def _begin(self, place: Place, reply_id: str) -> bool:
        """Take the place of the line, or send a placeholder; whether it shows."""
        snapshot = await self._conversations.snapshot(place.address, turns=1)
        if snapshot.partial_id != reply_id:
            return False  # forgotten, or finished in the meantime
        committed = snapshot.turns[-1].reply_id if snapshot.turns else ""
        await self._remains.begins(place.address, reply_id, committed)
        if await self._placeholders.hand_over(place, reply_id):
            return True
        empty, asked = Part(PLACEHOLDER_TEXT), _asked(place, snapshot)
        return await self._placeholders.show(reply_id, place, empty, asked)


def _asked(place: Place, snapshot: Snapshot) -> int:
    """The message that waits longest, with which what is answered begins; 0 without one."""
    return place.number_of(snapshot.pending[0].message_id) if snapshot.pending else 0


def draft_id(reply_id: str) -> int:
    """Telegram wants a number other than 0; the same one is animated."""
    return int(fence_of(reply_id)) % (2**31 - 1) + 1
