"""Threads that go to Redis together, and what becomes of who comes while they are away."""

import threading
from collections.abc import Sequence

from broker.claims import Claim, Claims, CommitState, Finished
from broker.connection import worker_pool
from broker.settings import Settings
from workers.group_commit import GroupCommit
from workers.running import RunningTurns


class Slow(Claims):
    """Its first trip to Redis takes until somebody lets it go on."""

    left = threading.Event()
    go_on = threading.Event()

    def exchange(
        self, owner: str, done: Sequence[Finished], wanted: int
    ) -> tuple[list[CommitState], list[Claim]]:
        self.left.set()
        assert self.go_on.wait(20)
        return super().exchange(owner, done, wanted)


def test_who_comes_while_another_is_away_is_not_left_waiting(settings: Settings) -> None:
    claims = Slow(worker_pool(settings), settings, "echo")
    group = GroupCommit(claims, RunningTurns(), "test-worker", 4)
    threads = [threading.Thread(target=group.exchange, args=(None,), daemon=True) for _ in "ab"]
    threads[0].start()
    assert claims.left.wait(20)
    threads[1].start()
    threads[1].join(0.2)  # it is inside now, and waits
    claims.go_on.set()
    for thread in threads:
        thread.join(10)
    assert not any(thread.is_alive() for thread in threads)
