"""Previews of answers that are being written: Slack's streams in threads, edits elsewhere, and
where an answer turns to the other direction, which a stream does not.

Previews are what the budget spares; the final message does not depend on any of them.
"""

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal
from weakref import WeakValueDictionary

from bots.failures import Later, PlatformFailure, Refused, Unreachable, Unsure
from bots.remains import Remains
from bots.slack.failures import NotStreaming
from bots.slack.place import Place
from bots.slack.rendering import Part, for_stream, render
from bots.slack.sending import PREVIEW, STREAM, Sender
from bots.slack.sides import is_one_sided
from bots.slack.strangers import Strangers
from bots.sofar import TextSoFar
from broker.conversation import Conversations, Snapshot
from broker.messages import ReplyDelta
from broker.settings import SlackSettings

logger = logging.getLogger(__name__)

_TIMESTAMP = re.compile(r"\d+\.\d+")


@dataclass(slots=True)
class _Shown:
    """What is shown of one reply, and how more is: appended to the stream, by edits, not at all."""

    reply_id: str
    ts: str
    text: str
    how: Literal["append", "edit", "not"]


class Previews:
    """Of one process; at most one a conversation."""

    def __init__(
        self,
        sender: Sender,
        remains: Remains,
        strangers: Strangers,
        conversations: Conversations,
        settings: SlackSettings,
    ) -> None:
        self._sender = sender
        self._remains = remains
        self._strangers = strangers
        self._conversations = conversations
        self._limit = settings.text_chars
        self._so_far = TextSoFar(conversations, settings.show_every_s)
        self._shown: dict[str, _Shown] = {}
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def forget(self, conversation_id: str) -> None:
        """The reply is being delivered."""
        self._so_far.forget(conversation_id)
        self._shown.pop(conversation_id, None)

    async def delivered(self, place: Place, reply_id: str) -> None:
        """The reply is out: nothing stays of what a worker that died had begun before it."""
        async with self._alone(place.address.conversation_id):
            await self._remains.delivered(place.address, reply_id)

    async def forgotten(self, place: Place) -> None:
        """The conversation begins anew, and what shows of its answer will never be finished."""
        async with self._alone(place.address.conversation_id):
            self.forget(place.address.conversation_id)
            await self._remains.forgotten(place.address)

    async def show(self, place: Place, delta: ReplyDelta) -> None:
        """Take a piece; show the text so far if it is time. Raises platform failures."""
        async with self._alone(delta.conversation_id):
            await self._show(place, delta)

    def _alone(self, conversation_id: str) -> asyncio.Lock:
        return self._locks.setdefault(conversation_id, asyncio.Lock())

    async def _show(self, place: Place, delta: ReplyDelta) -> None:
        text = for_stream(await self._so_far.take(delta), self._limit)
        if not text.strip():
            return
        shown = self._shown.get(delta.conversation_id)
        if shown is None or shown.reply_id != delta.reply_id:
            snapshot = await self._conversations.snapshot(place.address, turns=1)
            if snapshot.partial_id != delta.reply_id:  # forgotten, or finished in the meantime
                self.forget(delta.conversation_id)
                return
            began = await self._begin(place, delta.reply_id, text, snapshot)
            if began is not None:
                self._shown[delta.conversation_id] = began
        elif shown.how == "append":
            await self._append(place, shown, text)
        elif shown.how == "edit":
            await self._edit(place, shown, text)

    async def _begin(
        self, place: Place, reply_id: str, text: str, snapshot: Snapshot
    ) -> _Shown | None:
        """Show the first words; None when there was no room for them."""
        for kind in (STREAM, PREVIEW):
            if (await self._sender.record.look(reply_id, kind)).state != "fresh":
                return _Shown(reply_id, "", "", "not")  # by another process; how far, is unknown
        api, reader, asked = self._sender.api, await self._reader(place, snapshot), _asked(snapshot)
        committed = snapshot.turns[-1].reply_id if snapshot.turns else ""
        await self._remains.begins(place.address, reply_id, committed)
        try:
            if place.thread and (reader[0] or place.private) and is_one_sided(text):
                try:
                    ts = await self._first(
                        STREAM, reply_id, asked, lambda: api.start_stream(place, text, reader)
                    )
                    return _Shown(reply_id, ts, text, "append")
                except (Refused, Unreachable) as failure:
                    logger.info("no stream: %s", failure, extra={"chat": place.chat_id})
            mark = (reply_id, "0")
            ts = await self._first(
                PREVIEW, reply_id, asked, lambda: api.post(place, self._part(text), mark, "spare")
            )
            return _Shown(reply_id, ts, text, "edit")
        except Later:
            return None
        except PlatformFailure as failure:
            logger.info("no preview: %s", failure, extra={"chat": place.chat_id})
            return _Shown(reply_id, "", "", "not")

    async def _first(
        self, kind: str, reply_id: str, asked: str, call: Callable[[], Awaitable[str]]
    ) -> str:
        """Make the call that shows the first words, on record; the timestamp. `asked` is the
        timestamp of what it answers, "" unknown."""
        await self._sender.record.attempt(reply_id, kind, f"{time.time():.6f} {asked}".strip())
        try:
            ts = await call()
        except Unsure:
            raise  # it may be there: the attempt stays on record
        except PlatformFailure:
            await self._sender.record.failed(reply_id, kind)
            raise
        await self._sender.record.sent_as(reply_id, kind, ts)
        return ts

    async def _append(self, place: Place, shown: _Shown, text: str) -> None:
        more = text[len(shown.text) :]
        if not more or not text.startswith(shown.text):
            return
        api = self._sender.api
        try:
            if is_one_sided(text):
                await api.append_stream(place, shown.ts, more)
                shown.text = text
                return
            await api.stop_stream(place, shown.ts, "spare")
        except Later:
            return
        except NotStreaming:
            pass  # Slack closed it
        except PlatformFailure:
            shown.how = "not"  # what it says now is uncertain; the final text will be right
            raise
        shown.how = "edit"  # it is a message like others now
        await self._sender.stream_ended(shown.reply_id, shown.ts)
        await self._edit(place, shown, text)

    async def _edit(self, place: Place, shown: _Shown, text: str) -> None:
        mark = (shown.reply_id, "0")
        try:
            await self._sender.api.update(place, shown.ts, self._part(text), mark, "spare")
        except Later:
            return
        shown.text = text

    async def _reader(self, place: Place, snapshot: Snapshot) -> tuple[str, str]:
        """The user who asked last, and his team; "" when nobody waits."""
        if not snapshot.pending:
            return "", ""
        user = snapshot.pending[-1].user_id.rpartition("/")[2]
        return user, await self._strangers.team_of(place.workspace, user)

    def _part(self, text: str) -> Part:
        """The first message of an answer that is not finished."""
        return render(f"{text.rstrip()} …", self._limit)[0]


def _asked(snapshot: Snapshot) -> str:
    """When the question came, on Slack's clock; "" when that is not known."""
    said = _TIMESTAMP.match(snapshot.pending[-1].message_id) if snapshot.pending else None
    return said[0] if said else ""
