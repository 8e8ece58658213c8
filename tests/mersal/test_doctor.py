"""`mersal doctor` on healthy, dead and spoilt deployments."""

import json
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from broker.settings import Settings, SlackSettings, WorkerSettings
from mersal.doctor.model import check_model
from mersal.doctor.tokens import check_tokens
from tests.mersal.command import UpProcess, mersal, wait_until


@pytest.fixture
def busy_port() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield str(listening.getsockname()[1])


def checkpoint(folder: Path, weights: bytes) -> Settings:
    """Settings whose model is a folder with these weights."""
    folder.mkdir()
    (folder / "config.json").write_text("{}")
    (folder / "tokenizer.json").write_text("{}")
    (folder / "model.safetensors").write_bytes(weights)
    return Settings(state_dir=folder, worker=WorkerSettings(model=str(folder)))


def safetensors(length: int) -> bytes:
    head = json.dumps({"w": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]}}).encode()
    return len(head).to_bytes(8, "little") + head + b"\0" * length


def test_a_healthy_deployment_has_nothing_to_mend(up: UpProcess) -> None:
    report = mersal("doctor", state_dir=up.state_dir)
    assert report.returncode == 0, report.stdout
    assert "fail" not in report.stdout
    assert "appendfsync always" in report.stdout
    assert "model echo: 16 threads" in report.stdout


def test_a_new_state_directory_is_told_what_to_start(state_dir: Path) -> None:
    report = mersal("doctor", state_dir=state_dir, WORKER__MODEL="echo")
    assert report.returncode == 0, report.stdout
    assert "start it: mersal up" in report.stdout


def test_a_frozen_redis_fails(up: UpProcess) -> None:
    redis = up.running.children["redis"]
    os.kill(redis, signal.SIGSTOP)
    try:
        report = mersal("doctor", state_dir=up.state_dir)
    finally:
        os.kill(redis, signal.SIGCONT)
    assert report.returncode == 1
    assert "does not answer" in report.stdout
    assert "Traceback" not in report.stderr


def test_a_worker_that_is_gone_fails(up: UpProcess) -> None:
    # Frozen: killed, it would be back at once.
    worker = up.running.children["worker"]
    os.kill(worker, signal.SIGSTOP)
    try:
        wait_until(
            lambda: "none for the model echo" in mersal("doctor", state_dir=up.state_dir).stdout,
            "the worker no longer counts",
        )
        assert mersal("doctor", state_dir=up.state_dir).returncode == 1
    finally:
        os.kill(worker, signal.SIGCONT)


def test_an_unusable_state_directory_fails(state_dir: Path) -> None:
    state_dir.write_text("a file where the directory should be")
    report = mersal("doctor", state_dir=state_dir, WORKER__MODEL="echo")
    assert report.returncode == 1
    assert "MERSAL_STATE_DIR" in report.stdout
    assert "Traceback" not in report.stderr


def test_a_busy_port_names_the_setting(state_dir: Path, busy_port: str) -> None:
    report = mersal("doctor", state_dir=state_dir, WORKER__MODEL="echo", WEB__PORT=busy_port)
    assert report.returncode == 1
    assert "MERSAL_WEB__PORT" in report.stdout


def test_a_redis_that_is_set_and_away_fails(state_dir: Path) -> None:
    report = mersal(
        "doctor", state_dir=state_dir, WORKER__MODEL="echo", REDIS_URL="redis://127.0.0.1:1/0"
    )
    assert report.returncode == 1
    assert "MERSAL_REDIS_URL" in report.stdout


def test_tokens_are_never_shown(state_dir: Path) -> None:
    report = mersal(
        "doctor",
        state_dir=state_dir,
        WORKER__MODEL="echo",
        TELEGRAM__TOKEN="12345:telegramsecret",
        SLACK__BOT_TOKEN="xoxb-slacksecret",
        REDIS_URL="redis://:redissecret@127.0.0.1:1/0",
    )
    assert "token set" in report.stdout
    assert "secret" not in report.stdout + report.stderr


def test_half_of_slacks_tokens_is_a_warning() -> None:
    settings = Settings(slack=SlackSettings(bot_token="xoxb-1"))
    (slack,) = (finding for finding in check_tokens(settings) if finding.about == "Slack")
    assert slack.health == "warn"
    assert "MERSAL_SLACK__APP_TOKEN" in slack.found


@pytest.mark.parametrize(
    ("weights", "trouble"),
    [(safetensors(16), ""), (safetensors(7), "is cut off"), (b"<html>404</html>", "safetensors")],
)
def test_weights_that_are_cut_off_are_found(tmp_path: Path, weights: bytes, trouble: str) -> None:
    settings = checkpoint(tmp_path / "model", weights)
    model = next(iter(check_model(settings, None, load=False)))
    assert model.health == ("fail" if trouble else "ok")
    assert trouble in model.found


def test_a_model_that_does_not_load_says_why(tmp_path: Path) -> None:
    settings = checkpoint(tmp_path / "model", safetensors(16))
    loading = list(check_model(settings, None, load=True))[-1]
    assert (loading.health, loading.about) == ("fail", "loading")
    assert "Traceback" not in loading.found


def test_memory_that_does_not_suffice_fails_with_figures(tmp_path: Path) -> None:
    tensor = {"dtype": "BF16", "shape": [10**9, 10**6], "data_offsets": [0, 16]}
    head = json.dumps({"w": tensor}).encode()
    weights = len(head).to_bytes(8, "little") + head + b"\0" * 16
    settings = checkpoint(tmp_path / "model", weights)
    shape = {"num_hidden_layers": 2, "hidden_size": 64, "intermediate_size": 128}
    shape |= {"num_attention_heads": 4, "vocab_size": 100}
    (tmp_path / "model" / "config.json").write_text(json.dumps(shape))
    memory = next(f for f in check_model(settings, None, load=False) if f.about == "memory")
    assert "needs 4000001.5 GB as float32" in memory.found and "are free" in memory.found
    assert "take a smaller model" in memory.advice
