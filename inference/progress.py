"""How far a download is: a bar in a terminal, a line every few seconds in a log."""

import logging
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn
from rich.progress import TransferSpeedColumn as SpeedColumn

logger = logging.getLogger(__name__)

LINE_EVERY_S = 5.0
BAR_EVERY_S = 0.2


@contextmanager
def showing_progress(
    what: str,
    total: int,
    done: Callable[[], int],
    screen: TextIO | None = None,
) -> Iterator[None]:
    """As long as the block runs, tell how many of `total` bytes are `done`; on standard error
    unless `screen` is another terminal."""
    screen = screen or sys.stderr
    over = threading.Event()
    began = time.monotonic()

    def watch() -> None:
        if screen.isatty():
            _draw(what, total, done, over, screen)
        else:
            _log(what, total, done, over)

    watcher = threading.Thread(target=watch, name="progress", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
    logger.info("%s: %s fetched in %.0f s", what, size(total), time.monotonic() - began)


def _draw(
    what: str, total: int, done: Callable[[], int], over: threading.Event, screen: TextIO
) -> None:
    columns = (BarColumn(), DownloadColumn(), SpeedColumn(), TimeRemainingColumn())
    with Progress("{task.description}", *columns, console=Console(file=screen)) as bar:
        task = bar.add_task(what, total=total)
        while not over.wait(BAR_EVERY_S):
            bar.update(task, completed=done())
        bar.update(task, completed=done())


def _log(what: str, total: int, done: Callable[[], int], over: threading.Event) -> None:
    began = before = time.monotonic()
    there = 0
    while not over.wait(LINE_EVERY_S):
        at, now = done(), time.monotonic()
        rate = (at - there) / (now - before)
        mean = at / (now - began)
        left = f"{(total - at) / mean:.0f} s left" if mean else "nothing comes"
        logger.info(
            "%s: %s of %s (%.0f%%), %s/s, %s",
            what,
            size(at),
            size(total),
            100 * at / total,
            size(rate),
            left,
        )
        there, before = at, now


def size(count: float) -> str:
    """Bytes for people, in decimal units, as the hub counts."""
    for unit in ("B", "kB", "MB"):
        if count < 1000:
            return f"{count:.0f} {unit}"
        count /= 1000
    return f"{count:.1f} GB"
