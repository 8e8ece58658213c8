"""A part of `mersal up` that says what is wrong is quoted, not only counted among the dead."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from tests.mersal.command import UpProcess, environment

PATIENCE_S = 170.0  # torch takes its time to import on a busy machine


def test_a_worker_that_cannot_load_its_model_ends_the_start_with_its_words(
    state_dir: Path,
) -> None:
    folder = state_dir.parent / "checkpoint"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps({"model_type": "llama"}))
    done = subprocess.run(
        [sys.executable, "-m", "mersal", "up", "--no-open", "--model", str(folder)],
        env=environment(state_dir),
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == 2
    told = done.stderr.splitlines()[-1]
    assert told.startswith("mersal: worker: ") and "holds no weights" in told
    assert "starting it again" not in done.stdout + done.stderr


def test_later_on_it_is_quoted_and_started_again(state_dir: Path) -> None:
    """What is in the way now may be gone the next time, and the other parts are at work."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
    up = UpProcess(state_dir, WEB__PORT=str(port))
    up.start()
    try:
        up.wait_until_ready()
        os.kill(up.running.children["web"], signal.SIGKILL)
        with _taken(port):
            up.wait_until_it_prints("web ended: ")
        assert "MERSAL_WEB__PORT" in up.output
    finally:
        up.kill()


def _taken(port: int) -> socket.socket:
    """The port, as soon as the process that had it is gone; another takes a while to start."""
    end = time.monotonic() + PATIENCE_S
    while True:
        try:
            return socket.create_server(("127.0.0.1", port))
        except OSError:
            assert time.monotonic() < end
            time.sleep(0.01)
