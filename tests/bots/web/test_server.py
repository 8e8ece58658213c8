"""The web chat as a process."""

import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from bots.web import run
from bots.web.server import browser_url, listen
from broker.errors import SettingsError
from broker.settings import Settings, WebSettings, child_environment
from tests.redis_process import RedisProcess

PROGRAM = """
import logging, sys
logging.basicConfig(level=logging.INFO, stream=sys.stderr)
from bots.web import run
from broker.settings import read_settings
run(read_settings(), ready=lambda url: print(url, flush=True))
print("left", flush=True)
"""
ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_good_order(
    redis_server: RedisProcess, tmp_path: Path, sign: signal.Signals
) -> None:
    environment = child_environment(
        REDIS_URL=redis_server.url, STATE_DIR=str(tmp_path / "state"), WEB__PORT="0"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    url = process.stdout.readline().strip()
    assert httpx.get(url + "healthz").text == "ok"
    process.send_signal(sign)
    out, logged = process.communicate(timeout=20)
    assert (process.returncode, out) == (0, "left\n")
    assert f"web chat at {url}" in logged
    assert "Traceback" not in logged and "ERROR" not in logged


def test_a_taken_port_says_which_setting_to_change(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        web = WebSettings(port=port)
        with pytest.raises(SettingsError, match=f"{port}.*MERSAL_WEB__PORT"):
            run(settings.model_copy(update={"web": web}))


def test_a_strange_host_says_which_setting_to_change(settings: Settings) -> None:
    web = WebSettings(host="192.0.2.1", port=0)
    with pytest.raises(SettingsError, match="MERSAL_WEB__HOST"):
        run(settings.model_copy(update={"web": web}))


def test_the_address_to_open_is_one_that_a_browser_on_this_machine_reaches() -> None:
    with socket.create_server(("0.0.0.0", 0)) as everywhere:
        assert browser_url(everywhere) == f"http://127.0.0.1:{everywhere.getsockname()[1]}/"


def test_small_frames_leave_at_once() -> None:
    with (
        listen(WebSettings(port=0)) as listening,
        socket.create_connection(listening.getsockname()),
    ):
        accepted, _ = listening.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
