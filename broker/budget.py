"""The budget of calls to a platform: one per chat, shared by every process of a channel.

A platform limits calls per chat and overall, and bans who exceeds them. What is urgent (a final
answer) waits for its place and gets it; what is not (an intermediate edit) goes at once or never,
and only while half of every limit is free.
"""

import asyncio
from dataclasses import dataclass
from typing import cast

from redis.asyncio import Redis

from broker.calls import errors_told, run_script
from broker.keys import Keys
from broker.line import Argument
from broker.scripts import SPEND, SPENT
from broker.settings import Settings


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `calls` within any `window_s` seconds; who shares `name` shares the limit."""

    name: str
    calls: int
    window_s: float


class Budget:
    """Spends calls. Raises RedisUnavailable: without Redis nobody knows what was spent."""

    def __init__(self, redis: Redis, settings: Settings, whole: Limit) -> None:
        """`whole` is the limit over all chats."""
        self._redis = redis
        self._whole = whole
        self._keys = Keys(settings.redis.namespace)

    async def wait(self, chat: str, *limits: Limit) -> float:
        """Wait until an urgent call may go; it must then go at once. Returns the seconds waited."""
        waited_s = 0.0
        while True:
            granted, wait_s = await self._ask(chat, True, limits)
            await asyncio.sleep(wait_s)
            waited_s += wait_s
            if granted:
                return waited_s

    async def spare(self, chat: str, *limits: Limit) -> bool:
        """Whether a call that is not urgent may go now; if so it is spent."""
        granted, _ = await self._ask(chat, False, limits)
        return granted

    async def took(self, *limits: Limit) -> None:
        """A call that was slow has come back: the platform may count it only from now on."""
        names = [limit.name for limit in limits]
        await run_script(self._redis, SPENT, self._keys.tag, *names)

    async def pause(self, chat: str, seconds: float) -> None:
        """The platform said to leave this chat alone for so long. Other chats go on."""
        with errors_told():
            second, micros = await self._redis.time()
            until = second + micros / 1e6 + seconds
            await self._redis.set(self._keys("pause", chat), repr(until), px=int(seconds * 1000))

    async def _ask(self, chat: str, urgent: bool, limits: tuple[Limit, ...]) -> tuple[bool, float]:
        arguments: list[Argument] = [chat, int(urgent)]
        for limit in (*limits, self._whole):
            arguments += [limit.name, limit.calls, limit.window_s]
        answer = await run_script(self._redis, SPEND, self._keys.tag, *arguments)
        granted, wait_ms = cast(tuple[int, int], answer)
        return bool(granted), wait_ms / 1000
