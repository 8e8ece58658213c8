"""The embedded Redis: how it is started, and what it says when it does not start."""

import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import redis

from broker.connection import embedded_socket, redis_url
from broker.settings import Settings
from mersal.errors import AlreadyRunning, NoRedisServer, StateDirUnusable
from mersal.logfile import log_tail
from mersal.redis_binary import RedisBinary, find_redis
from mersal.state_dir import prepare

RedisState = Literal["ready", "loading", "silent", "refusing"]

LONGEST_SOCKET_PATH = 107  # bytes: sun_path of Linux, without its final zero
SEVEN_DATA = "appendonlydir"  # where Redis 7 and newer keep the append-only file
SIX_DATA = "appendonly.aof"
LEAVING_S = 3.0

_HINTS = (
    (
        r"Bad file format reading the append only file|unexpected .*reading the append only",
        "its append-only file is damaged: keep a copy of {folder}, then run "
        "`redis-check-aof --fix {data}`, which cuts off what follows the damage",
    ),
    (
        r"No space left on device|Can't .*append|error.*writing to.*append",
        "it cannot write its append-only file: make room on the disk of {folder}",
    ),
    (r"Permission denied", "it may not use its files: look at the owner and rights of {folder}"),
    (
        r"Can't handle RDB format version|RDB version",
        "its data is of a newer Redis: install that version again",
    ),
)


def redis_folder(settings: Settings) -> Path:
    """Where the embedded Redis keeps its data."""
    return embedded_socket(settings.state_dir).parent


def redis_command(settings: Settings) -> list[str]:
    """The command that runs the embedded Redis; makes its folder.

    Raises NoRedisServer, StateDirUnusable, or AlreadyRunning when one answers already.
    """
    binary = find_redis(settings.redis.server)
    socket = embedded_socket(settings.state_dir).absolute()
    _check_length(socket)
    folder = prepare(socket.parent)
    folder.chmod(0o700)
    _check_data(binary, folder)
    _check_free(settings)
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "daemonize": "no",
        "logfile": "",
        "save": "",
        "appendonly": "yes",
        "appendfsync": settings.redis.appendfsync,
        "maxmemory-policy": "noeviction",
    }
    command = [str(binary.path)]
    for name, value in options.items():
        command += [f"--{name}", value]
    return command


@dataclass(frozen=True, slots=True)
class RedisAnswer:
    """What a Redis says to us, and, in its own words, why it is not ready.

    Who is silent or loading may be ready soon; who refuses wants another password, say.
    """

    state: RedisState
    why: str = ""


def ask_redis(settings: Settings) -> RedisAnswer:
    """Whether the Redis of these settings answers; a large append-only file loads for a while."""
    with redis.Redis.from_url(redis_url(settings), socket_timeout=5) as client:
        try:
            client.ping()
        except redis.BusyLoadingError as error:
            return RedisAnswer("loading", str(error))
        except (redis.AuthenticationError, redis.ResponseError) as error:
            return RedisAnswer("refusing", str(error))
        except (redis.ConnectionError, redis.TimeoutError) as error:
            return RedisAnswer("silent", str(error))
        return RedisAnswer("ready")


def explain_end(log: Path, folder: Path) -> str:
    """Why the embedded Redis ended, from the tail of its log, and what to do."""
    text = log_tail(log)
    data = folder / (SEVEN_DATA if (folder / SEVEN_DATA).exists() else SIX_DATA)
    for pattern, hint in _HINTS:
        if re.search(pattern, text, re.IGNORECASE):
            return f"the embedded Redis does not start: {hint.format(folder=folder, data=data)}"
    last = text.rstrip().rpartition("\n")[2].strip() or "it said nothing"
    return f"the embedded Redis does not start: {last}; its log is {log}"


def _check_length(socket: Path) -> None:
    length = len(bytes(socket))
    if length > LONGEST_SOCKET_PATH:
        raise StateDirUnusable(
            f"the state directory's path is too long for a socket: {socket} has {length} bytes, "
            f"at most {LONGEST_SOCKET_PATH} work; set MERSAL_STATE_DIR to a shorter path"
        )


def _check_data(binary: RedisBinary, folder: Path) -> None:
    """Redis 6 would not see the data of Redis 7, and start empty without a word."""
    if binary.version[0] < 7 and (folder / SEVEN_DATA).exists():
        raise NoRedisServer(
            f"the data in {folder} was written by Redis 7 or newer, but {binary.path} is "
            f"version {binary.version_text} and would not see it: install Redis 7 or newer, or "
            "set MERSAL_REDIS__SERVER to it"
        )


def _check_free(settings: Settings) -> None:
    """One that answers is not ours; one whose supervisor was killed may need a moment to go."""
    end = time.monotonic() + LEAVING_S
    while (pid := _answering_pid(settings)) is not None:
        if time.monotonic() > end:
            raise AlreadyRunning(
                f"a Redis that no mersal up watches runs in this state directory (pid {pid}): "
                f"stop it with `kill {pid}`, then start again"
            )
        time.sleep(0.1)


def _answering_pid(settings: Settings) -> int | None:
    with redis.Redis.from_url(redis_url(settings), socket_timeout=2) as client:
        try:
            return int(client.info("server")["process_id"])
        except redis.BusyLoadingError:
            return 0
        except (redis.ConnectionError, redis.TimeoutError):
            return None
