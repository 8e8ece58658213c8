"""A worker's side of the doorbell: take a conversation, keep its lease, commit its turn."""

import logging
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal, cast

from redis import ConnectionPool

from broker.errors import BadMessage, UnsupportedVersion
from broker.keys import Keys
from broker.line import Argument, Line
from broker.messages import (
    TASKS,
    Address,
    Reply,
    ReplyDelta,
    Task,
    Turn,
    UserMessage,
    read_turns,
)
from broker.scripts import PUBLISH, RELEASE, RENEW, STEP, SWEEP
from broker.settings import Settings

logger = logging.getLogger(__name__)

LeaseState = Literal["lost", "kept", "stop", "merge"]
CommitState = Literal["committed", "fenced"]


@dataclass(frozen=True, slots=True)
class Claim:
    """One conversation, ours while the lease stands and the fence is current.

    `tries` counts the workers that died over it; `cancel` is set when the user said stop
    while it waited; `told` when the user already knows that old turns drop out.
    `turns` are the last ones, oldest first; `older`: there are more before them. `unreadable`:
    the first message cannot be read, `messages` holds an empty one in its place.
    """

    conversation_id: str
    fence: str
    tries: int
    cancel: bool
    told: bool
    messages: tuple[UserMessage, ...]
    turns: tuple[Turn, ...]
    unreadable: bool = False
    older: bool = False

    @property
    def reply_id(self) -> str:
        """Unique for ever, because the fence is."""
        return f"{self.conversation_id}/{self.fence}"


@dataclass(frozen=True, slots=True)
class Finished:
    """A turn that ran and waits to be committed; without `turn`, history stays as it is.

    `replaces`: the id of the reply whose turn this one takes the place of, if that is the last.
    """

    claim: Claim
    consumed: int
    turn: Turn | None
    reply: Reply
    replaces: str = ""
    told: bool = False


@dataclass(frozen=True, slots=True)
class Sweep:
    """What a sweep found: leases that had run out, and the queue's measures after it.

    `ready` counts conversations that any idle thread could take, `set_aside` those with messages
    that were.
    """

    expired: int
    ready: int
    leased: int
    threads: int
    set_aside: int


