"""Who waits for an answer in a channel, so that a bot that starts takes its signs up again."""

from typing import cast

from redis.asyncio import Redis

from broker.calls import errors_told
from broker.keys import Keys
from broker.settings import Settings


class Awaited:
    """The conversations of one channel that showed a sign, each with the user's language.

    Kept beside the queues: what is noted here may be over, so ask the conversation. Raises
    RedisUnavailable.
    """

    def __init__(self, redis: Redis, settings: Settings, channel: str) -> None:
        self._redis = redis
        self._key = Keys(settings.redis.namespace)("awaited", channel)
        self._keep_s = settings.retention.dedup_s

    async def add(self, conversation_id: str, language: str) -> None:
        with errors_told():
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.hset(self._key, conversation_id, language)
                pipe.expire(self._key, self._keep_s)
                await pipe.execute()

    async def remove(self, conversation_id: str) -> None:
        with errors_told():
            await self._redis.hdel(self._key, conversation_id)

    async def all(self) -> dict[str, str]:
        """The language by conversation."""
        with errors_told():
            answer = cast(dict[bytes, bytes], await self._redis.hgetall(self._key))
        return {
            conversation.decode(): language.decode() for conversation, language in answer.items()
        }
