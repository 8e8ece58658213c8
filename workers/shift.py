"""What a rung thread does: take conversation after conversation until none is ready."""

import logging
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from broker.claims import Claim, Claims, Finished
from broker.errors import RedisUnavailable, ScriptFailed
from broker.settings import Settings
from workers.running import RunningTurn, RunningTurns
from workers.turn import TurnRunner

logger = logging.getLogger(__name__)

T = TypeVar("T")

# How long a finished turn is offered to a Redis that is away. Its lease may be gone by then:
# the fence decides, so trying long is harmless and saves the answer when nobody else took it.
COMMIT_PATIENCE_S = 60.0


class Shift:
    """The work of one process's threads on one model's queue."""

    def __init__(
        self,
        claims: Claims,
        runner: TurnRunner,
        running: RunningTurns,
        settings: Settings,
        name: str,
    ) -> None:
        self.claims = claims
        self.runner = runner
        self.running = running
        self.name = name
        self._worker = settings.worker
        self._deadline_s = settings.turn.deadline_s
        self.closing = threading.Event()
        self.took_at = time.monotonic()

    def serve(self) -> None:
        """Answer one ring: work until none is ready, the time slice is over, or we close."""
        owner = f"{self.name}.{threading.get_ident()}"
        end = time.monotonic() + self._worker.slice_s
        claim = self._step(owner, None, end)
        while True:
            if claim is None:
                claim = self._linger(owner, end)
                if claim is None:
                    return
            self.took_at = time.monotonic()
            done = self._run(owner, claim)
            claim = self._step(owner, done, end)

    def _run(self, owner: str, claim: Claim) -> Finished | None:
        turn, done = RunningTurn(owner, claim, self._deadline_s), None
        self.running.add(turn)
        try:
            done = self.runner.run(turn)
            if done is None and turn.interruption == "shutdown":
                self.claims.release(owner, claim)
                logger.info("handed back conversation=%s", claim.conversation_id)
            return done
        except (RedisUnavailable, ScriptFailed) as error:
            logger.warning("not handed back conversation=%s: %s", claim.conversation_id, error)
            return None  # its lease runs out
        finally:
            if done is None:  # else its lease is renewed until the commit is through
                self.running.remove(turn)

    def _step(self, owner: str, done: Finished | None, end: float) -> Claim | None:
        """Commit and take. The lease is renewed until the commit is through."""
        take = not self.closing.is_set() and time.monotonic() < end
        if done is None and not take:
            return None
        try:
            state, claim = patiently(
                lambda: self.claims.step(owner, done, take), COMMIT_PATIENCE_S if done else 0.0
            )
        except (RedisUnavailable, ScriptFailed) as error:
            logger.warning("step failed owner=%s: %s", owner, error)
            state, claim = "none", None
        finally:
            if done is not None:
                self.running.forget(owner, done.claim)
        if state == "fenced" and done is not None:
            logger.warning("fenced conversation=%s", done.claim.conversation_id)
        return claim

    def _linger(self, owner: str, end: float) -> Claim | None:
        """Wait for a ring on Redis itself a moment longer: cheaper than a Celery task."""
        while not self.closing.is_set():
            left = min(self._worker.linger_s, end - time.monotonic())
            if left <= 0:
                return None
            try:
                claim = self.claims.wait_and_take(owner, left)
            except (RedisUnavailable, ScriptFailed) as error:
                logger.warning("linger ended owner=%s: %s", owner, error)
                return None
            if claim is not None:
                return claim
        return None


def patiently(call: Callable[[], T], patience_s: float) -> T:
    """Call again while Redis is away, for so long; then raise RedisUnavailable."""
    give_up_at, pause_s = time.monotonic() + patience_s, 0.02
    while True:
        try:
            return call()
        except RedisUnavailable:
            if time.monotonic() > give_up_at:
                raise
            time.sleep(pause_s)
            pause_s = min(pause_s * 2, 0.5)
