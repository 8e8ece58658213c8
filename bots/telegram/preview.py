"""Previews of answers that are being written: drafts in private chats, edits elsewhere.

Previews are what the budget spares; the final message does not depend on any of them. In a group
a placeholder is sent once and recorded: the final text is an edit of it, which may be repeated.
"""

import time
from dataclasses import dataclass

from bots.telegram.failures import NotModified, TelegramFailure, Unsure
from bots.telegram.place import Place
from bots.telegram.rendering import Part, render
from bots.telegram.sending import PLACEHOLDER, Sender
from broker.conversation import Conversations
from broker.messages import Address, ReplyDelta
from broker.settings import TelegramSettings

PLACEHOLDER_TEXT = "…"


@dataclass(slots=True)
class _Preview:
    """The text so far of one reply, and when it was last shown (monotonic clock)."""

    reply_id: str
    text: str = ""
    shown_at: float = 0.0


class Previews:
    """Of one process; at most one a conversation."""

    def __init__(
        self, sender: Sender, conversations: Conversations, settings: TelegramSettings
    ) -> None:
        self._sender = sender
        self._conversations = conversations
        self._settings = settings
        self._previews: dict[str, _Preview] = {}

    def forget(self, conversation_id: str) -> None:
        """The reply is being delivered."""
        self._previews.pop(conversation_id, None)

    async def show(self, delta: ReplyDelta) -> None:
        """Take a piece; show the text so far if it is time. Raises Telegram failures."""
        preview = self._previews.get(delta.conversation_id)
        if preview is None or preview.reply_id != delta.reply_id:
            preview = self._previews[delta.conversation_id] = _Preview(delta.reply_id)
        address = Address.of_conversation(delta.conversation_id)
        if delta.offset == len(preview.text):
            preview.text += delta.text
        else:  # pieces are missing: read what they were
            snapshot = await self._conversations.snapshot(address, turns=1)
            if snapshot.partial_id == delta.reply_id:
                preview.text = snapshot.partial
        if time.monotonic() - preview.shown_at < self._settings.show_every_s:
            return
        place = await self._sender.here(Place.of(address))
        if place.business or not preview.text.strip():
            return  # a customer sees whole answers only
        preview.shown_at = time.monotonic()
        await self._show(place, preview)

    async def _show(self, place: Place, preview: _Preview) -> None:
        if not place.private:
            await self._edit(place, preview)
            return
        parts = render(preview.text, self._settings.text_units)
        if parts:
            await self._sender.api.draft(place, draft_id(preview.reply_id), parts[-1])

    async def _edit(self, place: Place, preview: _Preview) -> None:
        record = self._sender.record
        known = await record.attempt(preview.reply_id, PLACEHOLDER)
        if known.state == "uncertain":
            return  # nobody knows its id: the final text will be a message of its own
        if known.state == "fresh":
            await self._place(place, preview.reply_id)
            return
        parts = render(preview.text, self._settings.text_units)
        if not parts:
            return
        text = parts[0].text
        shown = Part(f"{text} …", parts[0].entities) if len(parts) == 1 else parts[0]
        try:
            await self._sender.api.edit(place, int(known.message_id), shown, spend="spare")
        except NotModified:
            pass

    async def _place(self, place: Place, reply_id: str) -> None:
        record = self._sender.record
        try:
            sent = await self._sender.api.send(place, Part(PLACEHOLDER_TEXT), spend="spare")
        except Unsure:
            raise  # it may be there: the attempt stays on record
        except TelegramFailure:
            await record.failed(reply_id, PLACEHOLDER)
            raise
        await self._sender.is_sent(reply_id, PLACEHOLDER, place, sent)


def draft_id(reply_id: str) -> int:
    """Telegram wants a number other than 0; the same one is animated."""
    return int(reply_id.rpartition("/")[2]) % (2**31 - 1) + 1
