"""One thread's own connection to Redis, for the hot path of a worker.

redis-py makes the connection (TLS, password, unix socket, Sentinel are its business) and
packs and parses; the client and the pool above it, which cost more Python than Redis needs
for a whole script, are left out.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, cast

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


class Wire(Protocol):
    """What we use of redis-py's connection."""

    def send_command(self, *command: Argument) -> None: ...

    def pack_command(self, *command: Argument) -> list[bytes]: ...

    def send_packed_command(self, command: list[bytes]) -> None: ...

    def read_response(self) -> object: ...

    def disconnect(self) -> None: ...


class Line:
    """Not safe to share between threads. Raises RedisUnavailable, or ScriptFailed for good."""

    def __init__(self, pool: ConnectionPool) -> None:
        self._pool = pool
        self._connection: Wire | None = None

    def call(self, *command: Argument) -> object:
        """Send one command and read its answer."""
        with self._errors_told() as connection:
            connection.send_command(*command)
            return connection.read_response()

    def run(self, script: Script, *arguments: Argument) -> object:
        """Run a script by its hash, sending its text only when Redis does not know it."""
        with self._errors_told() as connection:
            try:
                connection.send_command("EVALSHA", script.sha, 1, *arguments)
                return connection.read_response()
            except NoScriptError:
                connection.send_command("EVAL", script.source, 1, *arguments)
                return connection.read_response()

    def wait_and_run(self, key: str, wait_s: float, script: Script, *arguments: Argument) -> object:
        """Wait for an element of the list `key`, drop it, run the script: one round trip."""
        with self._errors_told() as connection:
            wait = connection.pack_command("BRPOP", key, wait_s)
            run = connection.pack_command("EVALSHA", script.sha, 1, *arguments)
            connection.send_packed_command([*wait, *run])
            connection.read_response()
            try:
                return connection.read_response()
            except NoScriptError:
                connection.send_command("EVAL", script.source, 1, *arguments)
                return connection.read_response()

    def close(self) -> None:
        """Close the connection; the next call opens another."""
        if self._connection is not None:
            self._connection.disconnect()
            self._connection = None

    @contextmanager
    def _errors_told(self) -> Iterator[Wire]:
        try:
            if self._connection is None:
                self._connection = cast(Wire, self._pool.make_connection())
            yield self._connection
        except (ConnectionError, TimeoutError, BusyLoadingError, ReadOnlyError, OSError) as error:
            self.close()
            raise RedisUnavailable(f"Redis: {error}") from error
        except RedisError as error:
            self.close()  # answers of a half-read pair must not be taken for the next one's
            raise ScriptFailed(f"Redis: {error}") from error
