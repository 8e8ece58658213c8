"""How a process shows that it works: it touches a file, and whoever watches over it looks.

While it starts, a thread of its own touches the file, for nobody else can while a model loads.
From the first `touch` on only what does the work does: an event loop, a worker's heartbeat. One
that hangs, or is stopped, goes silent.
"""

import asyncio
import faulthandler
import logging
import signal
import threading
import time
from pathlib import Path

logger = logging.getLogger(__name__)

TOUCH_EVERY_S = 1.0
CONFESS = signal.SIGUSR2  # SIGUSR1 is Celery's
WORKS = "works\n"  # what the file holds from the first `touch` on; it is empty before


class Life:
    """Of this process; without a file nothing is shown. The signal `CONFESS` makes it write to
    standard error what every thread is doing: one that hangs is asked so before it is killed."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._works = threading.Event()
        self._looped = False
        self._touched_at = float("-inf")
        if file is not None:
            faulthandler.register(CONFESS)
            threading.Thread(target=self._start_up, name="life", daemon=True).start()

    def touch(self) -> None:
        """Called by what does the work, from any thread, as often as it likes."""
        now = time.monotonic()
        if self._file is None or now - self._touched_at < TOUCH_EVERY_S:
            return
        self._touched_at = now
        first, text = not self._works.is_set(), WORKS
        self._works.set()
        self._show(text if first else "")

    def touch_in(self, loop: asyncio.AbstractEventLoop) -> None:
        """Have this event loop touch it from now on, for as long as it turns."""
        if self._file is not None and not self._looped:
            self._looped = True
            self._turn(loop)

    def _turn(self, loop: asyncio.AbstractEventLoop) -> None:
        self.touch()
        loop.call_later(TOUCH_EVERY_S, self._turn, loop)

    def _start_up(self) -> None:
        self._show("")
        while not self._works.wait(TOUCH_EVERY_S):
            self._show("")

    def _show(self, text: str) -> None:
        assert self._file is not None
        try:
            if text:
                self._file.write_text(text, encoding="utf-8")
            else:
                self._file.touch()
        except OSError as error:  # a full disk, say: no reason to stop working
            logger.debug("no sign of life in %s: %s", self._file, error)
