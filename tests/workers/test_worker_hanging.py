"""A worker of no more use ends its process, and one that is merely busy or cut off does not."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from broker.claims import Claims
from broker.connection import connect, worker_pool
from broker.inbox import Inbox
from broker.messages import Address, UserMessage
from broker.outbox import Outbox
from broker.settings import Settings, TurnSettings, WorkerSettings
from inference.catalog import find
from inference.echo import EchoEngine
from tests.patience import until
from tests.workers.worker_in_thread import working
from workers import heartbeat
from workers.heartbeat import Heartbeat
from workers.running import RunningTurns
from workers.shift import Shift
from workers.turn import TurnRunner

STUCK_S = 1.1


def with_worker(settings: Settings, threads: int) -> Settings:
    worker = WorkerSettings(model="echo", threads=threads, stuck_s=STUCK_S, linger_s=0.1)
    return settings.model_copy(update={"worker": worker})


@pytest.fixture
async def inbox(settings: Settings) -> AsyncIterator[Inbox]:
    redis = connect(settings)
    yield Inbox(redis, with_worker(settings, 1))
    await redis.aclose()


async def ask(inbox: Inbox, chat: str) -> None:
    receipt = await inbox.submit(UserMessage(Address("web", chat), "1", chat, "salam", 1.0))
    assert receipt.status == "accepted"


async def test_work_that_waits_while_no_ring_arrives_ends_the_process(
    inbox: Inbox, settings: Settings
) -> None:
    deaths: list[str] = []
    with working(EchoEngine(), with_worker(settings, 4), threads=0, deaths=deaths):
        await asyncio.sleep(2 * STUCK_S)
        assert not deaths, "nothing waited"
        await ask(inbox, "c1")
        await until(lambda: deaths)
    assert "no ring arrives" in deaths[0]


async def test_work_that_waits_for_busy_threads_ends_nothing(
    inbox: Inbox, settings: Settings
) -> None:
    with working(EchoEngine(delay_s=3 * STUCK_S), with_worker(settings, 1), threads=1):
        await ask(inbox, "c1")
        await ask(inbox, "c2")
        await asyncio.sleep(2 * STUCK_S)  # the end of the block fails if the worker wants to end


class HungEngine(EchoEngine):
    """Says two words and heeds nothing from then on."""

    def __init__(self) -> None:
        super().__init__()
        self.let_go = threading.Event()

    def words(self, answer: str) -> Iterator[str]:
        yield "so "
        yield "far "
        self.let_go.wait()


async def test_a_turn_that_hangs_in_the_engine_is_answered_and_its_process_ended(
    inbox: Inbox, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeat, "HUNG_S", 0.5)
    settings = with_worker(settings, 1).model_copy(update={"turn": TurnSettings(deadline_s=0.5)})
    engine, deaths = HungEngine(), list[str]()
    redis = connect(settings)
    parcels = Outbox(redis, settings, "web", "test").parcels()
    with working(engine, settings, threads=1, deaths=deaths):
        await ask(inbox, "c1")
        parcel = await asyncio.wait_for(anext(parcels), 30)
        await until(lambda: deaths)
        engine.let_go.set()
    assert (parcel.reply.outcome, parcel.reply.text) == ("timed_out", "so far ")
    assert "hang in the engine" in deaths[0]
    await redis.aclose()


def beating(settings: Settings, beats: list[float]) -> Heartbeat:
    claims = Claims(worker_pool(settings), settings, "echo")
    runner = TurnRunner(EchoEngine(), find("echo"), settings, claims.publish)
    shift = Shift(claims, runner, RunningTurns(), settings, "test-worker")
    return Heartbeat(shift, settings, lambda _: None, lambda: beats.append(time.monotonic()))


def test_a_heartbeat_that_cannot_reach_redis_still_shows_life(
    settings: Settings, tmp_path: Path
) -> None:
    beats: list[float] = []
    nowhere = settings.model_copy(update={"redis_url": f"unix://{tmp_path}/none"})
    beat = beating(with_worker(nowhere, 1), beats)
    beat.start()
    end = time.monotonic() + 30
    while len(beats) < 3:
        assert time.monotonic() < end
        time.sleep(0.02)
    beat.stop()


def test_a_heartbeat_that_always_fails_shows_none(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    beats: list[float] = []
    beat = beating(with_worker(settings, 1), beats)
    failures: list[float] = []

    def fail() -> None:
        failures.append(time.monotonic())
        raise ValueError("a bug")

    monkeypatch.setattr(beat, "_beat", fail)
    beat.start()
    while len(failures) < 3:
        time.sleep(0.02)
    beat.stop()
    assert not beats
