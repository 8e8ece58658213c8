"""The command `mersal`, run as its users run it: a process with an environment."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from mersal.state_dir import RunningUp, find_running

DEADLINE_S = 60.0


def environment(state_dir: Path, **settings: str) -> dict[str, str]:
    """Ours without Mersal's own names, but for these settings."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MERSAL_")}
    ours = {"STATE_DIR": str(state_dir), "WEB__PORT": "0", **settings}
    return {**clean, **{f"MERSAL_{name}": value for name, value in ours.items()}}


def mersal(
    *arguments: str, state_dir: Path, cwd: Path | None = None, said: str = "", **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; `said` is its standard input."""
    return subprocess.run(
        [sys.executable, "-m", "mersal", *arguments],
        env=environment(state_dir, **settings),
        cwd=cwd or state_dir.parent,
        input=said,
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
    )


def wait_until(happened: Callable[[], bool], what: str, deadline_s: float = DEADLINE_S) -> None:
    end = time.monotonic() + deadline_s
    while not happened():
        assert time.monotonic() < end, f"never happened: {what}"
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


class UpProcess:
    """`mersal up` as a process."""

    def __init__(self, state_dir: Path, **settings: str) -> None:
        self.state_dir = state_dir
        self._settings = settings
        self._process: subprocess.Popen[str] | None = None
        self.output = ""

    def start(self, *arguments: str) -> None:
        self.output = ""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "mersal", "up", "--model", "echo", *arguments],
            env=environment(self.state_dir, **self._settings),
            cwd=self.state_dir.parent,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    @property
    def running(self) -> RunningUp:
        running = find_running(self.state_dir)
        assert running is not None, "mersal up does not run"
        return running

    def wait_until_ready(self) -> None:
        def ready() -> bool:
            assert self._process is not None
            assert self._process.poll() is None, self._process.communicate()[0]
            running = find_running(self.state_dir)
            return running is not None and running.ready

        wait_until(ready, "mersal up is ready")

    def wait_until_it_prints(self, text: str) -> None:
        assert self._process is not None and self._process.stdout is not None
        while text not in self.output:
            line = self._process.stdout.readline()
            assert line, f"it ended and never printed {text!r}: {self.output}"
            self.output += line

    def send(self, sign: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(sign)

    def wait(self) -> int:
        """Wait for its end; `output` holds what it printed."""
        assert self._process is not None
        self.output += self._process.communicate(timeout=DEADLINE_S)[0]
        return self._process.returncode

    def kill(self) -> None:
        """SIGKILL, unless it has ended."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            self.wait()
