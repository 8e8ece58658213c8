"""What became of the messages: lost, repeated, out of order, or left lying about."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from redis.asyncio import Redis
from redis.exceptions import RedisError

from broker.conversation import Conversations
from broker.keys import Keys
from broker.settings import Settings
from tests.chaos.traffic import Traffic


@dataclass(frozen=True)
class Count:
    """Of messages, over all conversations."""

    lost: int = 0
    repeated: int = 0
    reordered: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(
            self.lost + other.lost,
            self.repeated + other.repeated,
            self.reordered + other.reordered,
        )


@dataclass(frozen=True)
class Verdict:
    """`history` as remembered, `outbox` as delivered; `restless` conversations are not idle;
    `leftovers` are inboxes, lanes, leases, undelivered replies."""

    history: Count
    outbox: Count
    garbled: int
    restless: int
    leftovers: tuple[str, ...]

    @property
    def clean(self) -> bool:
        return self == CLEAN


CLEAN = Verdict(Count(), Count(), 0, 0, ())


def count(got: Sequence[str], expected: Sequence[str]) -> Count:
    """Compare message ids with what was sent, in its order."""
    firsts = list(dict.fromkeys(got))
    numbers = [expected.index(ident) for ident in firsts]
    reordered = sum(after < before for before, after in zip(numbers, numbers[1:], strict=False))
    return Count(len(expected) - len(firsts), len(got) - len(firsts), reordered)


async def judge(redis: Redis, settings: Settings, traffic: Traffic) -> Verdict:
    """Read every conversation and every key."""
    conversations = Conversations(redis, settings)
    expected = [str(number) for number in range(traffic.messages)]
    history, outbox, garbled, restless = Count(), Count(), 0, 0
    for address in traffic.addresses:
        seen = await conversations.snapshot(address, 10_000)
        history += count([s.message_id for turn in seen.turns for s in turn.said], expected)
        replies = traffic.replies[address.conversation_id]
        outbox += count([ident for reply in replies for ident in reply.message_ids], expected)
        garbled += sum(turn.text != "\n".join(s.text for s in turn.said) for turn in seen.turns)
        garbled += [reply.text for reply in replies] != [turn.text for turn in seen.turns]
        restless += seen.status != "idle"
    return Verdict(history, outbox, garbled, restless, await leftovers(redis, settings))


async def leftovers(redis: Redis, settings: Settings) -> tuple[str, ...]:
    """Keys that must be gone or empty when all is answered and delivered."""
    keys, model = Keys(settings.redis.namespace), settings.worker.model
    names = [name.decode() async for name in redis.scan_iter(match=keys.tag + "*", count=1000)]
    ends = (":inbox", ":partial", ":leases", ":ready", ":suspects", ":aside")
    left = [name for name in names if name.endswith(ends) or name.startswith(keys("lane", ""))]
    if await redis.xlen(keys("outbox", "web")):
        left.append("undelivered replies")
    if int(await redis.hget(keys("clock", model), "ready") or 0):
        left.append("counted as ready")
    return tuple(left)


async def settle(redis: Redis, settings: Settings, traffic: Traffic, timeout_s: float) -> float:
    """Wait until nothing is in flight; returns the seconds that it took."""
    keys = Keys(settings.redis.namespace)
    state = [keys("state", address.conversation_id) for address in traffic.addresses]
    start = time.monotonic()
    busy: list[object] = ["Redis"]
    while busy:
        assert time.monotonic() - start < timeout_s, f"not settled: {busy}"
        with suppress(RedisError):
            async with redis.pipeline(transaction=True) as pipe:
                for name in state:
                    pipe.hmget(name, ["status", "owner", "tries", "cancel"])
                pipe.xlen(keys("outbox", "web"))
                *states, undelivered = await pipe.execute()
            busy = [found for found in zip(state, states, strict=True) if found[1][0]]
            busy += [f"{undelivered} replies"] if undelivered else []
        await asyncio.sleep(0.02)
    return time.monotonic() - start
