"""One line when Redis goes away, one when it is back.

Every room and library logs its own failed attempt, again and again. While Redis is known to be
away these lines say nothing new and are dropped; at the level `debug` they are all there.
"""

import logging
import threading
import time
from collections.abc import Iterable
from urllib.parse import urlsplit

from kombu.exceptions import OperationalError
from redis.exceptions import ConnectionError, TimeoutError

from broker.connection import redis_url
from broker.errors import RedisUnavailable
from broker.settings import Settings
from mersal.redis_server import RedisAnswer, ask_redis

logger = logging.getLogger(__name__)

LOOK_EVERY_S = 0.5
_BLAMES = (RedisUnavailable, ConnectionError, TimeoutError, OperationalError)


class Outage(logging.Filter):
    """Of a process that waits for Redis rather than end. A filter of the log's handlers."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self._lock = threading.Lock()
        self._watching = False

    def install(self) -> None:
        """Look whether there is a Redis; from now on every outage is told in two lines."""
        for handler in logging.getLogger().handlers:
            handler.addFilter(self)
        answer = ask_redis(self._settings)
        if answer.state != "ready":
            logger.warning("%s; waiting for it", away(self._settings, answer))
            self._begin(told=True)

    def filter(self, record: logging.LogRecord) -> bool:
        """Let the first complaint through, whatever it is of: it may be of its own making."""
        if not _blames_redis(record) or logging.getLogger().isEnabledFor(logging.DEBUG):
            return True
        return self._begin(told=False)

    def _begin(self, told: bool) -> bool:
        """Watch until Redis is back; False when that is being done."""
        with self._lock:
            if self._watching:
                return False
            self._watching = True
        threading.Thread(target=self._watch, args=(told,), name="outage", daemon=True).start()
        return True

    def _watch(self, told: bool) -> None:
        began_at = time.monotonic()
        while (answer := ask_redis(self._settings)).state != "ready":
            if not told:
                logger.warning("%s; waiting for it", away(self._settings, answer))
                told = True
            time.sleep(LOOK_EVERY_S)
        with self._lock:
            self._watching = False
        if told:
            logger.warning("Redis is there, after %.1f s", time.monotonic() - began_at)


def away(settings: Settings, answer: RedisAnswer) -> str:
    """What is wrong with a Redis that is not ready, and what to do, in a line without an end."""
    parts = urlsplit(redis_url(settings))
    where = parts.path if parts.scheme == "unix" else parts.netloc.rpartition("@")[2]
    if answer.state == "loading":
        return f"the Redis at {where} is loading its data"
    if answer.state == "refusing":
        return (
            f"the Redis at {where} refuses us: {answer.why}; the password stands in "
            "MERSAL_REDIS_URL, redis://:PASSWORD@HOST:6379/0"
        )
    return (
        f"no Redis at {where}: start `mersal up` or set MERSAL_REDIS_URL; `mersal doctor` looks "
        f"for the cause ({answer.why.rstrip('.')})"
    )


def _blames_redis(record: logging.LogRecord) -> bool:
    found: Iterable[object] = record.args if isinstance(record.args, tuple) else ()
    return any(isinstance(one, _BLAMES) for one in found)
