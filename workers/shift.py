"""What a rung thread does: take conversation after conversation until none is ready."""

import logging
import threading
import time

from broker.claims import Claim, Claims, Finished
from broker.errors import RedisUnavailable, ScriptFailed
from broker.settings import Settings
from workers.group_commit import GroupCommit
from workers.running import RunningTurn, RunningTurns
from workers.turn import TurnRunner

logger = logging.getLogger(__name__)


class Shift:
    """The work of one process's threads on one model's queue. The process owns its claims;
    `name` is what the queue knows it by."""

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
        self._group = GroupCommit(claims, running, name, settings.worker.threads)
        self._worker = settings.worker
        self._deadline_s = settings.turn.deadline_s
        self.closing = threading.Event()
        self.took_at = time.monotonic()

    def serve(self) -> None:
        """Answer one ring: work until none is ready, the time slice is over, or we close."""
        end = time.monotonic() + self._worker.slice_s
        claim = self._next(None, end)
        while True:
            if claim is None:
                claim = self._linger(end)
                if claim is None:
                    return
            self.took_at = time.monotonic()
            claim = self._next(self._run(claim), end)

    def _run(self, claim: Claim) -> Finished | None:
        turn, done = RunningTurn(self.name, claim, self._deadline_s), None
        self.running.add(turn)
        try:
            done = self.runner.run(turn)
            if not self.runner.engine_works:
                self.closing.set()  # nothing more is taken; the heartbeat ends the process
            if done is None and turn.interruption == "shutdown":
                self.claims.release(self.name, claim)
                logger.info("handed back", extra={"conversation": claim.conversation_id})
            return done
        except (RedisUnavailable, ScriptFailed) as error:
            logger.warning(
                "not handed back: %s", error, extra={"conversation": claim.conversation_id}
            )
            return None  # its lease runs out
        finally:
            if done is None:  # else its lease is renewed until the commit is through
                self.running.remove(claim)

    def _next(self, done: Finished | None, end: float) -> Claim | None:
        """Commit and take."""
        if not self.closing.is_set() and time.monotonic() < end:
            return self._group.exchange(done)
        if done is not None:
            self._group.settle(done)
        return None

    def _linger(self, end: float) -> Claim | None:
        """Wait for a ring on Redis itself a moment longer: cheaper than a Celery task."""
        while not self.closing.is_set():
            left = min(self._worker.linger_s, end - time.monotonic())
            if left <= 0:
                return None
            try:
                claim = self.claims.wait_and_take(self.name, left)
            except (RedisUnavailable, ScriptFailed) as error:
                logger.warning("linger ended: %s", error, extra={"owner": self.name})
                return None
            if claim is not None:
                return claim
        return None
