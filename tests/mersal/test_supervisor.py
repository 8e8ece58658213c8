"""The supervisor with small children of its own."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mersal.backoff import FIRST_PAUSE_S, LONGEST_PAUSE_S, STORM_DEATHS, WELL_AFTER_S, Backoff
from mersal.child import LEASH, Program
from mersal.logfile import LogFile, last_words
from mersal.supervisor import Death, Supervisor
from tests.mersal.command import is_alive, wait_until

SLEEPER = "import time; time.sleep(60)"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
LAST_WILL = """
import signal, sys, time
def leave(*_):
    print("leaves", time.monotonic(), flush=True)
    sys.exit(0)
signal.signal(signal.SIGTERM, leave)
print("ready", flush=True)
time.sleep(60)
"""


def program(name: str, code: str, grace_s: float = 10) -> Program:
    return Program(name, (sys.executable, "-c", code), dict(os.environ), grace_s)


def never() -> bool:
    return False


def watch(supervisor: Supervisor, seconds: float = 60, deaths: int = 1) -> list[Death]:
    """Watch until so many died."""
    end, seen = time.monotonic() + seconds, list[Death]()
    while len(seen) < deaths and time.monotonic() < end:
        seen += supervisor.watch()
        time.sleep(0.01)
    return seen


def test_a_child_that_dies_is_started_again(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path)
    supervisor.start(program("child", SLEEPER))
    first = supervisor.pids()["child"]
    os.kill(first, signal.SIGKILL)
    (death,) = watch(supervisor)
    assert (death.name, death.code, death.storm) == ("child", -signal.SIGKILL, False)

    def is_back() -> bool:
        supervisor.watch()
        return supervisor.pids().get("child", first) != first

    wait_until(is_back, "the child is back")
    supervisor.stop([], never)
    assert supervisor.pids() == {}


def wait_until_it_says(log: Path, word: str) -> None:
    wait_until(lambda: word in log.read_text(), f"{word!r} in {log.name}")


def test_children_end_in_order(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path)
    for name in ("redis", "worker", "bot"):
        supervisor.start(program(name, LAST_WILL))
    for name in ("redis", "worker", "bot"):
        wait_until_it_says(tmp_path / f"{name}.log", "ready")
    supervisor.stop([["worker"], ["redis"]], never)
    left = {
        name: float((tmp_path / f"{name}.log").read_text().split()[-1])
        for name in ("bot", "worker", "redis")
    }
    assert left["bot"] < left["worker"] < left["redis"]


def test_who_does_not_leave_in_its_grace_is_killed(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path)
    child = supervisor.start(program("deaf", DEAF, grace_s=0.3))
    pid = child.pid
    assert pid is not None
    time.sleep(0.3)  # until it is deaf
    supervisor.stop([], never)
    assert not is_alive(pid)


def test_who_is_in_a_hurry_waits_for_nobody(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path)
    child = supervisor.start(program("deaf", DEAF, grace_s=3600))
    pid = child.pid
    assert pid is not None
    supervisor.stop([], lambda: True)
    assert not is_alive(pid)


def test_a_leashed_command_dies_with_its_owner(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    command = f"import os; open({str(pid_file)!r}, 'w').write(str(os.getpid())); {SLEEPER}"
    owner = f"""
import os, subprocess, sys, time
subprocess.Popen([sys.executable, {str(LEASH)!r}, str(os.getpid()), sys.executable, '-c',
                  {command!r}])
time.sleep(60)
"""
    process = subprocess.Popen([sys.executable, "-c", owner])
    wait_until(lambda: pid_file.exists() and pid_file.read_text() != "", "the command runs")
    pid = int(pid_file.read_text())
    process.kill()
    process.wait()
    wait_until(lambda: not is_alive(pid), "the command dies too")


def test_a_leash_whose_owner_is_gone_already_runs_nothing(tmp_path: Path) -> None:
    made = tmp_path / "made"
    subprocess.run([sys.executable, str(LEASH), "1", "touch", str(made)], check=True, timeout=30)
    assert not made.exists()


def test_a_command_that_is_not_there_is_a_death_like_others(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path)
    supervisor.start(Program("ghost", (str(tmp_path / "nothing"),), dict(os.environ), 1))
    (death,) = watch(supervisor)
    assert death.code > 0
    assert "FileNotFoundError" in last_words(death.log, 1)[0]
    supervisor.stop([], never)


def test_pauses_double_up_to_a_limit_and_a_long_life_clears_them() -> None:
    backoff = Backoff()
    pauses = [backoff.pause_after(lived_s=0.1, now=float(second)) for second in range(8)]
    assert pauses[:3] == [FIRST_PAUSE_S, 2 * FIRST_PAUSE_S, 4 * FIRST_PAUSE_S]
    assert pauses[-1] == LONGEST_PAUSE_S
    assert backoff.pause_after(lived_s=WELL_AFTER_S, now=100.0) == FIRST_PAUSE_S


@pytest.mark.parametrize(("every_s", "storm"), [(1.0, True), (20.0, False)])
def test_many_deaths_in_a_minute_are_a_storm(every_s: float, storm: bool) -> None:
    backoff, told = Backoff(), []
    for number in range(STORM_DEATHS * 2):
        now = number * every_s
        backoff.pause_after(0.1, now)
        told.append(backoff.is_storm(now))
    assert any(told) is storm
    assert sum(told) <= 1, "told once a minute at most"


def test_a_log_is_kept_small_while_it_is_written(tmp_path: Path) -> None:
    log = LogFile(tmp_path, "child", max_bytes=1000)
    with log.open() as writer:
        for number in range(200):
            writer.write(b"line %03d\n" % number)
            writer.flush()
            log.keep_small()
    assert log.path.stat().st_size <= 1000
    older = (tmp_path / "child.log.1").read_text()
    assert (older + log.path.read_text()).endswith("line 199\n")
    log.begin()
    assert not log.path.exists()


def test_the_last_words_of_a_log_are_readable_and_said_once(tmp_path: Path) -> None:
    log = tmp_path / "child.log"
    line = '{"message": "unexpected error", "error": "Traceback…\\nValueError: no"}\n'
    log.write_text("plain\n" + line * 5 + "x" * 900 + "\n")
    words = last_words(log, 3)
    assert words[:2] == ["plain", "unexpected error: ValueError: no"]
    assert len(words[2]) < 300
