"""`mersal worker` where there is no Redis yet."""

import signal
import subprocess
import sys
from pathlib import Path

from tests.mersal.command import DEADLINE_S, environment

NOWHERE = "redis://127.0.0.1:1/0"


def test_it_can_be_told_to_leave_before_it_has_reached_redis(state_dir: Path) -> None:
    worker = subprocess.Popen(
        [sys.executable, "-m", "mersal", "worker"],
        env=environment(state_dir, REDIS_URL=NOWHERE, WORKER__MODEL="echo"),
        cwd=state_dir.parent,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    assert worker.stderr is not None
    said = ""
    while "Cannot connect" not in said:
        line = worker.stderr.readline()
        assert line, f"it ended by itself: {said}"
        said += line
    worker.send_signal(signal.SIGTERM)
    said += worker.communicate(timeout=DEADLINE_S)[1]
    assert said.count("MERSAL_REDIS_URL") == 1
    assert "Traceback" not in said
    assert worker.returncode == 0
