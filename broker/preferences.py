"""What a user chose, what he thinks of answers, and a channel's short notes about a chat."""

import json
import time
from dataclasses import dataclass
from typing import Literal, cast, get_args

from redis.asyncio import Redis

from broker.calls import errors_told
from broker.keys import Keys
from broker.settings import Settings

Thumb = Literal["up", "down"]
# The letters of answers in Darija: those of the message, always Arabic ones, always Latin ones.
ScriptChoice = Literal["mirror", "arab", "latn"]
SCRIPT_CHOICES: tuple[ScriptChoice, ...] = get_args(ScriptChoice)


@dataclass(frozen=True, slots=True)
class Choices:
    """A user's choices. `language` is the one that he set, "" when it follows his messages;
    `spoken` the one that he wrote last; `asked` how many messages of his were taken; `model` the
    one that answers what he begins, "" the default, where a channel lets him choose for more than
    one conversation; `target` the language of his latest translation, "" none yet; `keeps`:
    whether tasks enter the conversation."""

    language: str = ""
    spoken: str = ""
    asked: int = 0
    model: str = ""
    script: ScriptChoice = "mirror"
    target: str = ""
    keeps: bool = False

    @property
    def tongue(self) -> str:
        """The language to address him in."""
        return self.language or self.spoken


class Preferences:
    """Choices and feedback by user key (`UserMessage.user_key`). Raises RedisUnavailable."""

    def __init__(self, redis: Redis, settings: Settings) -> None:
        self._redis = redis
        self._keys = Keys(settings.redis.namespace)
        self._keep_s = settings.retention.conversation_s

    async def of(self, user_key: str) -> Choices:
        """The choices of a user; the defaults for one who never chose."""
        with errors_told():
            answer = await self._redis.hgetall(self._keys("preferences", user_key))
        fields = cast(dict[bytes, bytes], answer)
        known = {name.decode(): value.decode() for name, value in fields.items()}
        script = known.get("script", "")
        return Choices(
            language=known.get("language", ""),
            spoken=known.get("spoken", ""),
            asked=int(known.get("asked", 0)),
            model=known.get("model", ""),
            script=script if script in SCRIPT_CHOICES else "mirror",
            target=known.get("target", ""),
            keeps=known.get("keeps") == "yes",
        )

    async def choose_language(self, user_key: str, language: str) -> None:
        """Address the user in this language; "" follows his messages again."""
        await self._set(user_key, "language", language)

    async def choose_model(self, user_key: str, model: str) -> None:
        """Let this model answer what the user begins."""
        await self._set(user_key, "model", model)

    async def choose_script(self, user_key: str, script: ScriptChoice) -> None:
        """Answer the user in these letters."""
        await self._set(user_key, "script", script)

    async def choose_target(self, user_key: str, target: str) -> None:
        """Translate into this language until the user names another."""
        await self._set(user_key, "target", target)

    async def choose_keeps(self, user_key: str, keeps: bool) -> None:
        """Let tasks enter the conversation, or stay apart from it."""
        await self._set(user_key, "keeps", "yes" if keeps else "no")

    async def spoke(self, user_key: str, language: str) -> None:
        """Remember the language of the user's latest message."""
        await self._set(user_key, "spoken", language)

    async def asked(self, user_key: str) -> None:
        """Count a message of the user."""
        key = self._keys("preferences", user_key)
        with errors_told():
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.hincrby(key, "asked", 1)
                pipe.expire(key, self._keep_s)
                await pipe.execute()

    async def rate(self, user_key: str, reply_id: str, thumb: Thumb) -> None:
        """Keep what a user thinks of an answer; the last thumb counts."""
        key = self._keys("feedback", user_key)
        opinion = json.dumps({"thumb": thumb, "at": int(time.time())})
        with errors_told():
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.hset(key, reply_id, opinion)
                pipe.expire(key, self._keep_s)
                await pipe.execute()

    async def feedback(self, user_key: str) -> dict[str, Thumb]:
        """The thumbs of a user by the reply's id."""
        with errors_told():
            answer = await self._redis.hgetall(self._keys("feedback", user_key))
        fields = cast(dict[bytes, bytes], answer)
        return {reply.decode(): json.loads(raw)["thumb"] for reply, raw in fields.items()}

    async def forget(self, user_key: str) -> None:
        """Everything that we keep about a user outside of his conversations."""
        with errors_told():
            await self._redis.delete(
                self._keys("preferences", user_key), self._keys("feedback", user_key)
            )

    async def _set(self, user_key: str, name: str, value: str) -> None:
        key = self._keys("preferences", user_key)
        with errors_told():
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.hset(key, name, value)
                pipe.expire(key, self._keep_s)
                await pipe.execute()


class Notes:
    """Short values that a channel must remember about a chat for a while, by a name of its own."""

    def __init__(self, redis: Redis, settings: Settings, channel: str) -> None:
        self._redis = redis
        self._keys = Keys(settings.redis.namespace)
        self._channel = channel

    async def write(self, name: str, value: str, keep_s: float) -> None:
        with errors_told():
            await self._redis.set(self._key(name), value, px=max(1, int(keep_s * 1000)))

    async def erase(self, name: str) -> None:
        with errors_told():
            await self._redis.delete(self._key(name))

    async def read(self, name: str) -> str:
        """The value, "" when there is none or its time is over."""
        with errors_told():
            value = cast(bytes | None, await self._redis.get(self._key(name)))
        return value.decode() if value else ""

    def _key(self, name: str) -> str:
        return self._keys("note", f"{self._channel}:{name}")
