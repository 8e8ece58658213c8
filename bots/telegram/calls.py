"""Making calls to the Bot API: each within the budget, each failure told by what to do about it."""

import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Literal, TypeVar

import httpx
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

from bots.gate import Gate
from bots.telegram.failures import (
    Later,
    Moved,
    NotModified,
    Refused,
    UnknownMethod,
    Unreachable,
    Unsure,
)
from bots.telegram.place import CHANNEL, Place
from broker.budget import Budget, Limit
from broker.settings import TelegramSettings

logger = logging.getLogger(__name__)

T = TypeVar("T")
# How a call is paid for: it waits for the budget, it goes now or never, or it is paid already.
Spend = Literal["wait", "spare", "spent"]

# What we count is when a call leaves, what the platform counts is when it arrives.
MARGIN_S = 0.1
SLOW_S = 0.03
SPARE_S = 5.0  # a preview is not worth waiting for: the answer may stand behind it
GATES = 1000
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_UNREACHABLE = ("chat not found", "user is deactivated", "bot was kicked", "bot was blocked",
    "peer_id_invalid", "not enough rights", "have no rights", "chat_write_forbidden",
    "topic_closed", "message thread not found", "business connection")  # fmt: skip


def whole_limit(settings: TelegramSettings) -> Limit:
    """The limit over all chats."""
    return Limit(CHANNEL, settings.overall_per_s, 1.0 + 2 * MARGIN_S)


class Calls:
    """The budget of a chat, shared by all processes, and the gates of this one.

    Raises the failures of bots.telegram.failures.
    """

    def __init__(self, budget: Budget, settings: TelegramSettings) -> None:
        self._budget = budget
        self._settings = settings
        self._whole = Gate(settings.overall_per_s, 1.0 + MARGIN_S)
        self._gates: dict[int, Gate] = {}

    async def make(self, place: Place, spend: Spend, call: Callable[[], Awaitable[T]]) -> T:
        """Spend, call, and tell what went wrong. A flood error pauses this chat alone."""
        give_up_at = time.monotonic() + self._settings.give_up_s
        while True:
            try:
                if spend == "spent":
                    return await self._timed(place, call)
                async with self.paid(place, spend):
                    return await self._timed(place, call)
            except RetryAfter as error:
                seconds = seconds_of(error)
                logger.warning("flood", extra={"chat": place.chat_id, "retry_after": seconds})
                await self._budget.pause(f"{CHANNEL}:{place.chat_id}", seconds)
                if spend != "wait" or time.monotonic() + seconds > give_up_at:
                    raise Later(f"retry after {seconds}") from None
            except TelegramError as error:
                raise told(error) from None

    def patience_s(self, spend: Spend) -> float:
        """How long to wait for the answer of a call."""
        longest = self._settings.timeout_s
        return min(SPARE_S, longest) if spend == "spare" else longest

    @asynccontextmanager
    async def paid(self, place: Place, spend: Spend = "wait") -> AsyncIterator[None]:
        """Wait for the place's budget (with "spare", raise Later instead); then make one call
        with "spent", at once."""
        chat, limit, gate = f"{CHANNEL}:{place.chat_id}", self._limit(place), self._gate(place)
        if spend == "spare" and (gate.full or not await self._budget.spare(chat, limit)):
            raise Later("no room in the budget")
        async with gate.passed():
            if spend == "wait":
                await self._budget.wait(chat, limit)
            async with self._whole.passed():
                yield

    async def _timed(self, place: Place, call: Callable[[], Awaitable[T]]) -> T:
        called_at = time.monotonic()
        try:
            return await call()
        finally:
            if time.monotonic() - called_at > SLOW_S:
                await self._budget.took(self._limit(place))

    def _gate(self, place: Place) -> Gate:
        """A chat's calls do not overtake each other on their way, however slow one is."""
        if len(self._gates) > GATES:
            self._gates = {chat: gate for chat, gate in self._gates.items() if not gate.idle}
        limit = self._limit(place)
        return self._gates.setdefault(place.chat_id, Gate(limit.calls, limit.window_s))

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
    if isinstance(error, EndPointNotFound):
        return UnknownMethod("the Bot API server does not know the method")
    if isinstance(error, InvalidToken):  # revoked: somebody will set another one
        return Later("the Bot API does not take the token")
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


def seconds_of(error: RetryAfter) -> float:
    """How long Telegram asks us to wait."""
    after = error.retry_after
    return float(after if isinstance(after, int) else after.total_seconds())
