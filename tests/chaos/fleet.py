"""Worker processes and the least of a supervisor: whoever dies is started again at once."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

import redis

from broker.keys import Keys
from broker.settings import Settings
from tests.chaos.worker import Character

ROOT = Path(__file__).parents[2]
POLL_S = 0.02


class Fleet:
    """`size` workers of one model. `exits` lists the codes of those that died unasked."""

    def __init__(
        self,
        settings: Settings,
        log: Path,
        size: int = 2,
        character: Character | None = None,
    ) -> None:
        self.settings = settings
        self.exits: list[int] = []
        self._arguments = [settings.model_dump_json(), json.dumps(asdict(character or Character()))]
        self._size = size
        self._log = log
        self._workers: list[subprocess.Popen[bytes]] = []
        self._retired: list[subprocess.Popen[bytes]] = []
        self._killed: set[int] = set()
        self._closing = threading.Event()
        self._supervisor = threading.Thread(target=self._supervise)

    def __enter__(self) -> "Fleet":
        self._workers = [self._spawn() for _ in range(self._size)]
        self._supervisor.start()
        self.wait_until_ready()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._supervisor.join()
        for worker in [*self._workers, *self._retired]:
            worker.kill()
            worker.wait(20)

    def wait_until_ready(self, timeout_s: float = 60) -> None:
        """Until so many workers as we want have said that they live."""
        workers = Keys(self.settings.redis.namespace)("threads", self.settings.worker.model)
        with redis.Redis.from_url(self.settings.redis_url) as client:
            end = time.monotonic() + timeout_s
            while client.hlen(workers) < self._size:
                assert time.monotonic() < end, self._log.read_text()
                time.sleep(POLL_S)

    def pid(self, index: int) -> int:
        return self._workers[index].pid

    def kill(self, index: int) -> int:
        """SIGKILL; returns the dead one's pid."""
        worker = self._workers[index]
        self._killed.add(worker.pid)
        worker.kill()
        return worker.pid

    def freeze(self, index: int) -> int:
        """SIGSTOP; returns the pid to thaw."""
        pid = self._workers[index].pid
        os.kill(pid, signal.SIGSTOP)
        return pid

    def thaw(self, pid: int) -> None:
        with suppress(ProcessLookupError):  # killed meanwhile
            os.kill(pid, signal.SIGCONT)

    def retire(self, index: int) -> subprocess.Popen[bytes]:
        """SIGTERM, and nobody takes its place."""
        worker = self._workers.pop(index)
        self._retired.append(worker)
        worker.terminate()
        return worker

    def add(self) -> None:
        """One worker more."""
        self._workers.append(self._spawn())

    def _spawn(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.chaos.worker", *self._arguments]
        with self._log.open("ab") as log:
            return subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)

    def _supervise(self) -> None:
        while not self._closing.wait(POLL_S):
            for index, worker in enumerate(list(self._workers)):
                code = worker.poll()
                if code is None or worker not in self._workers:
                    continue
                if worker.pid not in self._killed:
                    self.exits.append(code)
                self._workers[index] = self._spawn()
