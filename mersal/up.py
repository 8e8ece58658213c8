"""`mersal up`: Redis, a worker and the bots of one machine under one supervisor."""

import os
import signal
import time
from collections.abc import Iterable
from dataclasses import dataclass

from broker.settings import Settings
from inference.catalog import ModelCard
from mersal.desktop import has_desktop, open_page
from mersal.errors import EXIT_TOLD, TOLD_PREFIX, ChildFailed, RedisDidNotStart, RedisRefuses
from mersal.logfile import last_words, log_tail
from mersal.parts import REDIS, WORKER, Part, bot_part, redis_part, worker_part
from mersal.redis_server import ask_redis, explain_end, redis_folder
from mersal.screen import Screen, Summary
from mersal.state_dir import RunningUp, held, prepare, write_running
from mersal.stopping import Stopping
from mersal.supervisor import Death, Supervisor

TICK_S = 0.05
ASK_EVERY_S = 0.2
TELL_AFTER_S = 2.0
TAIL_LINES = 8


class StopAsked(Exception):
    """Raised inside start-up when somebody wants us to stop."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run; `card` is that of the model in `settings`."""

    settings: Settings
    card: ModelCard
    bots: tuple[str, ...]
    opens_browser: bool = False


def run_up(plan: Plan, screen: Screen) -> None:
    """Run until told to stop. Raises MersalError when something cannot start."""
    stopping = Stopping()
    with held(plan.settings.state_dir), stopping.listening():
        Up(plan, screen, stopping).run()


class Up:
    """One run, from the first line on the screen to the last."""

    def __init__(self, plan: Plan, screen: Screen, stopping: Stopping) -> None:
        self._plan = plan
        self._settings = plan.settings
        self._screen = screen
        self._stopping = stopping
        self._started_at = time.time()
        self._logs = prepare(plan.settings.state_dir / "logs")
        self._supervisor = Supervisor(self._logs)
        self._parts: dict[str, Part] = {}
        self._urls: dict[str, str] = {}  # of the parts that work
        self._is_up = False
        self._asked_at = 0.0
        self._told: RunningUp | None = None

    def run(self) -> None:
        try:
            self._start_all()
            self._show_summary()
            while not self._stopping.asked:
                self._tick()
        except StopAsked:
            pass
        finally:
            self._stop()

    def _start_all(self) -> None:
        settings = self._settings
        if settings.redis_url:
            self._wait_for_given_redis()
        else:
            self._start([redis_part(settings)], "starting Redis and loading its data")
        bots = [bot_part(bot, settings) for bot in self._plan.bots]
        self._start([worker_part(settings), *bots], f"loading the model {self._plan.card.id}")
        self._is_up = True

    def _start(self, parts: Iterable[Part], what: str) -> None:
        for part in parts:
            self._parts[part.name] = part
            self._supervisor.start(part.program)
        with self._screen.working_on(what):
            while len(self._urls) < len(self._parts):
                self._tick()
                if self._stopping.asked:
                    raise StopAsked

    def _wait_for_given_redis(self) -> None:
        tell_at = time.monotonic() + TELL_AFTER_S
        with self._screen.working_on("waiting for the Redis at MERSAL_REDIS_URL"):
            while (answer := ask_redis(self._settings)).state != "ready":
                if answer.state == "refusing":
                    raise RedisRefuses(
                        f"the Redis at MERSAL_REDIS_URL refuses us: {answer.why}; the password "
                        "stands in the URL, redis://:PASSWORD@HOST:6379/0"
                    )
                if time.monotonic() > tell_at:
                    tell_at = float("inf")
                    self._screen.warn(
                        f"the Redis at MERSAL_REDIS_URL is {answer.state} ({answer.why}); trying on"
                    )
                self._tick()
                if self._stopping.asked:
                    raise StopAsked
        self._screen.done("Redis (at MERSAL_REDIS_URL)")

    def _tick(self) -> None:
        for death in self._supervisor.watch():
            self._on_death(death)
        if time.monotonic() - self._asked_at > ASK_EVERY_S:
            self._asked_at = time.monotonic()
            self._ask_who_works()
            self._tell_others()
        time.sleep(TICK_S)

    def _ask_who_works(self) -> None:
        for name, pid in self._supervisor.pids().items():
            if name not in self._urls:
                url = self._parts[name].address(pid)
                if url is not None:
                    self._urls[name] = url
                    self._screen.done(self._parts[name].about)

    def _tell_others(self) -> None:
        running = RunningUp(
            pid=os.getpid(),
            model=self._plan.card.id,
            started_at=self._started_at,
            url=self._urls.get("web", ""),
            ready=self._is_up,
            children=self._supervisor.pids(),
        )
        if running != self._told:
            write_running(self._settings.state_dir, running)
            self._told = running

    def _on_death(self, death: Death) -> None:
        self._urls.pop(death.name, None)
        if not self._is_up:
            self._give_up_if_pointless(death)
        self._screen.warn(
            f"{death.name} {self._reason(death)}, starting it again in {death.pause_s:g} s"
        )
        if death.storm:
            lines = last_words(death.log, TAIL_LINES)
            self._screen.warn(
                f"{death.name} ends again and again. The end of {death.log}:", quote=lines
            )
            self._screen.warn("`mersal doctor` looks for the cause; we keep trying.")

    def _reason(self, death: Death) -> str:
        if death.hung:
            return f"showed no sign of life for {self._settings.up.silent_s:g} s and was killed"
        if death.code < 0:
            return f"ended (killed by {signal.Signals(-death.code).name})"
        if death.code == EXIT_TOLD:
            return f"ended: {_what_it_told(death)}"  # what it lacks may be there next time
        return f"ended (exit code {death.code})"

    def _give_up_if_pointless(self, death: Death) -> None:
        if death.name == REDIS:
            raise RedisDidNotStart(explain_end(death.log, redis_folder(self._settings)))
        if death.code == EXIT_TOLD:
            raise ChildFailed(f"{death.name}: {_what_it_told(death)}")

    def _show_summary(self) -> None:
        card = self._plan.card
        self._screen.summary(
            Summary(
                url=self._urls.get("web", ""),
                model=card.id,
                model_about=card.description,
                bots=self._plan.bots,
                logs=self._logs,
                seconds=time.time() - self._started_at,
            )
        )
        url = self._urls.get("web")
        if url and self._plan.opens_browser and self._screen.is_terminal and has_desktop():
            open_page(url)

    def _stop(self) -> None:
        self._screen.note("stopping (Ctrl-C again: at once)")
        self._supervisor.stop([[WORKER], [REDIS]], lambda: self._stopping.hurried)
        self._screen.done("stopped; everything said is kept")


def _what_it_told(death: Death) -> str:
    lines = log_tail(death.log).splitlines()
    told = [line.removeprefix(TOLD_PREFIX) for line in lines if line.startswith(TOLD_PREFIX)]
    return told[-1] if told else f"it does not start; its log is {death.log}"
