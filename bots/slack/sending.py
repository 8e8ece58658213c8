"""Delivering messages, part by part: what is out is recorded, what is unsure is read back.

Slack has no idempotency key, but can be read. Each message carries, unseen, the delivery and part
that it is. So when a post may or may not have arrived (a timeout, a crash in between), the thread
is read: found, it is recorded; not found, it is posted again. What replaces a message that is
there already may be repeated at will.
"""

import asyncio
import logging
import time
from collections.abc import Callable

from bots.failures import Later, PlatformFailure, Refused, Unreachable, Unsure
from bots.slack.api import METADATA, Answer, Api
from bots.slack.failures import Gone, NotStreaming, Streaming
from bots.slack.place import Place
from bots.slack.rendering import Part
from broker.delivery import DeliveryRecord
from broker.messages import Address
from broker.settings import SlackSettings

logger = logging.getLogger(__name__)

# How an answer is shown while it is written: as one of Slack's streams, or by edits.
STREAM, PREVIEW = "stream", "preview"
LOOK_AFTER_S = 1.0  # what left may still be on its way
CLOCKS_S = 300.0  # between Slack's clock and ours
PAGES = 10
PAUSE_S = 0.5  # before the second try; doubled before each further one
REPEATS = 3  # of one part whose posts all end unsure, where the thread may not be read


class _Blind(Unsure):
    """Raised when a repetition ended unsure that nobody could look before."""


