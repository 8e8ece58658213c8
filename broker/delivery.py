"""The record of what was sent of each delivery, so that a restart goes on with the next part.

A part is *attempted* before the call leaves and *sent* when the platform's id for it is known.
A part that stays attempted is uncertain: the process died, or the platform's answer never came.
What to do then is the channel's policy; the record only makes sure that it is asked.
"""

import uuid
from dataclasses import dataclass
from typing import Literal, cast

from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from broker.calls import errors_told, run_script
from broker.keys import Keys
from broker.scripts import ATTEMPT
from broker.settings import Settings

PartState = Literal["fresh", "uncertain", "sent"]
_ATTEMPTED = "?"
KNOWN_IDS = 2000  # of a sequence; to find a message that may be there, the latest matter


@dataclass(frozen=True, slots=True)
class Part:
    """What is known of a part: `message_id` is the platform's, once it is sent.

    `hint` is what the attempt noted: whatever may help to find out whether it arrived.
    """

    state: PartState
    message_id: str = ""
    hint: str = ""


class DeliveryRecord:
    """The parts of the deliveries of one deployment. Raises RedisUnavailable.

    A delivery is named by anything unique: a reply's id, an event's id. Parts are named by the
    channel ("0", "1", "placeholder"). The record expires after `retention.dedup_s`.
    """

    def __init__(self, redis: Redis, settings: Settings) -> None:
        self._redis = redis
        self._keys = Keys(settings.redis.namespace)
        self._keep_s = settings.retention.dedup_s

    async def attempt(self, delivery: str, part: str, hint: str = "") -> Part:
        """Note that a part is about to be sent; "fresh" means: send it now."""
        mark = f"{_ATTEMPTED}{uuid.uuid4().hex} {hint}"
        arguments = (delivery, part, mark, self._keep_s)
        answer = await run_script(self._redis, ATTEMPT, self._keys.tag, *arguments)
        return _read(cast(bytes, answer))

    async def sent(
        self, delivery: str, part: str, message_id: int, sequence: str, chat: str
    ) -> None:
        """The platform has the part, under this id; it counts as seen from the same moment on."""
        key = self._keys("sent", delivery)
        with errors_told():
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.hset(key, part, str(message_id))
                pipe.expire(key, self._keep_s)
                if message_id:
                    self._note(pipe, sequence, chat, message_id)
                await pipe.execute()

    async def sent_as(self, delivery: str, part: str, message_id: str) -> None:
        """The platform has the part, under this id, which says nothing about other messages."""
        key = self._keys("sent", delivery)
        with errors_told():
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.hset(key, part, message_id)
                pipe.expire(key, self._keep_s)
                await pipe.execute()

    async def saw(self, sequence: str, chat: str, message_id: int) -> None:
        """A message of this chat has this id, in a sequence that chats may share."""
        with errors_told():
            async with self._redis.pipeline(transaction=True) as pipe:
                self._note(pipe, sequence, chat, message_id)
                await pipe.execute()

    def _note(self, pipe: Pipeline, sequence: str, chat: str, message_id: int) -> None:
        key = self._keys("known", sequence)
        pipe.zadd(key, {f"{message_id} {chat}": message_id})
        pipe.zremrangebyrank(key, 0, -KNOWN_IDS - 1)
        pipe.expire(key, self._keep_s)

    async def seen_after(self, sequence: str, message_id: int) -> set[tuple[int, str]]:
        """The ids that were lately seen in a sequence after this one, each with its chat."""
        with errors_told():
            answer = await self._redis.zrangebyscore(
                self._keys("known", sequence), f"({message_id}", "+inf"
            )
        seen = (member.decode().partition(" ") for member in cast(list[bytes], answer))
        return {(int(ident), chat) for ident, _, chat in seen}

    async def failed(self, delivery: str, part: str) -> None:
        """The part did certainly not arrive: the attempt is forgotten."""
        with errors_told():
            await self._redis.hdel(self._keys("sent", delivery), part)

    async def look(self, delivery: str, part: str) -> Part:
        """What is known of a part, without attempting it."""
        with errors_told():
            known = await self._redis.hget(self._keys("sent", delivery), part)
        return _read(cast(bytes | None, known))


def _read(known: bytes | None) -> Part:
    if not known:
        return Part("fresh")
    text = known.decode()
    if text.startswith(_ATTEMPTED):
        return Part("uncertain", hint=text.partition(" ")[2])
    return Part("sent", message_id=text)
