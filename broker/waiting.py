"""How long people wait, and which models have a worker: what a bot may tell its users."""

from dataclasses import dataclass
from typing import cast

from redis.asyncio import Redis

from broker.calls import errors_told
from broker.keys import Keys
from broker.settings import Settings


@dataclass(frozen=True, slots=True)
class Line:
    """The people waiting for a model: conversations in front, and the expected wait in seconds."""

    conversations: int
    wait_s: float


class Waiting:
    """Reads the measures of the queues. Raises RedisUnavailable."""

    def __init__(self, redis: Redis, settings: Settings) -> None:
        self._redis = redis
        self._keys = Keys(settings.redis.namespace)

    async def line(self, model: str) -> Line:
        """The line for a model as it is now."""
        with errors_told():
            fields = await self._redis.hmget(
                self._keys("clock", model), ["ready", "threads", "turn_s"]
            )
        ready, threads, turn_s = (float(value or 0) for value in cast(list[bytes | None], fields))
        return Line(int(ready), ready * turn_s / max(1.0, threads))

    async def models(self) -> tuple[str, ...]:
        """The models that have a living worker, by name."""
        with errors_told():
            now, _ = await self._redis.time()
            # A second more: one of two workers that leaves ends the model's time, until the
            # other's next sweep.
            names = await self._redis.zrangebyscore(self._keys("living", "all"), now - 1, "+inf")
        return tuple(sorted(name.decode() for name in cast(list[bytes], names)))
