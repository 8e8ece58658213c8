"""`mersal up` with real processes."""

import json
import os
import signal
import stat
import urllib.request
from pathlib import Path

import pytest

from mersal.life import CONFESS
from mersal.state_dir import RUN_FILE, find_running
from tests.mersal.command import UpProcess, is_alive, mersal, wait_until
from tests.redis_process import RedisProcess


def test_everything_starts_and_the_page_answers(up: UpProcess) -> None:
    running = up.running
    assert set(running.children) == {"redis", "worker", "web"}
    assert running.model == "echo"
    with urllib.request.urlopen(running.url + "healthz", timeout=10) as answer:
        assert answer.read() == b"ok"


def test_sigterm_stops_everything_and_leaves_nothing_behind(up: UpProcess) -> None:
    children = up.running.children.values()
    up.send(signal.SIGTERM)
    assert up.wait() == 0
    assert not any(is_alive(pid) for pid in children)
    assert not (up.state_dir / RUN_FILE).exists()
    assert find_running(up.state_dir) is None
    assert "stopped" in up.output


@pytest.mark.parametrize("name", ["redis", "worker", "web"])
def test_a_killed_child_is_started_again(up: UpProcess, name: str) -> None:
    before = up.running.children[name]
    os.kill(before, signal.SIGKILL)
    wait_until(lambda: up.running.children.get(name, before) != before, f"{name} is back")
    said = mersal("chat", state_dir=up.state_dir, said="مازال خدام؟")
    assert said.stdout == "مازال خدام؟\n\n"


def test_who_is_stopped_or_hangs_is_killed_and_started_again(state_dir: Path) -> None:
    up = UpProcess(state_dir, UP__SILENT_S="4")
    up.start()
    up.wait_until_ready()
    before = up.running.children
    logs = [up.state_dir / "logs" / f"{name}.log" for name in ("worker", "web")]
    for log in logs:
        os.kill(before[log.stem], CONFESS)
    wait_until(
        lambda: all("Current thread" in log.read_text() for log in logs), "they say where they are"
    )
    for pid in before.values():
        os.kill(pid, signal.SIGSTOP)
    wait_until(
        lambda: all(up.running.children.get(name, pid) != pid for name, pid in before.items()),
        "all of them are back",
    )
    assert not any(is_alive(pid) for pid in before.values())
    said = mersal("chat", state_dir=up.state_dir, said="مازال خدام؟")
    assert said.stdout == "مازال خدام؟\n\n"
    up.send(signal.SIGTERM)
    assert up.wait() == 0
    for name in before:
        assert f"{name} showed no sign of life for 4 s" in up.output


def test_no_orphan_survives_a_sigkill_of_the_supervisor(up: UpProcess) -> None:
    children = up.running.children.values()
    up.kill()
    wait_until(lambda: not any(is_alive(pid) for pid in children), "all children are gone")


def test_after_a_sigkill_it_starts_again_and_remembers(up: UpProcess) -> None:
    mersal("chat", state_dir=up.state_dir, said="الكلمة هي زعفران")
    up.kill()
    assert (up.state_dir / RUN_FILE).exists(), "what a killed one leaves"
    assert find_running(up.state_dir) is None
    up.start()
    up.wait_until_ready()
    exported = mersal("chat", state_dir=up.state_dir, said="/export")
    assert "الكلمة هي زعفران" in exported.stdout


def test_a_second_one_is_refused_and_told_the_first_ones_pid(up: UpProcess) -> None:
    second = mersal("up", "--model", "echo", state_dir=up.state_dir)
    assert second.returncode == 2
    assert f"pid {up.running.pid}" in second.stderr
    assert "Traceback" not in second.stderr
    assert is_alive(up.running.children["redis"])


def test_a_busy_port_ends_the_start_with_the_setting_to_change(up: UpProcess) -> None:
    port = up.running.url.rstrip("/").rpartition(":")[2]
    other = up.state_dir.parent / "other"
    second = mersal("up", "--model", "echo", state_dir=other, WEB__PORT=port)
    assert second.returncode == 2
    assert "MERSAL_WEB__PORT" in second.stderr
    assert "Traceback" not in second.stderr


def test_an_unknown_model_ends_the_start_and_names_the_known(state_dir: Path) -> None:
    refused = mersal("up", "--model", "nonsense", state_dir=state_dir)
    assert refused.returncode == 2
    assert "echo" in refused.stderr
    assert not state_dir.exists()


def test_logs_and_data_are_private_and_hold_no_text(up: UpProcess) -> None:
    mersal("chat", state_dir=up.state_dir, said="سر ما خاصوش يتكتب")
    up.send(signal.SIGTERM)
    up.wait()
    for folder in (up.state_dir, up.state_dir / "redis", up.state_dir / "logs"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    logs = "".join(path.read_text() for path in (up.state_dir / "logs").iterdir())
    lines = [json.loads(line) for line in logs.splitlines() if line.startswith("{")]
    (turn,) = (line for line in lines if line["message"] == "turn")
    assert turn["conversation"].startswith("terminal:") and turn["outcome"] == "answered"
    assert turn["reply"].startswith(f"{turn['conversation']}/")
    assert "خاصوش" not in json.dumps(lines, ensure_ascii=False) + logs


def test_a_given_redis_that_refuses_us_ends_the_start_and_says_so(
    state_dir: Path, redis_server: RedisProcess
) -> None:
    url = f"unix://nobody:wrong@{redis_server.socket}"
    refused = mersal("up", "--model", "echo", state_dir=state_dir, REDIS_URL=url)
    assert refused.returncode == 2
    assert "refuses us" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_given_redis_that_is_silent_is_told_and_waited_for(
    state_dir: Path, tmp_path: Path
) -> None:
    server = RedisProcess(tmp_path)
    up = UpProcess(state_dir, REDIS_URL=server.url)
    up.start()
    up.wait_until_it_prints("MERSAL_REDIS_URL is silent")
    server.start()
    up.wait_until_ready()
    up.send(signal.SIGTERM)
    assert up.wait() == 0
    server.stop()
    assert up.output.count("MERSAL_REDIS_URL is silent") == 1
