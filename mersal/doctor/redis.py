"""Redis: found, answering, keeping what it is told; and whether workers take from it."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import cast

import redis

from broker.claims import Claims, Sweep
from broker.connection import redis_url, worker_pool
from broker.errors import BrokerError
from broker.settings import Settings
from mersal.doctor.finding import Finding, fail, ok, warn
from mersal.errors import NoRedisServer
from mersal.redis_binary import OLDEST, find_redis
from mersal.state_dir import RunningUp

KEEPING = "run CONFIG SET {} on that Redis and put it into its redis.conf"


def check_redis(settings: Settings, running: RunningUp | None) -> Iterator[Finding]:
    embedded = not settings.redis_url
    if embedded:
        yield _server(settings)
    with redis.Redis.from_url(redis_url(settings), socket_timeout=5) as client:
        try:
            info = cast(Mapping[str, object], client.info())
        except redis.RedisError as error:
            yield _silent(embedded, running, error)
            return
        yield _version(info)
        yield from _keeping(info, client)
    yield from _workers(settings, running)


def _server(settings: Settings) -> Finding:
    try:
        binary = find_redis(settings.redis.server)
    except NoRedisServer as error:
        return fail("redis-server", str(error), "see above")
    return ok("redis-server", f"{binary.version_text}, {binary.path}")


def _silent(embedded: bool, running: RunningUp | None, error: redis.RedisError) -> Finding:
    if embedded and running is None:
        return warn("Redis", "not running", "`mersal up` starts it")
    found = f"does not answer: {error}"
    if embedded:
        return fail("Redis", found, "look into logs/redis.log of the state directory")
    return fail("Redis", found, "look at MERSAL_REDIS_URL, and whether that Redis runs")


def _version(info: Mapping[str, object]) -> Finding:
    version = str(info["redis_version"])
    major, minor = (int(part) for part in version.split(".")[:2])
    if (major, minor) < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        return fail("Redis", f"answers, version {version}", f"at least {oldest} is needed")
    return ok("Redis", f"answers, version {version}, uses {info['used_memory_human']}")


def _keeping(info: Mapping[str, object], client: redis.Redis) -> Iterator[Finding]:
    """What a Redis must do for an accepted message to survive."""
    if not int(str(info["aof_enabled"])):
        advice = KEEPING.format("appendonly yes")
        yield warn("append-only file", "off: a crash of Redis loses messages", advice)
    elif info["aof_last_write_status"] != "ok":
        yield fail("append-only file", "the last write failed", "make room on the disk of Redis")
    else:
        yield ok("append-only file", f"on{_fsync(client)}")
    policy = str(info["maxmemory_policy"])
    if policy == "noeviction":
        yield ok("eviction", "off")
    else:
        advice = KEEPING.format("maxmemory-policy noeviction")
        yield fail("eviction", f"{policy}: Redis may throw conversations away", advice)


def _fsync(client: redis.Redis) -> str:
    try:
        found = cast(Mapping[str, str], client.config_get("appendfsync"))
    except redis.RedisError:  # a hosted Redis that keeps its configuration to itself
        return ""
    return f", appendfsync {found['appendfsync']}"


def _workers(settings: Settings, running: RunningUp | None) -> Iterator[Finding]:
    model = running.model if running else settings.worker.model
    with closing(worker_pool(settings)) as pool:
        try:
            sweep = Claims(pool, settings, model).sweep("", 0, 0)
        except BrokerError as error:
            yield fail("workers", f"cannot ask: {error}", "look at Redis first")
            return
    yield _alive(sweep, model)
    if sweep.set_aside:
        yield warn(
            "set aside",
            f"{sweep.set_aside} conversations had messages that killed their worker too often",
            "the workers' log names them",
        )


def _alive(sweep: Sweep, model: str) -> Finding:
    queue = f"{sweep.ready} conversations wait, {sweep.leased} are being answered"
    if sweep.threads:
        return ok("workers", f"model {model}: {sweep.threads} threads; {queue}")
    return fail(
        "workers",
        f"none for the model {model}; {queue}",
        f"start one: mersal worker --model {model} (or mersal up)",
    )
