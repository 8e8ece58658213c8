"""The heartbeat: keeps leases, carries cancels and deadlines, sweeps, and watches the process."""

import logging
import threading
import time
from collections.abc import Callable

from broker.claims import Sweep
from broker.errors import BrokerError
from broker.settings import Settings
from workers.running import RunningTurn
from workers.shift import Shift

logger = logging.getLogger(__name__)

# A cancel must be seen within 200 ms of the request.
BEAT_S = 0.1
SWEEP_EVERY_S = 0.25
# A worker that did not sweep for so long no longer counts among the living. Its leases must have
# run out by then: they are held against the threads that live.
GONE_S = 5.0
# So long after its deadline a turn whose engine does not even heed a cancel is given up.
HUNG_S = 10.0


class Heartbeat:
    """One thread beside those that work. Calls `die` when the process is of no more use.

    `alive` is called with every beat, also with one that did not reach Redis.
    """

    def __init__(
        self,
        shift: Shift,
        settings: Settings,
        die: Callable[[str], None],
        alive: Callable[[], None] = lambda: None,
    ) -> None:
        self._shift = shift
        self._claims = shift.claims
        self._running = shift.running
        self._worker = settings.worker
        self._gone_s = max(GONE_S, settings.turn.lease_s + 1)
        self._die = die
        self._alive = alive
        self._stopped = threading.Event()
        self._close_at: float | None = None
        self._swept_at = 0.0
        self._idle_since = time.monotonic()
        self._thread = threading.Thread(target=self._live, name="heartbeat", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """The last beat, if it ever began; say goodbye so that nobody counts on our threads."""
        self._stopped.set()
        if self._thread.ident is not None:
            self._thread.join(5)

    def close(self, grace_s: float) -> None:
        """Take nothing more; after `grace_s` hand back what runs. Safe in a signal handler."""
        self._close_at = time.monotonic() + grace_s
        self._shift.closing.set()

    def _live(self) -> None:
        failing = False
        while not self._stopped.wait(BEAT_S):
            try:
                self._beat()
                failing = False
            except BrokerError as error:
                if not failing:
                    logger.warning("heartbeat: %s", error)
                failing = True
            except Exception:  # noqa: BLE001 - without a heartbeat every lease is lost
                logger.exception("heartbeat failed")
                continue
            self._alive()
        self._say_goodbye()

    def _beat(self) -> None:
        turns = self._running.all()
        self._renew(turns)
        self._check_time(turns)
        if time.monotonic() - self._swept_at >= SWEEP_EVERY_S:
            self._swept_at = time.monotonic()
            # While we leave, only the threads that still work count: none of them is idle.
            threads = len(self._running) if self._shift.closing.is_set() else self._worker.threads
            sweep = self._claims.sweep(self._shift.name, threads, self._gone_s)
            if sweep.expired:
                logger.warning(
                    "leases ran out", extra={"expired": sweep.expired, "ready": sweep.ready}
                )
            self._watch(sweep)

    def _renew(self, turns: list[RunningTurn]) -> None:
        if not turns:
            return
        for turn, state in zip(
            turns, self._claims.renew([turn.claim for turn in turns]), strict=True
        ):
            if state != "kept":
                turn.interrupt(state)

    def _check_time(self, turns: list[RunningTurn]) -> None:
        now = time.monotonic()
        for turn in turns:
            if now > turn.overdue_at:
                turn.interrupt("deadline")
            if self._close_at is not None and now > self._close_at:
                turn.interrupt("shutdown")
        hung = [turn for turn in turns if now > turn.overdue_at + HUNG_S]
        if hung:
            try:
                for turn in hung:
                    self._claims.step(turn.owner, self._shift.runner.give_up(turn), take=False)
            finally:
                self._die(f"{len(hung)} turns hang in the engine")

    def _watch(self, sweep: Sweep) -> None:
        if not self._shift.runner.engine_works:
            self._die("the engine fails turn after turn, and a probe too")
        self._watch_rings(sweep)

    def _watch_rings(self, sweep: Sweep) -> None:
        """Work waits, our threads idle, and no ring reaches us: Celery's consumer is stuck."""
        idle = len(self._running) < self._worker.threads and not self._shift.closing.is_set()
        if not (idle and sweep.ready > 0):
            self._idle_since = time.monotonic()
        elif time.monotonic() - max(self._idle_since, self._shift.took_at) > self._worker.stuck_s:
            self._die("work waits but no ring arrives")

    def _say_goodbye(self) -> None:
        try:
            self._claims.sweep(self._shift.name, 0, 0.0)
        except BrokerError as error:
            logger.warning("goodbye not said: %s", error)
