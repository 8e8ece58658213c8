"""The latest messages of a group chat, kept for a day so that somebody may ask what was said."""

import json
import time
from dataclasses import dataclass
from typing import cast

from redis.asyncio import Redis

from broker.calls import errors_told
from broker.keys import Keys
from broker.messages import Address
from broker.settings import Settings

KEEP_S = 24 * 3600


@dataclass(frozen=True, slots=True)
class Heard:
    """A message of the group. `version` orders the edits of one message; `at` is in seconds since
    1970."""

    message_id: str
    version: str
    sender: str
    text: str
    at: float


class Recents:
    """Keeps at most `most` messages a chat. Raises RedisUnavailable."""

    def __init__(self, redis: Redis, settings: Settings, most: int) -> None:
        self._redis = redis
        self._keys = Keys(settings.redis.namespace)
        self._most = most

    async def keep(self, address: Address, heard: Heard) -> None:
        """Keep a message; the same one again changes nothing."""
        key = self._key(address)
        fields = (heard.message_id, heard.version, heard.sender, heard.text)
        with errors_told():
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.zadd(key, {json.dumps(fields, ensure_ascii=False): heard.at})
                pipe.zremrangebyscore(key, "-inf", time.time() - KEEP_S)
                pipe.zremrangebyrank(key, 0, -self._most - 1)
                pipe.expire(key, KEEP_S)
                await pipe.execute()

    async def latest(self, address: Address, count: int = 0) -> tuple[tuple[str, str], ...]:
        """The last `count` messages (0: all), oldest first, each as (sender, text); of an edited
        one what it says now."""
        with errors_told():
            key, since = self._key(address), time.time() - KEEP_S
            raws = cast(list[bytes], await self._redis.zrangebyscore(key, since, "+inf"))
        newest: dict[str, tuple[str, str, str]] = {}
        for raw in raws:
            message_id, version, sender, text = json.loads(raw)
            if message_id not in newest or newest[message_id][0] <= version:
                newest[message_id] = (version, sender, text)
        said = [(sender, text) for _, sender, text in newest.values()]
        return tuple(said[-count:])

    async def forget(self, address: Address) -> None:
        with errors_told():
            await self._redis.delete(self._key(address))

    def _key(self, address: Address) -> str:
        return self._keys("recent", address.conversation_id)
