"""One thread's own connection to Redis, for the hot path of a worker.

redis-py makes the connection (TLS, password, unix socket, Sentinel are its business) and
packs and parses; the client and the pool above it, which cost more Python than Redis needs
for a whole script, are left out.
"""

from typing import Protocol, cast

from hiredis import pack_command
from redis import ConnectionPool
from redis.exceptions import (
    BusyLoadingError,
    ConnectionError,
    NoScriptError,
    ReadOnlyError,
    RedisError,
    TimeoutError,
)

from broker.errors import RedisUnavailable, ScriptFailed
from broker.scripts import Script

Argument = str | bytes | int | float
Command = tuple[Argument, ...]


class Wire(Protocol):
    """What we use of redis-py's connection."""

    def send_packed_command(self, command: list[bytes]) -> None: ...

    def read_response(self) -> object: ...

    def disconnect(self) -> None: ...


class Line:
    """Not safe to share between threads. Raises RedisUnavailable, or ScriptFailed for good."""

    def __init__(self, pool: ConnectionPool) -> None:
        self._pool = pool
        self._connection: Wire | None = None

    def run(self, script: Script, *arguments: Argument) -> object:
        """Run a script by its hash, sending its text only when Redis does not know it."""
        return self._exchange(script, arguments)

    def wait_and_run(self, key: str, wait_s: float, script: Script, *arguments: Argument) -> object:
        """Wait for an element of the list `key`, drop it, run the script: one round trip."""
        return self._exchange(script, arguments, ("BRPOP", key, wait_s))

    def close(self) -> None:
        """Close the connection; the next call opens another."""
        if self._connection is not None:
            self._connection.disconnect()
            self._connection = None

    def _exchange(self, script: Script, arguments: Command, *before: Command) -> object:
        """Send what comes before and the script together; the script's answer."""
        try:
            wire = self._connection
            if wire is None:
                wire = self._connection = cast(Wire, self._pool.make_connection())
            commands = (*before, ("EVALSHA", script.sha, 1, *arguments))
            wire.send_packed_command([_pack(command) for command in commands])
            for _ in before:
                wire.read_response()
            try:
                return wire.read_response()
            except NoScriptError:
                wire.send_packed_command([_pack(("EVAL", script.source, 1, *arguments))])
                return wire.read_response()
        except (ConnectionError, TimeoutError, BusyLoadingError, ReadOnlyError, OSError) as error:
            self.close()
            raise RedisUnavailable(f"Redis: {error}") from error
        except RedisError as error:
            self.close()  # answers of a half-read pair must not be taken for the next one's
            raise ScriptFailed(f"Redis: {error}") from error


def _pack(command: Command) -> bytes:
    return cast(bytes, pack_command(cast(tuple[Argument], command)))  # its stub knows one-tuples
