"""Who hangs is told from who works: signs of life, shown and seen."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import redis

from mersal.child import Program
from mersal.life import WORKS, Life
from mersal.silence import LONGEST_LOOK_S, STARTING, Silence
from mersal.supervisor import Supervisor
from mersal.vital import ASK_EVERY_S, AnsweringRedis, Sign, TouchedFile
from tests.mersal.command import wait_until
from tests.mersal.test_supervisor import never, watch
from tests.redis_process import RedisProcess

LIMIT_S = 10.0

# An event loop that turns for a moment and then waits for something that never comes.
HANGS = """
import asyncio, sys, threading
from pathlib import Path
from mersal.life import Life
async def wait_for_ever():
    life.touch_in(asyncio.get_running_loop())
    await asyncio.sleep(0.1)
    threading.Lock().acquire() and threading.Event().wait()
life = Life(Path(sys.argv[1]))
asyncio.run(wait_for_ever())
"""
STARTS_FOR_LONG = """
import sys, time
from pathlib import Path
from mersal.life import Life
life = Life(Path(sys.argv[1]))
time.sleep(60)
"""


class Pulse:
    """A sign of life that the test gives."""

    def __init__(self, works: bool = True) -> None:
        self.mark = 0
        self.works = works

    def begin(self) -> None:
        pass

    def look(self) -> Sign:
        return Sign(self.mark, self.works)


def silence_of(pulse: Pulse) -> Silence:
    silence = Silence(pulse, LIMIT_S)
    silence.begin(0.0)
    return silence


def first_too_long(silence: Silence, until_s: float, step_s: float = 0.5) -> float | None:
    """When the silence is too long for the first time, looked at every `step_s`."""
    for step in range(int(until_s / step_s)):
        if silence.is_too_long(step * step_s):
            return step * step_s
    return None


def test_silence_begins_anew_with_every_sign() -> None:
    pulse = Pulse()
    silence = silence_of(pulse)
    for second in range(30):
        pulse.mark = second // 9
        assert not silence.is_too_long(float(second))
    assert silence.is_too_long(40.0) is False, "ten seconds without a look count as one"
    assert [silence.is_too_long(40.0 + number) for number in range(9)][-1]


def test_who_starts_is_given_more_time() -> None:
    late = first_too_long(silence_of(Pulse(works=False)), 200)
    assert late is not None
    assert STARTING * LIMIT_S < late < STARTING * LIMIT_S + 2
    soon = first_too_long(silence_of(Pulse()), 200)
    assert soon is not None
    assert LIMIT_S < soon < LIMIT_S + 2


def test_a_time_in_which_nobody_ran_is_not_held_against_a_child() -> None:
    silence = silence_of(Pulse())
    silence.is_too_long(1.0)
    assert not silence.is_too_long(3600.0), "a laptop that was shut"
    assert not silence.is_too_long(3600.0 + LIMIT_S - 2 * LONGEST_LOOK_S)


def program(name: str, code: str, life: Path, silent_s: float) -> Program:
    command = (sys.executable, "-c", code, str(life))
    environment = {**os.environ, "PYTHONPATH": os.getcwd()}
    return Program(name, command, environment, 1.0, TouchedFile(life), silent_s)


def test_an_event_loop_that_hangs_is_ended_and_its_log_says_where(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path)
    supervisor.start(program("hangs", HANGS, tmp_path / "life", 2.0))
    supervisor.start(program("starts", STARTS_FOR_LONG, tmp_path / "other", 2.0))
    (death,) = watch(supervisor)
    assert (death.name, death.code, death.hung) == ("hangs", -signal.SIGKILL, True)
    assert "in wait_for_ever" in death.log.read_text()
    assert "starts" in supervisor.pids(), "it showed life by itself"
    supervisor.stop([], never)


def test_a_death_by_other_causes_is_no_silence(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path)
    supervisor.start(program("starts", STARTS_FOR_LONG, tmp_path / "life", 60.0))
    os.kill(supervisor.pids()["starts"], signal.SIGKILL)
    (death,) = watch(supervisor)
    assert not death.hung
    supervisor.stop([], never)


def test_while_a_process_starts_it_shows_life_but_no_work(tmp_path: Path) -> None:
    file = tmp_path / "life"
    vital = TouchedFile(file)
    assert vital.look() == Sign(0, works=False)
    starting = subprocess.Popen(
        [sys.executable, "-c", STARTS_FOR_LONG, str(file)],
        env={**os.environ, "PYTHONPATH": os.getcwd()},
    )
    wait_until(lambda: vital.look().mark != 0, "the first sign")
    first = vital.look()
    wait_until(lambda: vital.look().mark != first.mark, "another sign")
    assert not vital.look().works
    starting.kill()
    starting.wait()


async def test_an_event_loop_shows_life_as_long_as_it_turns(tmp_path: Path) -> None:
    file = tmp_path / "life"
    life = Life(file)
    life.touch_in(asyncio.get_running_loop())
    assert file.read_text() == WORKS
    assert TouchedFile(file).look().works
    while any(thread.name == "life" for thread in threading.enumerate()):
        time.sleep(0.01)  # what showed life while it started leaves
    before = file.stat().st_mtime_ns
    time.sleep(1.5)  # the loop hangs
    assert file.stat().st_mtime_ns == before, "nobody else shows life for it"
    async with asyncio.timeout(20):
        while file.stat().st_mtime_ns == before:
            await asyncio.sleep(0.05)


def test_a_file_that_cannot_be_written_ends_nothing(tmp_path: Path) -> None:
    Life(tmp_path / "nowhere" / "life").touch()


def test_a_redis_that_answers_lives_and_one_that_is_stopped_does_not(tmp_path: Path) -> None:
    server = RedisProcess(tmp_path)
    vital = AnsweringRedis(server.socket)
    vital.begin()
    assert vital.look() == Sign(0, works=False)
    server.start()
    wait_until(lambda: vital.look().mark > 1, "two answers")
    with redis.Redis.from_url(server.url) as client:
        pid = int(client.info("server")["process_id"])
    os.kill(pid, signal.SIGSTOP)
    vital.look()
    heard = vital.look().mark  # what it had answered before
    end = time.monotonic() + 1.5 * ASK_EVERY_S
    while time.monotonic() < end:
        assert vital.look().mark <= heard + 1
        time.sleep(0.05)
    os.kill(pid, signal.SIGCONT)
    wait_until(lambda: vital.look().mark > heard + 1, "it answers again")
    server.stop()
    vital.begin()
    assert not vital.look().works
    server.start()
    wait_until(lambda: vital.look().works, "the next one answers")
    server.stop()
    vital.begin()  # which hangs up
