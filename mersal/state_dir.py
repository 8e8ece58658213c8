"""The state directory: who may use it now, and where things lie in it.

One `mersal up` holds it at a time. The lock is the kernel's, so it goes with its process,
however that dies; `up.json` beside it tells others what runs, and is believed only while
the lock is held.
"""

import fcntl
import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

from mersal.errors import AlreadyRunning, StateDirUnusable

LOCK_FILE = "up.lock"
RUN_FILE = "up.json"


@dataclass(frozen=True, slots=True)
class RunningUp:
    """A running `mersal up`. `started_at` in seconds since the epoch; `children` by name: pid.

    `url` is the web chat's; `ready` says that every part has started.
    """

    pid: int
    model: str
    started_at: float
    url: str = ""
    ready: bool = False
    children: Mapping[str, int] = field(default_factory=dict)


def prepare(folder: Path) -> Path:
    """Make a private folder and see that it can be written. Raises StateDirUnusable."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = folder / f".probe-{os.getpid()}"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise StateDirUnusable(
            f"cannot write to {folder} ({error.strerror}): "
            "give yourself the right to, or set MERSAL_STATE_DIR to another directory"
        ) from None
    return folder


@contextmanager
def held(state_dir: Path) -> Iterator[None]:
    """Hold the state directory. Raises AlreadyRunning, which names the other's pid."""
    prepare(state_dir)
    with (state_dir / LOCK_FILE).open("a") as lock:
        if not _lock(lock):
            raise AlreadyRunning(_who(state_dir))
        (state_dir / RUN_FILE).unlink(missing_ok=True)  # of one that was killed
        try:
            yield
        finally:
            (state_dir / RUN_FILE).unlink(missing_ok=True)


def write_running(state_dir: Path, running: RunningUp) -> None:
    """Tell others what runs; only whoever holds the directory may."""
    new = state_dir / f"{RUN_FILE}.new"
    new.write_text(json.dumps(asdict(running), indent=2) + "\n", encoding="utf-8")
    new.replace(state_dir / RUN_FILE)


def find_running(state_dir: Path) -> RunningUp | None:
    """The `mersal up` that holds this directory; None when there is none or it just begins."""
    return _read(state_dir) if _is_held(state_dir) else None


def _lock(file: IO[str]) -> bool:
    """Try for a moment: somebody who only looks whether it is held has it for an instant."""
    end = time.monotonic() + 0.5
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() > end:
                return False
            time.sleep(0.05)


def _is_held(state_dir: Path) -> bool:
    try:
        with (state_dir / LOCK_FILE).open("r") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _read(state_dir: Path) -> RunningUp | None:
    try:
        content = json.loads((state_dir / RUN_FILE).read_text(encoding="utf-8"))
        return RunningUp(**content)
    except (OSError, ValueError, TypeError):
        return None


def _who(state_dir: Path) -> str:
    running = _read(state_dir)
    who = f"pid {running.pid}" if running else "it is just starting or stopping"
    return (
        f"mersal up is already running with this state directory, {state_dir} ({who}); "
        "stop it first, or set MERSAL_STATE_DIR to another directory"
    )
