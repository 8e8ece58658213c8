"""Calls to the Bot API: each within the budget, each failure told by what to do about it."""

import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Literal, TypeVar

import httpx
from telegram import Bot, InlineKeyboardMarkup, InputFile, MessageEntity, ReplyParameters
from telegram.error import (
    BadRequest,
    ChatMigrated,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bots.commands import Document
from bots.gate import Gate
from bots.telegram.failures import Later, Moved, NotModified, Refused, Unreachable, Unsure
from bots.telegram.place import CHANNEL, Place
from bots.telegram.rendering import Part
from broker.budget import Budget, Limit
from broker.settings import TelegramSettings

logger = logging.getLogger(__name__)

T = TypeVar("T")
# How a call is paid for: it waits for the budget, it goes now or never, or it is paid already.
Spend = Literal["wait", "spare", "spent"]

# What we count is when a call leaves, what the platform counts is when it arrives.
MARGIN_S = 0.1
SLOW_S = 0.03
# A button under the draft; what shows when it is pressed stays until the message comes.
_STOPPABLE: dict[str, object] = {"can_stop": True, "keep_on_stop": True}
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_UNREACHABLE = ("chat not found", "user is deactivated", "bot was kicked", "bot was blocked",
    "peer_id_invalid", "not enough rights", "have no rights", "chat_write_forbidden",
    "topic_closed", "message thread not found", "business connection")  # fmt: skip


def whole_limit(settings: TelegramSettings) -> Limit:
    """The limit over all chats."""
    return Limit(CHANNEL, settings.overall_per_s, 1.0 + 2 * MARGIN_S)


class Api:
    """The Bot API as far as we use it. Raises the failures of bots.telegram.failures."""

    def __init__(self, bot: Bot, budget: Budget, settings: TelegramSettings) -> None:
        self.bot = bot
        self._budget = budget
        self._settings = settings
        self._gate = Gate(settings.overall_per_s, 1.0 + MARGIN_S)
        self._stoppable = True

    async def send(
        self,
        place: Place,
        part: Part,
        keyboard: InlineKeyboardMarkup | None = None,
        answers: int = 0,
        spend: Spend = "wait",
    ) -> int:
        """Send a message; returns its id. `answers` is the message that it visibly answers."""
        reply = ReplyParameters(answers, allow_sending_without_reply=True) if answers else None
        message = await self._call(
            place,
            spend,
            lambda: self.bot.send_message(
                place.chat_id,
                part.text,
                entities=_entities(part),
                message_thread_id=place.topic or None,
                business_connection_id=place.business or None,
                reply_markup=keyboard,
                reply_parameters=reply,
            ),
        )
        return message.message_id

    async def send_rich(self, place: Place, markdown: str, rtl: bool) -> int:
        """Send Markdown as it is, for clients that know rich messages."""
        body: dict[str, object] = {
            "chat_id": place.chat_id,
            "rich_message": {"markdown": markdown, "is_rtl": rtl},
        }
        if place.topic:
            body["message_thread_id"] = place.topic
        if place.business:
            body["business_connection_id"] = place.business
        sent = await self._call(
            place, "wait", lambda: self.bot.do_api_request("sendRichMessage", api_kwargs=body)
        )
        return int(sent["message_id"])

    async def send_document(self, place: Place, document: Document, caption: str) -> int:
        """Send a file; returns the message's id."""
        file = InputFile(document.content, filename=document.name)
        message = await self._call(
            place,
            "wait",
            lambda: self.bot.send_document(
                place.chat_id, file, caption=caption, message_thread_id=place.topic or None
            ),
        )
        return message.message_id

    async def edit(
        self,
        place: Place,
        message_id: int,
        part: Part,
        keyboard: InlineKeyboardMarkup | None = None,
        spend: Spend = "wait",
    ) -> None:
        """Replace a message's text. Raises NotModified when it already is so."""
        await self._call(
            place,
            spend,
            lambda: self.bot.edit_message_text(
                part.text,
                chat_id=place.chat_id,
                message_id=message_id,
                entities=_entities(part),
                business_connection_id=place.business or None,
                reply_markup=keyboard,
            ),
        )

    async def delete(self, place: Place, message_id: int) -> None:
        """Take a message of ours away."""
        await self._call(place, "wait", lambda: self.bot.delete_message(place.chat_id, message_id))

    async def draft(self, place: Place, draft_id: int, part: Part) -> None:
        """Show a preview in a private chat, if there is room in the budget."""
        try:
            await self._call(place, "spare", lambda: self._draft(place, draft_id, part))
        except Refused as failure:
            if "can_stop" not in str(failure):
                raise
            logger.info("this Bot API server knows no button to stop drafts")
            self._stoppable = False

    def _draft(self, place: Place, draft_id: int, part: Part) -> Awaitable[bool]:
        return self.bot.send_message_draft(
            place.chat_id,
            draft_id,
            part.text,
            message_thread_id=place.topic or None,
            entities=_entities(part),
            api_kwargs=_STOPPABLE if self._stoppable else None,
        )

    async def typing(self, place: Place) -> None:
        """Say that we are writing, if there is room in the budget."""
        await self._call(
            place,
            "spare",
            lambda: self.bot.send_chat_action(
                place.chat_id,
                "typing",
                message_thread_id=place.topic or None,
                business_connection_id=place.business or None,
            ),
        )

    async def acknowledge_press(self, query_id: str, text: str) -> None:
        """Answer a press on a button; too late is no matter."""
        try:
            await self.bot.answer_callback_query(query_id, text or None)
        except TelegramError as error:
            logger.info("press not acknowledged: %s", error)

    @asynccontextmanager
    async def paid(self, place: Place) -> AsyncIterator[None]:
        """Wait for the place's budget; then make one call with `spend="spent"`, at once."""
        await self._wait(place)
        async with self._gate.passed():
            yield

    async def _wait(self, place: Place) -> None:
        await self._budget.wait(f"{CHANNEL}:{place.chat_id}", self._limit(place))

    async def _call(self, place: Place, spend: Spend, call: Callable[[], Awaitable[T]]) -> T:
        """Spend, call, and tell what went wrong. A flood error pauses this chat alone."""
        chat = f"{CHANNEL}:{place.chat_id}"
        give_up_at = time.monotonic() + self._settings.give_up_s
        while True:
            if spend == "wait":
                await self._wait(place)
            elif spend == "spare" and not await self._budget.spare(chat, self._limit(place)):
                raise Later("no room in the budget")
            called_at = time.monotonic()
            try:
                if spend == "spent":  # the gate too
                    return await call()
                async with self._gate.passed():
                    return await call()
            except RetryAfter as error:
                seconds = _seconds(error)
                logger.warning("flood chat=%d retry_after=%.0f", place.chat_id, seconds)
                await self._budget.pause(chat, seconds)
                if spend != "wait" or time.monotonic() + seconds > give_up_at:
                    raise Later(f"retry after {seconds}") from None
            except TelegramError as error:
                raise told(error) from None
            finally:
                if time.monotonic() - called_at > SLOW_S:
                    await self._budget.took(self._limit(place))

    def _limit(self, place: Place) -> Limit:
        name = f"{CHANNEL}:{place.chat_id}"
        if place.private:
            return Limit(name, self._settings.private_per_s, 1.0 + MARGIN_S)
        return Limit(name, self._settings.group_per_minute, 60.0 + 5 * MARGIN_S)


def told(error: TelegramError) -> Exception:
    """The failure that a Bot API error means."""
    text = str(error).lower()
    if isinstance(error, ChatMigrated):
        return Moved(error.new_chat_id)
    if isinstance(error, Forbidden):
        return Unreachable(str(error))
    if isinstance(error, InvalidToken | EndPointNotFound):
        return Refused("the Bot API does not know the token or the method")
    if isinstance(error, BadRequest):
        if "not modified" in text:
            return NotModified()
        return (
            Unreachable(str(error))
            if any(word in text for word in _UNREACHABLE)
            else Refused(str(error))
        )
    if isinstance(error, NetworkError):
        cause = error.__cause__
        return Later(str(error)) if isinstance(cause, _NOT_SENT) else Unsure(str(error))
    return Unsure(str(error))  # an answer that is none: the message may well be there


def _seconds(error: RetryAfter) -> float:
    after = error.retry_after
    return float(after if isinstance(after, int) else after.total_seconds())


def _entities(part: Part) -> list[MessageEntity]:
    return [
        MessageEntity(
            str(one["type"]),
            int(one["offset"]),
            int(one["length"]),
            url=str(one["url"]) if "url" in one else None,
            language=str(one["language"]) if "language" in one else None,
        )
        for one in part.api_entities()
    ]
