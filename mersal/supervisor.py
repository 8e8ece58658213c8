"""The supervisor: starts children, starts the dead and the hung again, ends all in order."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mersal.backoff import Backoff
from mersal.child import Child, Program
from mersal.life import CONFESS
from mersal.silence import Silence

POLL_S = 0.05
TIDY_EVERY_S = 10.0
CONFESSION_S = 1.0  # for one that hangs to write down what its threads are doing


@dataclass(frozen=True, slots=True)
class Death:
    """A child ended although nobody asked it to. `code` below 0: killed by that signal.

    It is started again after `pause_s`. `storm`: it dies again and again, somebody must look.
    `hung`: it was killed because it showed no sign of life.
    """

    name: str
    code: int
    pause_s: float
    storm: bool
    log: Path
    hung: bool = False


class Supervisor:
    """Watches children from the main thread; whoever calls `watch` decides how often."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._children: dict[str, Child] = {}
        self._backoffs: dict[str, Backoff] = {}
        self._due: dict[str, float] = {}
        self._silences: dict[str, Silence] = {}
        self._hung: dict[str, float] = {}  # when each is killed
        self._tidied_at = time.monotonic()

    def start(self, program: Program) -> Child:
        """Start a child that is to run until `stop`."""
        child = Child(program, self._logs)
        self._children[program.name] = child
        self._backoffs[program.name] = Backoff()
        if program.vital is not None and program.silent_s:
            self._silences[program.name] = Silence(program.vital, program.silent_s)
        self._start(child)
        return child

    def pids(self) -> dict[str, int]:
        """The running children."""
        return {name: child.pid for name, child in self._children.items() if child.pid is not None}

    def watch(self) -> list[Death]:
        """Notice who died since the last call, end who hangs, start again whose pause is over."""
        now = time.monotonic()
        deaths = [death for child in self._children.values() if (death := self._check(child, now))]
        for name, due in list(self._due.items()):
            if now >= due:
                del self._due[name]
                self._start(self._children[name])
        if now - self._tidied_at > TIDY_EVERY_S:
            self._tidied_at = now
            for child in self._children.values():
                child.log.keep_small()
        return deaths

    def stop(self, order: Sequence[Sequence[str]], hurry: Callable[[], bool]) -> None:
        """End all children, group after group; who is not in `order` comes first.

        Each has its grace, until `hurry` says that nobody wants to wait.
        """
        self._due.clear()
        self._silences.clear()
        self._hung.clear()
        named = {name for group in order for name in group}
        for group in ([name for name in self._children if name not in named], *order):
            self._stop_group(
                [self._children[name] for name in group if name in self._children], hurry
            )
        self._children.clear()

    def _start(self, child: Child) -> None:
        silence = self._silences.get(child.name)
        if silence is not None:
            silence.begin(time.monotonic())
        child.start()

    def _check(self, child: Child, now: float) -> Death | None:
        code = child.exit_code()
        if code is None:
            self._end_if_hung(child, now)
            return None
        hung = self._hung.pop(child.name, None) is not None
        backoff = self._backoffs[child.name]
        pause_s = backoff.pause_after(child.lived_s, now)
        self._due[child.name] = now + pause_s
        return Death(child.name, code, pause_s, backoff.is_storm(now), child.log.path, hung)

    def _end_if_hung(self, child: Child, now: float) -> None:
        silence = self._silences.get(child.name)
        if silence is None or child.pid is None:
            return
        if child.name in self._hung:
            if now >= self._hung[child.name]:
                child.end_at_once()
        elif silence.is_too_long(now):
            self._hung[child.name] = now + CONFESSION_S
            child.send(CONFESS)

    def _stop_group(self, children: Sequence[Child], hurry: Callable[[], bool]) -> None:
        asked_at = time.monotonic()
        for child in children:
            child.ask_to_leave()
        for child in children:
            while child.pid is not None and child.exit_code() is None:
                if hurry() or time.monotonic() - asked_at > child.program.grace_s:
                    child.kill()
                else:
                    time.sleep(POLL_S)
