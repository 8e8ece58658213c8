"""Both sides of the doorbell protocol on a real Redis, and a look behind it."""

import asyncio
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import redis

from broker.claims import Claim, Claims, CommitState, Finished, Sweep
from broker.connection import connect, redis_url, worker_pool
from broker.conversation import Conversations, Snapshot
from broker.inbox import Inbox, InFlight, Left, Receipt
from broker.keys import Keys
from broker.messages import (
    Action,
    Address,
    Outcome,
    Reply,
    ReplyDelta,
    Said,
    Task,
    Turn,
    UserMessage,
)
from broker.settings import Settings
from broker.waiting import Line, Waiting

MODEL = "demo"
OWNER = "w1.1"
GONE_S = 3600.0


def finished(
    claim: Claim,
    text: str = "answer",
    outcome: Outcome = "answered",
    consumed: int = 0,
    remember: bool = True,
    replaces: str = "",
    told: bool = False,
) -> Finished:
    """A turn that answers the claim's first messages; all of them when `consumed` is 0."""
    messages = claim.messages[: consumed or len(claim.messages)]
    reply = Reply(
        address=messages[-1].address,
        reply_id=claim.reply_id,
        message_ids=tuple(message.message_id for message in messages),
        text=text,
        outcome=outcome,
    )
    said = tuple(Said(m.message_id, m.text, m.sent_at, m.sender) for m in messages)
    turn = Turn(said, reply.reply_id, text, outcome) if remember else None
    return Finished(claim, len(messages), turn, reply, replaces, told)


class Doorbell:
    """Conversations are named by their chat in the channel `web`."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.keys = Keys(settings.redis.namespace)
        self.redis: redis.Redis = redis.Redis.from_url(redis_url(settings))
        self._pool = worker_pool(settings)
        self._claims: dict[str, Claims] = {}
        self._loop = asyncio.Runner()
        self._bot = connect(settings)
        self._ids = itertools.count(1)

    def close(self) -> None:
        self._loop.run(self._bot.aclose())
        self._bot.connection_pool.reset()
        self._loop.close()
        self.redis.close()
        for claims in self._claims.values():
            claims._line.close()

    def submit(
        self,
        chat: str = "c",
        text: str = "hello",
        message_id: str = "",
        user: str = "u",
        action: Action = "say",
        settings: Settings | None = None,
        replaces: str = "",
        task: Task = "",
    ) -> Receipt:
        ident = message_id or f"auto{next(self._ids)}"
        message = UserMessage(
            Address("web", chat),
            ident,
            user,
            text,
            1.0,
            action=action,
            replaces=replaces,
            task=task,
        )
        return self._loop.run(self._inbox(settings).submit(message))

    def cancel(self, chat: str = "c", reply_id: str = "") -> InFlight:
        return self._loop.run(self._inbox().cancel(Address("web", chat), reply_id))

    def withdraw(self, *message_ids: str, chat: str = "c") -> Left:
        return self._loop.run(self._inbox().withdraw(Address("web", chat), message_ids))

    def forget(self, chat: str = "c") -> int:
        return self._loop.run(self._inbox().forget(Address("web", chat)))

    def choose(self, model: str, chat: str = "c") -> None:
        self._loop.run(self._inbox().choose_model(Address("web", chat), model))

    def snapshot(self, chat: str = "c") -> Snapshot:
        conversations = Conversations(self._bot, self.settings)
        return self._loop.run(conversations.snapshot(Address("web", chat), 1000))

    def line(self, chat: str = "c", model: str = MODEL) -> Line:
        waiting = Waiting(self._bot, self.settings)
        return self._loop.run(waiting.line(model, Address("web", chat)))

    def claims(self, model: str = MODEL) -> Claims:
        if model not in self._claims:
            self._claims[model] = Claims(self._pool, self.settings, model)
        return self._claims[model]

    def take(self, owner: str = OWNER, model: str = MODEL) -> Claim | None:
        return self.claims(model).step(owner, None, True)[1]

    def taken(self, owner: str = OWNER, model: str = MODEL) -> Claim:
        """Take one; there must be one."""
        claim = self.take(owner, model)
        assert claim is not None
        return claim

    def commit(self, done: Finished, owner: str = OWNER, model: str = MODEL) -> CommitState:
        state = self.claims(model).step(owner, done, False)[0]
        assert state is not None
        return state

    def answer(self, owner: str = OWNER, model: str = MODEL) -> tuple[str, tuple[str, ...]]:
        """Take one and commit its answer; returns its chat and message ids."""
        claim = self.taken(owner, model)
        assert self.commit(finished(claim), owner, model) == "committed"
        return chat_of(claim), ids_of(claim)

    def sweep(self, model: str = MODEL, worker: str = "", threads: int = 0) -> Sweep:
        return self.claims(model).sweep(worker, threads, GONE_S)

    def two_suspects(self) -> None:
        """Conversations `a` and `b` of two users, each of which has seen two workers die."""
        for chat in ("a", "b"):
            self.submit(chat, user=chat)
        for _ in range(2):
            self.taken("w1.1")
            self.taken("w1.2")
            self.kill_holders()

    def kill_holders(self, *chats: str, model: str = MODEL) -> Sweep:
        """As if the workers of these conversations (of all, when none is named) had died."""
        leases = self.keys("leases", model)
        held = cast(list[bytes], self.redis.zrange(leases, 0, -1))
        for name in [conversation(chat).encode() for chat in chats] or held:
            self.redis.zadd(leases, {name: 1.0}, xx=True)
        # However long ago the last sweep was: nobody is taken to have been away.
        self.redis.hdel(self.keys("clock", model), "swept_at")
        return self.sweep(model)

    def rings(self, model: str = MODEL) -> int:
        return int(self.redis.llen(self.keys("ring", model)))

    def ready_count(self, model: str = MODEL) -> int:
        return int(self.redis.hget(self.keys("clock", model), "ready") or 0)

    def replies(self) -> list[Reply]:
        """Everything in the outbox, oldest first."""
        found = self.redis.xrange(self.keys("outbox", "web"))
        entries = cast(list[tuple[bytes, dict[bytes, bytes]]], found)
        return [Reply.from_json(fields[b"reply"]) for _, fields in entries]

    def key_names(self) -> list[str]:
        found = self.redis.scan_iter(match=self.keys.tag + "*", count=1000)
        return [name.decode() for name in found]

    def history(self, chat: str = "c") -> list[tuple[str, ...]]:
        """The message ids of each remembered turn."""
        return [tuple(s.message_id for s in turn.said) for turn in self.snapshot(chat).turns]

    def _inbox(self, settings: Settings | None = None) -> Inbox:
        return Inbox(self._bot, settings or self.settings)


def delta(claim: Claim, text: str = "piece", offset: int = 0) -> ReplyDelta:
    return ReplyDelta(claim.conversation_id, claim.reply_id, offset, text)


def conversation(chat: str) -> str:
    return Address("web", chat).conversation_id


def chat_of(claim: Claim) -> str:
    return Address.of_conversation(claim.conversation_id).chat


def ids_of(claim: Claim) -> tuple[str, ...]:
    return tuple(message.message_id for message in claim.messages)


@contextmanager
def open_doorbell(settings: Settings) -> Iterator[Doorbell]:
    bell = Doorbell(settings)
    try:
        yield bell
    finally:
        bell.close()
