"""The log file of a child: the child appends to it by itself, we only keep it small."""

import json
from pathlib import Path
from typing import IO

MAX_BYTES = 10 * 1024 * 1024
TAIL_BYTES = 32 * 1024
LONGEST_LINE = 200


class LogFile:
    """`<name>.log`, and `<name>.log.1` with what came before."""

    def __init__(self, folder: Path, name: str, max_bytes: int = MAX_BYTES) -> None:
        self.path = folder / f"{name}.log"
        self._older = folder / f"{name}.log.1"
        self._max_bytes = max_bytes

    def begin(self) -> None:
        """A new run: what the last one said moves aside."""
        if self.path.exists():
            self.path.replace(self._older)

    def open(self) -> IO[bytes]:
        """For the child to write to; it must append, so that `keep_small` may truncate."""
        return self.path.open("ab")

    def keep_small(self) -> None:
        """Copy and truncate: the writer keeps its file; a line written just between is lost."""
        try:
            if self.path.stat().st_size <= self._max_bytes:
                return
            self._older.write_bytes(self.path.read_bytes()[-self._max_bytes :])
            with self.path.open("r+b") as file:
                file.truncate(0)
        except FileNotFoundError:  # somebody tidied up
            return


def log_tail(path: Path) -> str:
    """The last few thousand bytes of a log, as text; empty when there is none."""
    try:
        with path.open("rb") as file:
            file.seek(0, 2)
            file.seek(max(0, file.tell() - TAIL_BYTES))
            return file.read().decode("utf-8", "replace")
    except OSError:
        return ""


def last_words(path: Path, lines: int) -> list[str]:
    """The last lines of a log for a person to read: a JSON line's message and error, shortened.

    The same line again and again counts as one.
    """
    words = [_shortened(line) for line in log_tail(path).splitlines() if line.strip()]
    return list(dict.fromkeys(words))[-lines:]


def _shortened(line: str) -> str:
    try:
        content = json.loads(line)
        error = str(content.get("error", "")).rpartition("\n")[2]
        line = f"{content['message']}: {error}" if error else str(content["message"])
    except (ValueError, TypeError, KeyError, AttributeError):  # not one of our JSON lines
        pass
    return line if len(line) <= LONGEST_LINE else line[: LONGEST_LINE - 1] + "…"
