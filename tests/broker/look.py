"""A look behind the doorbell: where every conversation is, in one consistent view."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from broker.messages import Address, Reply, Turn, UserMessage
from tests.broker.doorbell import Doorbell, conversation

Ids = list[tuple[str, ...]]


@dataclass
class Line:
    """One model's queue, as chats. `lanes` are by user; `in_round` the users in fair order."""

    lanes: dict[str, list[str]] = field(default_factory=dict)
    in_round: set[str] = field(default_factory=set)
    suspects: list[str] = field(default_factory=list)
    leases: list[str] = field(default_factory=list)
    rings: int = 0
    ready_count: int = 0

    @property
    def waiting(self) -> Counter[str]:
        waiting = Counter(self.suspects)
        for lane in self.lanes.values():
            waiting.update(lane)
        return waiting


@dataclass
class Look:
    """Message ids of what is pending, remembered and replied, by chat."""

    status: dict[str, str] = field(default_factory=dict)
    pending: dict[str, list[str]] = field(default_factory=dict)
    turns: dict[str, Ids] = field(default_factory=dict)
    replied: dict[str, Ids] = field(default_factory=dict)
    lines: dict[str, Line] = field(default_factory=dict)


def look_behind(bell: Doorbell, users: dict[str, str], models: Sequence[str]) -> Look:
    """`users` are the users of all chats."""
    names = sorted(set(users.values()))
    with bell.redis.pipeline(transaction=True) as pipe:
        for chat in users:
            ident = conversation(chat)
            pipe.hget(bell.keys("state", ident), "status")
            pipe.lrange(bell.keys("inbox", ident), 0, -1)
            pipe.lrange(bell.keys("history", ident), 0, -1)
        for model in models:
            pipe.zrange(bell.keys("ready", model), 0, -1)
            pipe.lrange(bell.keys("suspects", model), 0, -1)
            pipe.zrange(bell.keys("leases", model), 0, -1)
            pipe.llen(bell.keys("ring", model))
            pipe.hget(bell.keys("clock", model), "ready")
            for user in names:
                pipe.lrange(bell.keys("lane", f"{model}:web:{user}"), 0, -1)
        pipe.xrange(bell.keys("outbox", "web"))
        answers = iter(pipe.execute())
    look = Look()
    for chat in users:
        look.status[chat] = (next(answers) or b"idle").decode()
        look.pending[chat] = [UserMessage.from_json(raw).message_id for raw in next(answers)]
        turns = [Turn.from_json(raw) for raw in next(answers)]
        look.turns[chat] = [tuple(said.message_id for said in turn.said) for turn in turns]
        look.replied[chat] = []
    for model in models:
        line = look.lines[model] = Line()
        line.in_round = {name.decode().partition(":")[2] for name in next(answers)}
        line.suspects, line.leases = chats_of(next(answers)), chats_of(next(answers))
        line.rings, line.ready_count = next(answers), int(next(answers) or 0)
        line.lanes = {user: chats_of(next(answers)) for user in names}
    for _, entry in next(answers):
        reply = Reply.from_json(entry[b"reply"])
        look.replied[reply.address.chat].append(reply.message_ids)
    return look


def chats_of(names: Sequence[bytes]) -> list[str]:
    return [Address.of_conversation(name.decode()).chat for name in names]
