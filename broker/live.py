"""The live view of one channel: deltas and finished replies as they happen.

Pub/sub, so lossy on purpose: whoever missed something reads the conversation.
"""

import asyncio
import logging
from collections.abc import AsyncIterator

from redis.asyncio import Redis
from redis.exceptions import ConnectionError, TimeoutError

from broker.errors import BadMessage, UnsupportedVersion
from broker.keys import Keys
from broker.messages import Reply, ReplyDelta
from broker.settings import Settings

logger = logging.getLogger(__name__)


class Live:
    """Listens to one channel for one bot process."""

    def __init__(self, redis: Redis, settings: Settings, channel: str) -> None:
        self._redis = redis
        keys = Keys(settings.redis.namespace)
        self._deltas, self._replies = keys("deltas", channel), keys("replies", channel)

    async def events(self) -> AsyncIterator[ReplyDelta | Reply | None]:
        """Yield events for ever. None: the connection was lost, events may be missing."""
        while True:
            try:
                async with self._redis.pubsub(ignore_subscribe_messages=True) as pubsub:
                    await pubsub.subscribe(self._deltas, self._replies)
                    yield None
                    while True:
                        message = await pubsub.get_message(timeout=5.0)
                        if message is not None:
                            event = self._read(message["channel"], message["data"])
                            if event is not None:
                                yield event
            except (ConnectionError, TimeoutError) as error:
                logger.warning("live view lost, reconnecting: %s", error)
                await asyncio.sleep(0.2)

    def _read(self, source: bytes, raw: bytes) -> ReplyDelta | Reply | None:
        try:
            if source.decode() == self._deltas:
                return ReplyDelta.from_json(raw)
            return Reply.from_json(raw)
        except (BadMessage, UnsupportedVersion) as error:
            logger.warning("live event unreadable: %s", error)
            return None
