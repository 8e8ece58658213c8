"""Running a script from asyncio, and telling an outage of Redis from a refusal."""

from collections.abc import Iterator
from contextlib import contextmanager

from redis.asyncio import Redis
from redis.exceptions import ConnectionError, NoScriptError, RedisError, TimeoutError

from broker.errors import RedisUnavailable, ScriptFailed
from broker.line import Argument
from broker.scripts import Script


@contextmanager
def errors_told() -> Iterator[None]:
    """Raise RedisUnavailable when trying again may help, ScriptFailed when not."""
    try:
        yield
    except (ConnectionError, TimeoutError) as error:
        raise RedisUnavailable(f"Redis: {error}") from error
    except RedisError as error:
        raise ScriptFailed(f"Redis: {error}") from error


async def run_script(redis: Redis, script: Script, tag: str, *arguments: Argument) -> object:
    """Run a script by its hash, sending its text only when Redis does not know it."""
    with errors_told():
        try:
            return await redis.evalsha(script.sha, 1, tag, *arguments)
        except NoScriptError:
            return await redis.eval(script.source, 1, tag, *arguments)
