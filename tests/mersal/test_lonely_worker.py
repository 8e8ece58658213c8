"""`mersal worker` and `mersal bot web` where there is no Redis, yet or for a while."""

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.mersal.command import DEADLINE_S, environment, wait_until
from tests.redis_process import RedisProcess

NOWHERE = "redis://127.0.0.1:1/0"
OUTAGE_S = 1.5  # in which each room and library tries several times


class Lonely:
    """A process whose log is read as it comes."""

    def __init__(self, arguments: list[str], state_dir: Path, **settings: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "mersal", *arguments],
            env=environment(state_dir, WORKER__MODEL="echo", **settings),
            cwd=state_dir.parent,
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
        )
        self.said = ""
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def wait_until_it_says(self, text: str, times: int = 1) -> None:
        wait_until(lambda: self.said.count(text) >= times, f"{text!r} in {self.said}")

    def end(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(DEADLINE_S)
        self.reader.join(DEADLINE_S)
        return code

    def warnings(self) -> list[str]:
        """What it warned of, JSON lines alone."""
        lines = [json.loads(line) for line in self.said.splitlines() if line.startswith("{")]
        return [line["message"] for line in lines if line["level"] != "info"]

    def _read(self) -> None:
        assert self.process.stderr is not None
        with self.process.stderr as lines:
            for line in lines:
                self.said += line


@contextmanager
def lonely(arguments: list[str], state_dir: Path, **settings: str) -> Iterator[Lonely]:
    one = Lonely(arguments, state_dir, **settings)
    try:
        yield one
    finally:
        one.process.kill()
        one.process.wait()
        one.reader.join(DEADLINE_S)


@contextmanager
def closing_server(server: RedisProcess) -> Iterator[None]:
    try:
        yield
    finally:
        server.kill()


def test_it_can_be_told_to_leave_before_it_has_reached_redis(state_dir: Path) -> None:
    with lonely(["worker"], state_dir, REDIS_URL=NOWHERE, LOG__LEVEL="debug") as worker:
        worker.wait_until_it_says("Cannot connect")  # at `debug` it is all there
        assert worker.end() == 0
    assert worker.said.count("MERSAL_REDIS_URL") == 1
    assert "Traceback" not in worker.said


@pytest.mark.parametrize("arguments", [["worker"], ["bot", "web"]])
def test_an_outage_is_told_once_and_so_is_its_end(
    arguments: list[str], state_dir: Path, tmp_path: Path
) -> None:
    server = RedisProcess(tmp_path)
    with closing_server(server), lonely(arguments, state_dir, REDIS_URL=server.url) as one:
        one.wait_until_it_says("no Redis at ")
        threading.Event().wait(OUTAGE_S)
        server.start()
        one.wait_until_it_says("Redis is there")
        assert one.warnings()[0].startswith(f"no Redis at {server.socket}: start `mersal up`")
        assert len(one.warnings()) == 2, one.said
        one.wait_until_it_says('"threads": ' if arguments == ["worker"] else "web chat at")
        server.kill()
        one.wait_until_it_says("no Redis at ", times=2)
        threading.Event().wait(OUTAGE_S)
        server.start()
        one.wait_until_it_says("Redis is there", times=2)
        assert len(one.warnings()) <= 5, one.said  # and the first complaint, whatever it was
        assert one.end() == 0
    assert "Traceback" not in one.said
