"""Signs of life as the supervisor sees them: of our own processes and of Redis."""

import socket
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

ASK_EVERY_S = 1.0


@dataclass(frozen=True, slots=True)
class Sign:
    """`mark` changes again and again while there is life. `works`: it is through with starting."""

    mark: int
    works: bool


NOTHING = Sign(0, works=False)


class Vital(Protocol):
    """Where one child shows signs of life. Neither method may wait for anything."""

    def begin(self) -> None:
        """A new life begins; what an earlier one left behind does not count."""

    def look(self) -> Sign: ...


class TouchedFile:
    """A process of ours with `--life FILE` (mersal/life.py)."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def begin(self) -> None:
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file.unlink(missing_ok=True)

    def look(self) -> Sign:
        try:
            found = self._file.stat()
        except OSError:
            return NOTHING
        return Sign(found.st_mtime_ns, works=found.st_size > 0)


class AnsweringRedis:
    """A Redis that answers PING on its socket, be it that it is still loading its data."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._line: socket.socket | None = None
        self._answers = 0
        self._ask_at = 0.0

    def begin(self) -> None:
        self._hang_up()
        self._answers = 0

    def look(self) -> Sign:
        try:
            self._listen()
            if time.monotonic() >= self._ask_at:
                self._ask()
        except BlockingIOError:
            pass
        except OSError:
            self._hang_up()
        return Sign(self._answers, works=self._answers > 0)

    def _listen(self) -> None:
        """Raises BlockingIOError when it has said nothing since the last time."""
        if self._line is not None and self._ask_at == float("inf"):
            if not self._line.recv(4096):
                raise ConnectionError("it has closed the line")
            self._answers += 1
            self._ask_at = time.monotonic() + ASK_EVERY_S

    def _ask(self) -> None:
        if self._line is None:
            self._line = socket.socket(socket.AF_UNIX)
            self._line.setblocking(False)
            self._line.connect(str(self._path))
        self._line.sendall(b"PING\r\n")
        self._ask_at = float("inf")  # not again before it has answered

    def _hang_up(self) -> None:
        if self._line is not None:
            with suppress(OSError):
                self._line.close()
        self._line = None
        self._ask_at = time.monotonic() + ASK_EVERY_S
