"""A conversation as a bot may see it: its turns, what is pending, what is being written."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import cast

from redis.asyncio import Redis

from broker.calls import errors_told
from broker.errors import BadMessage, UnsupportedVersion
from broker.keys import Keys
from broker.messages import Address, Turn, UserMessage, read_turns
from broker.routing import Routes
from broker.settings import Settings

logger = logging.getLogger(__name__)

_STATE = ("status", "model", "chosen", "fence", "language")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One consistent view. `partial` is the text so far of the reply `partial_id`.

    `status` is idle, ready (waits for a worker) or leased (is being answered).
    """

    status: str
    model: str
    turns: tuple[Turn, ...]
    pending: tuple[UserMessage, ...]
    partial_id: str
    partial: str


class Conversations:
    """Reads conversations by their address, and by nothing else."""

    def __init__(self, redis: Redis, settings: Settings) -> None:
        self._redis = redis
        self._keys = Keys(settings.redis.namespace)
        self._routes = Routes(settings)

    async def snapshot(self, address: Address, turns: int = 50) -> Snapshot:
        """The last `turns` turns and everything in flight, read in one transaction.

        Raises RedisUnavailable.
        """
        ident, keys = address.conversation_id, self._keys
        with errors_told():
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.hmget(keys("state", ident), _STATE)
                pipe.lrange(keys("history", ident), -turns, -1)
                pipe.lrange(keys("inbox", ident), 0, -1)
                pipe.get(keys("partial", ident))
                state, history, inbox, partial = await pipe.execute()
        status, model, chosen, fence, language = (
            value.decode() if value else "" for value in state
        )
        leased = status == "leased"
        return Snapshot(
            status=status or "idle",
            model=chosen or (status and model) or self._routes.model(language),
            turns=read_turns(cast(list[bytes], history)),
            pending=tuple(_read_messages(cast(list[bytes], inbox))),
            partial_id=f"{ident}/{fence}" if leased else "",
            partial=cast(bytes, partial or b"").decode() if leased else "",
        )


def _read_messages(raws: Iterable[bytes]) -> Iterator[UserMessage]:
    """Those that can be read; a worker sets the others aside, and tells the user."""
    for raw in raws:
        try:
            yield UserMessage.from_json(raw)
        except (BadMessage, UnsupportedVersion) as error:
            logger.error("pending message left out: %s", error)
