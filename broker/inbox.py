"""The inbox: how a bot hands a user's message over, and steers the conversation."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, cast

from redis.asyncio import Redis

from broker.calls import run_script
from broker.keys import Keys
from broker.line import Argument
from broker.messages import Address, UserMessage, fence_of
from broker.routing import Routes
from broker.scripts import CANCEL, CHOOSE, FORGET, SUBMIT, WITHDRAW, Script
from broker.settings import Settings
from broker.text.cleaning import clean

logger = logging.getLogger(__name__)

Status = Literal[
    "accepted",
    "duplicate",  # has been submitted before: all is well, nothing to say
    "inbox_full",  # too many unanswered messages in this conversation
    "rate_limited",  # too many messages a minute from this user
    "overloaded",  # the wait would be too long
    "paused",  # messages of this user killed their workers again and again
    "too_long",  # more characters than we accept
    "empty",  # nothing to answer
]

InFlight = Literal["running", "waiting", "idle"]
Left = Literal["running", "waiting", "emptied", "idle"]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a submitted message; once `kept`, it survives the death of every process.

    `wait_s`: when accepted or overloaded, the expected wait for a worker; when rate limited
    or paused, the time after which to try again. `nobody`: no worker of the model has been seen
    for a minute, and the user is to be told; said once until the next answer.
    """

    status: Status
    wait_s: float = 0.0
    nobody: bool = False

    @property
    def kept(self) -> bool:
        return self.status in ("accepted", "duplicate")


class Inbox:
    """Submits messages and the user's wishes. Raises RedisUnavailable when nothing is certain."""

    def __init__(self, redis: Redis, settings: Settings) -> None:
        self._redis = redis
        self._settings = settings
        self._routes = Routes(settings)
        self._tag = Keys(settings.redis.namespace).tag

    async def submit(self, message: UserMessage) -> Receipt:
        """Keep a message for the workers, or say why not. Submitting it again is harmless.

        What hides or reorders its text is taken out here, before anybody reads it.
        """
        limits, retention = self._settings.limits, self._settings.retention
        message = replace(message, text=clean(message.text), sender=clean(message.sender))
        if not message.text.strip() and message.action != "regenerate":
            return Receipt("empty")
        if len(message.text) > limits.message_chars:
            return Receipt("too_long")
        answer = await self._run(
            SUBMIT,
            message.address.conversation_id,
            message.user_key,
            message.message_id,
            message.to_json(),
            self._settings.worker.model,
            limits.pending_messages,
            retention.dedup_s,
            retention.conversation_s,
            limits.messages_per_minute,
            limits.wait_s,
            self._interrupts(message),
            self._routes.language_of(message),
            *self._routes.pairs,
        )
        status, wait_ms, *nobody = cast(tuple[bytes, int, int], answer)
        receipt = Receipt(cast(Status, status.decode()), wait_ms / 1000, nobody == [1])
        logger.info(
            "submitted",
            extra={
                "conversation": message.address.conversation_id,
                "message_id": message.message_id,
                "user": message.user_key,
                "status": receipt.status,
            },
        )
        return receipt

    def _interrupts(self, message: UserMessage) -> Literal["any", "talk", ""]:
        """Which running turn a message ends. An edit any: nobody waits for the answer to what was
        taken back. A task none, and no other message a task: they are not answered together, so
        what was interrupted would never be finished."""
        if message.action == "edit":
            return "any"
        merges = self._settings.turn.while_answering == "merge" and not message.task
        return "talk" if merges else ""

    async def cancel(self, address: Address, reply_id: str = "") -> InFlight:
        """Stop the answer being written or waited for; its reply comes with outcome "stopped".

        `reply_id`: the answer that is meant (its fence alone will do). A stop that comes after
        its end stops no other.
        """
        answer = await self._run(CANCEL, address.conversation_id, fence_of(reply_id))
        return cast(InFlight, cast(bytes, answer).decode())

    async def withdraw(self, address: Address, message_ids: Iterable[str]) -> Left:
        """Take these messages back, and their edits: they are not answered, those around them are.

        What is being answered already stays; when all of that was taken back, now or before (name
        it again), the answer is stopped. Returns what is left: "emptied" when this took the last,
        so that no answer is made; "idle" when nothing was left before: it is answered, perhaps.
        """
        keep_s = self._settings.retention.conversation_s
        gone = tuple(message_ids)
        answer = await self._run(WITHDRAW, address.conversation_id, keep_s, *gone)
        left = cast(Left, cast(bytes, answer).decode())
        logger.info(
            "withdrawn",
            extra={
                "conversation": address.conversation_id,
                "message_ids": ",".join(gone),
                "left": left,
            },
        )
        return left

    async def forget(self, address: Address) -> int:
        """Start the conversation anew; returns the number of turns forgotten."""
        keep_s = self._settings.retention.conversation_s
        return cast(int, await self._run(FORGET, address.conversation_id, keep_s))

    async def choose_model(self, address: Address, model: str) -> None:
        """Let another model answer this conversation from its next turn on."""
        keep_s = self._settings.retention.conversation_s
        await self._run(CHOOSE, address.conversation_id, model, keep_s)

    async def _run(self, script: Script, *arguments: Argument) -> object:
        return await run_script(self._redis, script, self._tag, *arguments)
