"""SIGTERM, Ctrl-C and a closed terminal, as something that a loop can look at."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Stopping:
    """How often we were asked to stop: the second time somebody is in a hurry."""

    def __init__(self) -> None:
        self._times = 0

    @property
    def asked(self) -> bool:
        return self._times > 0

    @property
    def hurried(self) -> bool:
        return self._times > 1

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Take the signals while inside. Main thread only."""
        before = {sign: signal.signal(sign, self._ask) for sign in SIGNALS}
        try:
            yield
        finally:
            for sign, handler in before.items():
                signal.signal(sign, handler)

    def _ask(self, *_: object) -> None:
        self._times += 1
