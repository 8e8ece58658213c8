"""The processes of one round: a fresh private Redis and one peer's worker."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import psutil

from broker.connection import redis_url
from broker.settings import RedisSettings, Settings
from mersal.child import LEASH
from mersal.redis_server import ask_redis, redis_command

Fsync = Literal["always", "everysec"]

STOP_S = 10.0
START_S = 20.0


class Running:
    """A child process on a leash: how much CPU it took so far; frozen and thawed at will."""

    def __init__(self, command: list[str], log: Path) -> None:
        leash = [sys.executable, "-I", "-S", str(LEASH), str(os.getpid())]
        with log.open("ab") as file:
            self._popen = subprocess.Popen(
                [*leash, *command], stdin=subprocess.DEVNULL, stdout=file, stderr=file
            )
        self._log = log
        self._process = psutil.Process(self._popen.pid)

    def check(self) -> None:
        """Raises RuntimeError with the end of the log when the process has died."""
        if self._popen.poll() is not None:
            tail = self._log.read_text(encoding="utf-8", errors="replace")[-2000:]
            raise RuntimeError(f"{self._log.stem} ended with {self._popen.returncode}:\n{tail}")

    def cpu_s(self) -> float:
        """CPU seconds so far, of user and system."""
        times = self._process.cpu_times()
        return float(times.user + times.system)

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Stop the process while the block runs."""
        self._popen.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._popen.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        self._popen.kill()
        self._popen.wait(STOP_S)


@contextmanager
def private_redis(folder: Path, appendfsync: Fsync) -> Iterator[tuple[Running, str]]:
    """The Redis that Mersal embeds, with nothing in it, and its URL."""
    settings = Settings(
        state_dir=folder, redis_url="", redis=RedisSettings(appendfsync=appendfsync)
    )
    running = Running(redis_command(settings), folder / "redis.log")
    try:
        end = time.monotonic() + START_S
        while ask_redis(settings).state != "ready":
            running.check()
            if time.monotonic() > end:
                raise RuntimeError("redis does not answer")
            time.sleep(0.02)
        yield running, redis_url(settings)
    finally:
        running.kill()


@contextmanager
def worker_process(peer: str, url: str, sheet: Path, folder: Path) -> Iterator[Running]:
    """One worker process of a peer."""
    command = [sys.executable, "-m", "mersal.bench.worker", peer, url, str(sheet)]
    running = Running(command, folder / f"{peer}.log")
    try:
        yield running
    finally:
        running.kill()
