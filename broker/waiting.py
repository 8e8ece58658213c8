"""How long people wait, which models have a worker and what they can do: for a bot to tell."""

from dataclasses import dataclass
from typing import cast

from redis.asyncio import Redis

from broker.calls import errors_told, run_script
from broker.keys import Keys
from broker.messages import TASKS, Address, Task
from broker.scripts import LINE
from broker.settings import Settings


@dataclass(frozen=True, slots=True)
class Line:
    """The line for a model: conversations in front of one, and its expected wait in seconds."""

    in_front: int
    wait_s: float


class Waiting:
    """Reads the measures of the queues. Raises RedisUnavailable."""

    def __init__(self, redis: Redis, settings: Settings) -> None:
        self._redis = redis
        self._keys = Keys(settings.redis.namespace)

    async def line(self, model: str, address: Address) -> Line:
        """The line in front of a conversation, as users take turns."""
        arguments = (address.conversation_id, model)
        answer = await run_script(self._redis, LINE, self._keys.tag, *arguments)
        in_front, wait_ms = cast(list[int], answer)
        return Line(in_front, wait_ms / 1000)

    async def models(self) -> tuple[str, ...]:
        """The models that have a living worker, by name."""
        with errors_told():
            now, _ = await self._redis.time()
            # A second more: one of two workers that leaves ends the model's time, until the
            # other's next sweep.
            names = await self._redis.zrangebyscore(self._keys("living", "all"), now - 1, "+inf")
        return tuple(sorted(name.decode() for name in cast(list[bytes], names)))

    async def tasks(self, model: str) -> frozenset[Task]:
        """What a model can do, as its workers said last. Of a model that never had one, all: its
        worker will say what it cannot."""
        with errors_told():
            said = cast(bytes | None, await self._redis.get(self._keys("able", model)))
        if said is None:
            return TASKS
        names = said.decode().split(",")
        return frozenset(task for task in TASKS if task in names)
