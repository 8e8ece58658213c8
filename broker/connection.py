"""How the rooms reach Redis: one URL, an asyncio client for bots, a pool for workers."""

import asyncio
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

import redis
import redis.asyncio
from redis.asyncio.connection import AbstractConnection
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import ExponentialBackoff

from broker.settings import Settings

SOCKET_TIMEOUT_S = 10.0  # longer than any blocking read that we make


class HeedingSend(AbstractConnection):
    """Sends without asyncio.wait_for, which redis-py uses where a socket timeout is set.

    Before Python 3.12 it swallows a cancellation that comes when the send has just ended:
    a busy task could not be cancelled (https://github.com/python/cpython/issues/86296).
    It also makes a task of every send.
    """

    async def send_packed_command(
        self, command: bytes | str | Iterable[bytes], check_health: bool = True
    ) -> None:
        if not self.is_connected:
            await self.connect_check_health(check_health=False)
        timeout_s, self.socket_timeout = self.socket_timeout, None
        try:
            async with asyncio.timeout(timeout_s):
                await super().send_packed_command(command, check_health)
        except TimeoutError:
            raise redis.TimeoutError("Timeout writing to socket") from None
        finally:
            self.socket_timeout = timeout_s


def embedded_socket(state_dir: Path) -> Path:
    """Where the embedded Redis of this state directory listens."""
    return state_dir / "redis" / "redis.sock"


def redis_url(settings: Settings) -> str:
    """The URL of the Redis to use: the one that is set, else the embedded one's socket."""
    if settings.redis_url:
        return settings.redis_url
    return "unix://" + quote(str(embedded_socket(settings.state_dir).absolute()))


def celery_url(settings: Settings) -> str:
    """The same Redis in the spelling that Celery's transport expects."""
    url = redis_url(settings)
    return "redis+socket://" + url.removeprefix("unix://") if url.startswith("unix://") else url


def connect(settings: Settings) -> "redis.asyncio.Redis":
    """An asyncio client. Its pool waits for a free connection; the default one raises."""
    pool = redis.asyncio.BlockingConnectionPool.from_url(
        redis_url(settings),
        max_connections=settings.redis.max_connections,
        timeout=SOCKET_TIMEOUT_S,
        socket_timeout=SOCKET_TIMEOUT_S,
        retry=AsyncRetry(ExponentialBackoff(cap=0.5, base=0.02), 3),
    )
    plain = pool.connection_class
    pool.connection_class = type(f"Heeding{plain.__name__}", (HeedingSend, plain), {})
    return redis.asyncio.Redis.from_pool(pool)  # closing the client closes the pool


def worker_pool(settings: Settings) -> redis.ConnectionPool:
    """What a worker's lines are made from; it retries by itself, so the pool does not."""
    return redis.ConnectionPool.from_url(
        redis_url(settings), socket_timeout=SOCKET_TIMEOUT_S, max_connections=2**31
    )
