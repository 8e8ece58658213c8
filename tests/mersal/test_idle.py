"""A bot without tokens, in a compose file: it waits in good health, and goes when told to."""

import signal
import subprocess
import sys
from pathlib import Path

from mersal.life import WORKS
from tests.mersal.command import DEADLINE_S, environment, mersal, wait_until


def test_a_bot_without_tokens_idles_where_that_is_wanted(state_dir: Path, tmp_path: Path) -> None:
    life = tmp_path / "life"
    command = [sys.executable, "-m", "mersal", "bot", "telegram", "--or-idle", "--life", str(life)]
    bot = subprocess.Popen(command, env=environment(state_dir), cwd=tmp_path)
    try:
        wait_until(lambda: life.exists() and life.read_text() == WORKS, "a sign that it works")
        bot.send_signal(signal.SIGTERM)
        assert bot.wait(DEADLINE_S) == 0
    finally:
        bot.kill()
        bot.wait()


def test_elsewhere_it_says_what_is_missing(state_dir: Path) -> None:
    stopped = mersal("bot", "telegram", state_dir=state_dir)
    assert stopped.returncode == 2
    assert "MERSAL_TELEGRAM__TOKEN" in stopped.stderr
