"""What conversations cost in which nobody writes: memory, and the time of those who do write."""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from redis.asyncio import Redis

from broker.claims import Claims
from broker.connection import worker_pool
from broker.keys import PATTERNS, Keys
from broker.messages import Address
from mersal.bench.engine import MODEL
from mersal.bench.figures import Times
from mersal.bench.mersal_peer import MersalPeer
from mersal.bench.order import TEXT_CHARS
from mersal.bench.round import Plan, Round
from mersal.bench.running import Fsync, private_redis, worker_process
from mersal.bench.timesheet import Timesheet

CHANNEL = "idle"
REAL = 500  # conversations that a real turn each has made; all others are copies of one
BATCH = 1000
SWEEPS = 50
LEFT_MS = 86_400_000  # of a copy to live: as good as any
# What Redis holds for its clients and its disk, and not for conversations.
OTHERS_MEMORY = ("mem_clients_normal", "mem_aof_buffer")


@dataclass(frozen=True, slots=True)
class Idle:
    """With `conversations` of one turn each: `bytes_each` of Redis's memory, of which the words
    said are `text_bytes`; the whole path of a message, and one sweep."""

    conversations: int
    bytes_each: float
    text_bytes: int
    added: Times
    sweep: Times


async def measure_idle(
    counts: Sequence[int], plan: Plan, appendfsync: Fsync, report: Callable[[str], None]
) -> list[Idle]:
    """One Redis and one worker, and more and more conversations. `counts` rise."""
    with TemporaryDirectory(prefix="mersal-bench-") as name:
        folder = Path(name)
        path = folder / "timesheet"
        sheet = Timesheet.create(path, Round.WARM_UP + REAL + len(counts) * plan.paced)
        with (
            private_redis(folder, appendfsync) as (server, url),
            worker_process("mersal", url, path, folder) as worker,
        ):
            peer = MersalPeer(url)
            await peer.open()
            try:
                run = Round(peer, sheet, worker, server)
                return await _measure(run, peer, counts, plan, report)
            finally:
                await peer.close()
                sheet.close()


async def _measure(
    run: Round, peer: MersalPeer, counts: Sequence[int], plan: Plan, report: Callable[[str], None]
) -> list[Idle]:
    await run.warm_up()
    empty = await _memory(peer.redis)
    await run.drain(run.phase(CHANNEL, REAL))
    keys = Keys(peer.settings.redis.namespace)
    await peer.redis.delete(keys("outbox", CHANNEL))  # as if all had been delivered
    found, there = [], REAL
    for count in counts:
        report(f"{count:,} idle conversations")
        await _copy(peer.redis, keys, range(there, count))
        there = max(there, count)
        used = await _memory(peer.redis) - empty
        await _until_written(peer.redis)
        await run.paced(run.phase(CHANNEL, plan.paced, REAL), plan.rate)
        added = run.times[f"{CHANNEL}_added"]
        found.append(Idle(there, used / there, 2 * TEXT_CHARS, added, _sweeps(peer)))
    return found


async def _copy(redis: Redis, keys: Keys, numbers: range) -> None:
    """Conversations that differ from the first in their names alone."""
    names = [name for name, pattern in PATTERNS.items() if pattern.startswith("c:")]
    first = _ident(0)
    dumps = {name: await redis.dump(keys(name, first)) for name in names}
    for start in range(0, len(numbers), BATCH):
        async with redis.pipeline(transaction=False) as pipe:
            for number in numbers[start : start + BATCH]:
                for name, dump in dumps.items():
                    if dump is not None:
                        pipe.restore(keys(name, _ident(number)), LEFT_MS, dump)
            await pipe.execute()


async def _until_written(redis: Redis) -> None:
    """So much at once makes Redis write its file anew, which must not be measured."""
    info = await redis.info("persistence")
    while info["aof_rewrite_in_progress"]:
        await asyncio.sleep(0.05)
        info = await redis.info("persistence")


def _ident(number: int) -> str:
    return Address(CHANNEL, str(number)).conversation_id


async def _memory(redis: Redis) -> int:
    info = cast(dict[str, int], await redis.info("memory"))
    return info["used_memory"] - sum(info.get(name, 0) for name in OTHERS_MEMORY)


def _sweeps(peer: MersalPeer) -> Times:
    """One sweep after the other, as each worker does four times a second."""
    took_ns = []
    with closing(worker_pool(peer.settings)) as pool:
        claims = Claims(pool, peer.settings, MODEL)
        for _ in range(SWEEPS):
            started = time.monotonic_ns()
            claims.sweep("", 0, 0.0)
            took_ns.append(time.monotonic_ns() - started)
    return Times.of(took_ns)
