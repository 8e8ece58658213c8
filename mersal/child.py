"""One process of `mersal up`."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from mersal.logfile import LogFile
from mersal.vital import Vital

LEASH = Path(__file__).with_name("leash.py")


@dataclass(frozen=True, slots=True)
class Program:
    """What a child runs. `grace_s`: how long it may take to leave when it is asked to.

    `vital`: where it shows signs of life; without one, or without `silent_s`, nobody looks.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    grace_s: float
    vital: Vital | None = None
    silent_s: float = 0.0


class Child:
    """Started and ended any number of times; it never outlives us. One thread, the main one.

    The kernel ties a leashed process to the thread that started it.
    """

    def __init__(self, program: Program, logs: Path) -> None:
        self.program = program
        self.log = LogFile(logs, program.name)
        self.log.begin()
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0

    @property
    def name(self) -> str:
        return self.program.name

    @property
    def pid(self) -> int | None:
        """Of the running process; None when there is none."""
        return self._process.pid if self._process is not None else None

    @property
    def lived_s(self) -> float:
        """Seconds since it was started."""
        return time.monotonic() - self._started_at

    def start(self) -> None:
        leash = (sys.executable, "-I", "-S", str(LEASH), str(os.getpid()))
        with self.log.open() as log:
            self._process = subprocess.Popen(
                leash + self.program.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self.program.environment,
                start_new_session=True,  # the terminal's Ctrl-C is for us; we stop it in order
            )
        self._started_at = time.monotonic()

    def exit_code(self) -> int | None:
        """The exit code (negative: a signal's number) of a process that has ended, once."""
        if self._process is None:
            return None
        code = self._process.poll()
        if code is not None:
            self._process = None
        return code

    def ask_to_leave(self) -> None:
        self.send(signal.SIGTERM)

    def send(self, sign: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(sign)

    def end_at_once(self) -> None:
        """End it now, with whatever it started; `exit_code` tells when it is gone."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def kill(self) -> None:
        """End it now, with whatever it started, and wait until it is gone."""
        if self._process is not None:
            self.end_at_once()
            self._process.wait()
            self._process = None
