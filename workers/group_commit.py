"""Group commit: the threads of a process that end a turn at the same moment go to Redis together.

One of them makes the trip for all. It takes along what is finished and brings back a conversation
for every thread that is idle; whoever comes while it is away goes on with a conversation that was
brought before, or waits. So under load one script call, one wait for the disk and few changes
between threads serve many turns; a turn that ends alone goes alone and at once.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import TypeVar

from broker.claims import Claim, Claims, Finished
from broker.errors import RedisUnavailable, ScriptFailed
from workers.running import RunningTurns

logger = logging.getLogger(__name__)

T = TypeVar("T")

# How long a finished turn is offered to a Redis that is away. Its lease may be gone by then:
# the fence decides, so trying long is harmless and saves the answer when nobody else took it.
COMMIT_PATIENCE_S = 60.0


class GroupCommit:
    """Safe from all threads of one process.

    At any time `threads inside >= claims in store + threads that shall go without + turns that
    wait to be committed`: so everything that lies here has a thread that will see to it, and a
    process never holds more leases than it has threads.
    """

    def __init__(self, claims: Claims, running: RunningTurns, owner: str, threads: int) -> None:
        self._claims = claims
        self._running = running
        self._owner = owner
        # Half of the threads' turns are with Redis while the other half run.
        self._most = max(1, threads // 2)
        self._changed = threading.Condition(threading.Lock())
        self._finished: deque[Finished] = deque()
        self._store: deque[Claim] = deque()
        self._without = 0  # threads inside that shall leave without a claim: none was ready
        self._inside = 0
        self._waiting = 0
        self._called = False  # a waiting thread is about to wake
        self._away = False  # a thread is with Redis

    def exchange(self, done: Finished | None) -> Claim | None:
        """Hand in the turn that this thread has finished, if any, and get the next conversation.

        None: there is none. The turn may be committed after this returns, but soon: by a
        thread that is still inside.
        """
        with self._changed:
            self._inside += 1
            if done is not None:
                self._finished.append(done)
            claim = self._next()
            self._inside -= 1
            self._call_one()
            return claim

    def settle(self, done: Finished) -> None:
        """Commit this thread's last turn and take nothing; done when this returns."""
        self._trip([done], 0)

    def _next(self) -> Claim | None:
        most = self._most
        while True:
            if self._store and (self._away or len(self._finished) < most):
                return self._store.popleft()
            if self._without and not self._store:
                self._without -= 1
                return None
            if self._away:
                self._wait()
                most = 1  # who has been idle makes the trip rather than let a turn wait
            else:
                self._go()

    def _wait(self) -> None:
        self._waiting += 1
        self._changed.wait()
        self._waiting -= 1
        self._called = False

    def _call_one(self) -> None:
        """Wake a waiting thread when there is something for it, or nobody is on the way to look;
        it will call the next."""
        something = self._store or self._without or not self._away
        if something and self._waiting and not self._called:
            self._called = True
            self._changed.notify()

    def _go(self) -> None:
        """To Redis and back, without the lock in between."""
        done = [self._finished.popleft() for _ in range(min(self._most, len(self._finished)))]
        wanted = self._inside - len(self._store) - self._without - len(self._finished)
        claims: list[Claim] = []
        self._away = True
        self._call_one()
        self._changed.release()
        try:
            claims = self._trip(done, wanted)
        finally:
            self._changed.acquire()
            self._away = False
            self._store.extend(claims)
            self._without += wanted - len(claims)

    def _trip(self, done: Sequence[Finished], wanted: int) -> list[Claim]:
        """The leases of finished turns are renewed until their commit is through."""
        try:
            states, claims = patiently(
                lambda: self._claims.exchange(self._owner, done, wanted),
                COMMIT_PATIENCE_S if done else 0.0,
            )
        except (RedisUnavailable, ScriptFailed) as error:
            logger.warning(
                "step failed: %s", error, extra={"owner": self._owner, "turns": len(done)}
            )
            if isinstance(error, ScriptFailed) and len(done) > 1:
                for one in done:  # one that fails must not take its neighbours with it
                    self._trip([one], 0)
            return []
        finally:
            for one in done:
                self._running.remove(one.claim)
        for one, state in zip(done, states, strict=True):
            if state == "fenced":
                logger.warning("fenced", extra={"conversation": one.claim.conversation_id})
        return claims


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