class Sender:
    """Sends the parts of deliveries. Raises Unreachable, or broker errors when Redis is away."""

    def __init__(self, api: Api, record: DeliveryRecord, settings: SlackSettings) -> None:
        self.api = api
        self.record = record
        self._settings = settings

    async def send(self, delivery: str, number: int, place: Place, part: Part) -> None:
        """See to it that this part is out, once. Patient with outages, never for ever."""
        give_up_at, pause_s = time.monotonic() + self._settings.give_up_s, PAUSE_S
        blind = 0
        while True:
            try:
                await self._step(delivery, str(number), place, part)
                return
            except (Later, Unsure) as failure:
                # What is unsure is read back by the next try, so that it may try as often.
                logger.warning(
                    "not sent: %r", failure, extra={"delivery": delivery, "part": number}
                )
                blind += isinstance(failure, _Blind)
                if blind >= REPEATS or time.monotonic() + pause_s > give_up_at:
                    raise Unreachable("given up") from None
                await asyncio.sleep(pause_s)
                pause_s = min(pause_s * 2, 30.0)
            except Refused as failure:
                simpler = part.simpler()
                if simpler is None:
                    raise Unreachable(f"refused: {failure}") from None
                logger.warning("refused: %s", failure, extra={"delivery": delivery, "part": number})
                part = simpler

    async def take_preview_away(self, address: Address, delivery: str) -> bool:
        """Take away what shows of an answer that will not be finished; whether nothing of it does
        any more, or can be helped. A delivered answer stays."""
        place = Place.of(address)
        if (await self.record.look(delivery, "0")).state == "sent":
            return True
        try:
            kind, ts = await self._preview(delivery, place)
            if ts:
                if kind == STREAM:
                    await self._stop(place, ts)
                await self.api.delete(place, ts)
                await self.record.failed(delivery, kind)
        except (Refused, Unreachable) as failure:
            logger.info("preview stays: %s", failure, extra={"delivery": delivery})
        except PlatformFailure as failure:
            logger.info("preview stays for now: %s", failure, extra={"delivery": delivery})
            return False
        return True

    async def stream_ended(self, delivery: str, ts: str) -> None:
        """What is shown of a delivery in this message is no stream any more."""
        await self.record.sent_as(delivery, PREVIEW, ts)
        await self.record.failed(delivery, STREAM)

    async def _step(self, delivery: str, name: str, place: Place, part: Part) -> None:
        """One try: replace the preview, or post, or read back what may have been posted."""
        known = await self.record.look(delivery, name)
        if known.state == "sent":
            return
        if name == "0" and await self._replace_preview(delivery, place, part):
            return
        is_blind = False
        if known.state == "uncertain":
            found = await self._posted(place, delivery, name, known.hint)
            is_blind = found is None
            if found or (found is None and self._settings.unsure == "skip"):
                logger.warning(
                    "found" if found else "may be there", extra={"delivery": delivery, "part": name}
                )
                await self.record.sent_as(delivery, name, found or "0")
                return
            logger.warning("posting again", extra={"delivery": delivery, "part": name})
        # The attempt is noted after all waiting: who dies while he waits leaves no doubt behind.
        async with self.api.paid(place):
            await self.record.attempt(delivery, name, f"{time.time():.6f}")
            try:
                ts = await self.api.post(place, part, (delivery, name), "spent")
            except (Later, Refused, Unreachable):
                await self.record.failed(delivery, name)
                raise
            except Unsure as failure:
                raise (_Blind(str(failure)) if is_blind else failure) from None
        await self.record.sent_as(delivery, name, ts)

    async def _replace_preview(self, delivery: str, place: Place, part: Part) -> bool:
        """Whether the part took the place of what was shown while it was written."""
        kind, ts = await self._preview(delivery, place)
        if not ts:
            return False
        try:
            if kind == STREAM:
                await self._stop(place, ts)
            await self.api.update(place, ts, part, (delivery, "0"))
        except Gone as failure:
            logger.info("preview gone: %s", failure, extra={"delivery": delivery})
            await self.record.failed(delivery, kind)
            return False
        except (Streaming, Unsure) as failure:
            raise Later(str(failure)) from None  # replacing it again does no harm
        await self.record.sent_as(delivery, "0", ts)
        return True

    async def _stop(self, place: Place, ts: str) -> None:
        try:
            await self.api.stop_stream(place, ts)
        except NotStreaming:
            pass  # Slack closed it, or we did before
        except Gone:
            raise
        except Refused as failure:
            logger.info("stream not stopped: %s", failure)

    async def _preview(self, delivery: str, place: Place) -> tuple[str, str]:
        """The kind and timestamp of what is shown of this delivery; "" when nothing is."""
        for kind in (STREAM, PREVIEW):
            known = await self.record.look(delivery, kind)
            if known.state == "sent":
                return kind, known.message_id
            if known.state == "uncertain":
                ts = await self._find_preview(kind, place, delivery, known.hint)
                if ts:
                    await self.record.sent_as(delivery, kind, ts)
                    return kind, ts
                await self.record.failed(delivery, kind)
        return "", ""

    async def _find_preview(self, kind: str, place: Place, delivery: str, hint: str) -> str | None:
        if kind == PREVIEW:
            return await self._posted(place, delivery, "0", hint)
        me = (await self.api.workspaces.find(place.workspace)).me
        # A stream carries no mark until it is replaced; what else we wrote here carries one.
        return await self._find(
            place,
            hint,
            lambda one: one.get("bot_id") == me.bot_id and not _mark(one) and not one.get("files"),
        )

    async def _posted(self, place: Place, delivery: str, name: str, hint: str) -> str | None:
        return await self._find(place, hint, lambda one: _mark(one) == (delivery, name))

    async def _find(self, place: Place, hint: str, wanted: Callable[[Answer], bool]) -> str | None:
        """The timestamp of such a message; "" when there is none, None when we may not look."""
        await asyncio.sleep(LOOK_AFTER_S)
        method = "conversations.replies" if place.thread else "conversations.history"
        oldest = _earliest(hint)
        body: Answer = {"oldest": f"{oldest:.6f}", "limit": 100, "include_all_metadata": 1}
        if place.thread:
            body["ts"] = place.thread
        try:
            for _ in range(PAGES):
                answer = await self.api.call(place, method, body)
                for message in answer.get("messages") or []:
                    if wanted(message) and float(message["ts"]) >= oldest:
                        return str(message["ts"])
                cursor = (answer.get("response_metadata") or {}).get("next_cursor")
                if not cursor:
                    break
                body["cursor"] = cursor
        except (Refused, Unreachable) as failure:
            logger.warning("cannot be read back: %s", failure)
            return None
        except Unsure as failure:
            raise Later(str(failure)) from None
        return ""


def _earliest(hint: str) -> float:
    """What was attempted then is not older than this; nor than what it answers, if that is told."""
    attempted, _, asked = hint.partition(" ")
    return max(0.0, float(attempted or 0) - CLOCKS_S, float(asked or 0))


def _mark(message: Answer) -> tuple[str, str] | None:
    """The delivery and part that a message of ours says it is."""
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != METADATA:
        return None
    told = metadata.get("event_payload") or {}
    return str(told.get("delivery")), str(told.get("part"))
