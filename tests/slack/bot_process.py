"""A bot as a process of its own, to be killed."""

import subprocess
import sys
from pathlib import Path

from broker.settings import Settings, child_environment

CODE = """
import logging
from bots.slack import run
from broker.settings import read_settings
logging.basicConfig(level="WARNING")
run(read_settings())
"""


class BotProcess:
    """Started and killed at will; what it logs goes to a file."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        slack = settings.slack
        assert slack.bot_token is not None and slack.app_token is not None
        self.log = folder / "bot.log"
        self._environment = child_environment(
            REDIS_URL=settings.redis_url,
            REDIS__NAMESPACE=settings.redis.namespace,
            STATE_DIR=str(settings.state_dir),
            WORKER__MODEL=settings.worker.model,
            LIMITS__MESSAGES_PER_MINUTE="0",
            LIMITS__PENDING_MESSAGES="1000",
            SLACK__BOT_TOKEN=slack.bot_token.get_secret_value(),
            SLACK__APP_TOKEN=slack.app_token.get_secret_value(),
            SLACK__BASE_URL=slack.base_url,
            SLACK__POSTS_PER_S=str(slack.posts_per_s),
            SLACK__TIER_SHARE=str(slack.tier_share),
            SLACK__OVERALL_PER_S=str(slack.overall_per_s),
            SLACK__SHOW_EVERY_S=str(slack.show_every_s),
            SLACK__TIMEOUT_S="5",
        )
        self._file = self.log.open("ab")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", CODE], env=self._environment, stderr=self._file
        )

    def kill(self) -> None:
        """SIGKILL: nothing is said, nothing is finished."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(20)
            self._process = None

    def close(self) -> None:
        self.kill()
        self._file.close()
