"""Threads that end turns at the same moment share a trip to Redis, and no turn is left behind."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from broker.claims import Claim, Claims, CommitState, Finished
from broker.connection import worker_pool
from broker.settings import Settings
from tests.broker.doorbell import MODEL, OWNER, Doorbell, chat_of, finished, open_doorbell
from workers.group_commit import GroupCommit
from workers.running import RunningTurns

PATIENCE_S = 30.0


class WatchedClaims(Claims):
    """The real ones; notes how many turns went together, and waits at a gate."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(worker_pool(settings), settings, MODEL)
        self.trips: list[int] = []
        self.under_way = threading.Semaphore(0)
        self.gate = threading.Event()
        self.gate.set()

    def exchange(
        self, owner: str, done: Sequence[Finished], wanted: int
    ) -> tuple[list[CommitState], list[Claim]]:
        self.trips.append(len(done))
        self.under_way.release()
        assert self.gate.wait(PATIENCE_S)
        return super().exchange(owner, done, wanted)


@pytest.fixture
def bell(settings: Settings) -> Iterator[Doorbell]:
    with open_doorbell(settings) as doorbell:
        yield doorbell


@pytest.fixture
def claims(settings: Settings) -> WatchedClaims:
    return WatchedClaims(settings)


def open_group(claims: Claims, threads: int) -> GroupCommit:
    return GroupCommit(claims, RunningTurns(), OWNER, threads)


def submit_all(bell: Doorbell, count: int) -> None:
    for number in range(count):
        bell.submit(f"c{number}", user=f"u{number}")


def wait_until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < end
        time.sleep(0.005)


def work(group: GroupCommit, served: Counter[str], run: Callable[[Claim], None]) -> None:
    claim = group.exchange(None)
    while claim is not None:
        served[chat_of(claim)] += 1
        run(claim)
        claim = group.exchange(finished(claim))


@pytest.mark.parametrize("threads", [1, 2, 5, 16])
def test_many_threads_answer_everything_once_and_leave_nothing_behind(
    bell: Doorbell, claims: WatchedClaims, threads: int
) -> None:
    submit_all(bell, 150)
    group, served = open_group(claims, threads), Counter[str]()
    with ThreadPoolExecutor(threads) as pool:
        for worker in [pool.submit(work, group, served, lambda _: None) for _ in range(threads)]:
            worker.result(PATIENCE_S)
    assert served == Counter(f"c{number}" for number in range(150))
    assert len(bell.replies()) == 150
    assert bell.redis.zcard(bell.keys("leases", MODEL)) == 0
    assert bell.ready_count() == 0


def test_turns_that_end_while_one_is_with_redis_go_together(
    bell: Doorbell, claims: WatchedClaims
) -> None:
    submit_all(bell, 4)
    group, (_, taken) = open_group(claims, 8), bell.claims().exchange(OWNER, [], 4)
    claims.gate.clear()
    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(group.exchange, finished(taken[0]))
        assert claims.under_way.acquire(timeout=PATIENCE_S)
        others = [pool.submit(group.exchange, finished(claim)) for claim in taken[1:]]
        wait_until(lambda: group._waiting == 3)
        claims.gate.set()
        assert [one.result(PATIENCE_S) for one in (first, *others)] == [None] * 4
    assert claims.trips == [1, 3]
    assert len(bell.replies()) == 4


def test_who_comes_while_another_is_away_is_not_left_waiting(
    bell: Doorbell, claims: WatchedClaims
) -> None:
    """Neither when the other comes back with something to do."""
    submit_all(bell, 1)
    group = open_group(claims, 4)
    claims.gate.clear()
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(group.exchange, None)
        assert claims.under_way.acquire(timeout=PATIENCE_S)
        second = pool.submit(group.exchange, None)
        wait_until(lambda: group._waiting == 1)
        claims.gate.set()
        got = [one.result(PATIENCE_S) for one in (first, second)]
    assert sum(claim is not None for claim in got) == 1


def test_a_process_never_holds_more_conversations_than_it_has_threads(
    bell: Doorbell, claims: WatchedClaims
) -> None:
    threads, most = 6, 0
    leases = bell.keys("leases", MODEL)
    submit_all(bell, 120)
    group, served, lock = open_group(claims, threads), Counter[str](), threading.Lock()

    def count(_: Claim) -> None:
        nonlocal most
        with lock:
            most = max(most, int(bell.redis.zcard(leases)))

    with ThreadPoolExecutor(threads) as pool:
        for worker in [pool.submit(work, group, served, count) for _ in range(threads)]:
            worker.result(PATIENCE_S)
    assert 1 < most <= threads


def test_a_turn_is_committed_while_its_thread_is_busy_with_the_next(
    bell: Doorbell, claims: WatchedClaims
) -> None:
    """Its thread took a conversation from the store and did not go to Redis itself."""
    submit_all(bell, 9)
    slow, end = {"c6", "c7", "c8"}, threading.Event()
    group, served = open_group(claims, 4), Counter[str]()

    def run(claim: Claim) -> None:
        if chat_of(claim) in slow:
            assert end.wait(PATIENCE_S)

    with ThreadPoolExecutor(4) as pool:
        workers = [pool.submit(work, group, served, run) for _ in range(4)]
        try:
            wait_until(lambda: len(bell.replies()) == 6)
        finally:
            end.set()
        for worker in workers:
            worker.result(PATIENCE_S)
    assert len(bell.replies()) == 9


def test_a_turn_that_cannot_be_committed_does_not_take_its_neighbours_with_it(
    bell: Doorbell, claims: WatchedClaims
) -> None:
    submit_all(bell, 4)
    group, (_, taken) = open_group(claims, 8), bell.claims().exchange(OWNER, [], 4)
    broken = taken[2]
    bell.redis.set(bell.keys("history", broken.conversation_id), "not a list")
    claims.gate.clear()
    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(group.exchange, finished(taken[0]))
        assert claims.under_way.acquire(timeout=PATIENCE_S)
        others = [pool.submit(group.exchange, finished(claim)) for claim in taken[1:]]
        wait_until(lambda: group._waiting == 3)
        claims.gate.set()
        for one in (first, *others):
            one.result(PATIENCE_S)
    assert {reply.address.chat for reply in bell.replies()} == {
        chat_of(claim) for claim in taken if claim is not broken
    }