class Claims:
    """The claims of one worker process on one model's queue; safe from any of its threads.

    `tasks`: what the model can do, for the bots to know.
    """

    def __init__(
        self,
        pool: ConnectionPool,
        settings: Settings,
        model: str,
        tasks: Iterable[Task] = TASKS,
    ) -> None:
        keys = Keys(settings.redis.namespace)
        self._pool = pool
        self._tag = keys.tag
        self._ring = keys("ring", model)
        self._model = model
        self._tasks = ",".join(sorted(tasks))
        self._turn = settings.turn
        self._retention = settings.retention
        self._user_turns = settings.limits.user_turns
        self._lines = threading.local()

    def exchange(
        self, owner: str, done: Sequence[Finished], wanted: int
    ) -> tuple[list[CommitState], list[Claim]]:
        """Commit finished turns, each for itself, and take as many conversations as are wanted,
        or as there are."""
        answer = self._line.run(STEP, *self._step_arguments(owner, done, wanted))
        return _read_step(answer, len(done))

    def step(
        self, owner: str, done: Finished | None, take: bool
    ) -> tuple[CommitState | None, Claim | None]:
        """The same for at most one turn and one conversation."""
        states, claims = self.exchange(owner, [done] if done else [], int(take))
        return states[0] if states else None, claims[0] if claims else None

    def wait_and_take(self, owner: str, wait_s: float) -> Claim | None:
        """Wait for a ring for so long, then take the next conversation, if one is ready."""
        arguments = self._step_arguments(owner, (), 1)
        answer = self._line.wait_and_run(self._ring, max(wait_s, 0.01), STEP, *arguments)
        _, claims = _read_step(answer, 0)
        return claims[0] if claims else None

    def renew(self, claims: Sequence[Claim]) -> list[LeaseState]:
        """Renew the leases of these claims; the answer says which are lost or cancelled."""
        arguments: list[Argument] = [self._tag, self._model, self._turn.lease_s]
        for claim in claims:
            arguments += [claim.conversation_id, claim.fence]
        words = cast(list[bytes], self._line.run(RENEW, *arguments))
        return [cast(LeaseState, word.decode()) for word in words]

    def release(self, owner: str, claim: Claim) -> bool:
        """Hand a conversation back unanswered; False when the lease was lost before."""
        keep_s = self._retention.conversation_s
        arguments = (self._model, owner, claim.conversation_id, claim.fence, keep_s)
        return self._line.run(RELEASE, self._tag, *arguments) == 1

    def publish(self, claim: Claim, delta: ReplyDelta) -> bool:
        """Show a piece of the answer; False when the fence is no longer current."""
        channel = claim.conversation_id.partition(":")[0]
        keep_s = self._retention.partial_s
        arguments = (claim.conversation_id, claim.fence, delta.offset, delta.text, delta.to_json())
        return self._line.run(PUBLISH, self._tag, *arguments, channel, keep_s) == 1

    def sweep(self, worker: str, threads: int, gone_s: float) -> Sweep:
        """Make conversations of dead workers ready again; say that this worker lives.

        An empty `worker` sweeps without being one.
        """
        keep_s, lease_s = self._retention.conversation_s, self._turn.lease_s
        arguments: list[Argument] = [self._tag, self._model, keep_s, worker, threads, gone_s]
        arguments += [lease_s, self._user_turns, self._tasks]
        return Sweep(*cast(list[int], self._line.run(SWEEP, *arguments)))

    @property
    def _line(self) -> Line:
        line = getattr(self._lines, "line", None)
        if line is None:
            line = self._lines.line = Line(self._pool)
        return cast(Line, line)

    def _step_arguments(self, owner: str, done: Iterable[Finished], wanted: int) -> list[Argument]:
        turn, keep = self._turn, self._retention
        arguments: list[Argument] = [self._tag, self._model, owner, wanted, turn.lease_s]
        arguments += [turn.max_messages, turn.history_turns]
        arguments += [keep.history_turns, keep.conversation_s]
        for one in done:
            arguments += [
                one.claim.conversation_id,
                one.claim.fence,
                one.consumed,
                one.turn.to_json() if one.turn else b"",
                one.reply.to_json(),
                one.reply.address.channel,
                one.replaces,
                int(one.told),
                int(one.reply.outcome == "set_aside"),
            ]
        return arguments


def _read_step(answer: object, commits: int) -> tuple[list[CommitState], list[Claim]]:
    """What step.lua says, a flat list: the outcomes of the commits, then the claims."""
    parts = iter(cast(list[bytes], answer))
    states = [cast(CommitState, state.decode()) for state in islice(parts, commits)]
    return states, [_read_claim(conversation.decode(), parts) for conversation in parts]


def _read_claim(conversation_id: str, parts: Iterator[bytes]) -> Claim:
    fence, tries, cancel, told, older = islice(parts, 5)
    messages = _read_messages(conversation_id, _counted(parts))
    return Claim(
        conversation_id=conversation_id,
        fence=fence.decode(),
        tries=int(tries),
        cancel=bool(cancel),
        told=bool(told),
        messages=messages or (_nothing_said(conversation_id),),
        turns=read_turns(_counted(parts)),
        unreadable=not messages,
        older=bool(older),
    )


def _counted(parts: Iterator[bytes]) -> list[bytes]:
    return list(islice(parts, int(next(parts))))


def _nothing_said(conversation_id: str) -> UserMessage:
    return UserMessage(Address.of_conversation(conversation_id), "", "", "", 0.0)


def _read_messages(conversation_id: str, raws: Iterable[bytes]) -> tuple[UserMessage, ...]:
    """Those before the first that cannot be read: it must not jam its conversation."""
    messages: list[UserMessage] = []
    for raw in raws:
        try:
            messages.append(UserMessage.from_json(raw))
        except (BadMessage, UnsupportedVersion) as error:
            logger.error("message unreadable: %s", error, extra={"conversation": conversation_id})
            break
    return tuple(messages)
