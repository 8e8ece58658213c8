"""A bot as a process of its own, to be killed."""

import subprocess
import sys
from pathlib import Path

from broker.settings import Settings, child_environment

CODE = """
import logging
from bots.telegram import run
from broker.settings import read_settings
logging.basicConfig(level="WARNING")
run(read_settings())
"""


class BotProcess:
    """Started and killed at will; what it logs goes to a file."""

    def __init__(self, settings: Settings, folder: Path, code: str = CODE) -> None:
        self._code = code
        telegram = settings.telegram
        assert telegram.token is not None
        self._environment = child_environment(
            REDIS_URL=settings.redis_url,
            REDIS__NAMESPACE=settings.redis.namespace,
            WORKER__MODEL=settings.worker.model,
            LIMITS__MESSAGES_PER_MINUTE="0",
            LIMITS__PENDING_MESSAGES="1000",
            TELEGRAM__TOKEN=telegram.token.get_secret_value(),
            TELEGRAM__BASE_URL=telegram.base_url,
            TELEGRAM__BASE_FILE_URL=telegram.base_file_url,
            TELEGRAM__PRIVATE_PER_S=str(telegram.private_per_s),
            TELEGRAM__OVERALL_PER_S=str(telegram.overall_per_s),
            TELEGRAM__SHOW_EVERY_S=str(telegram.show_every_s),
            TELEGRAM__TIMEOUT_S="5",
        )
        self.log = folder / "bot.log"
        self._log = self.log.open("ab")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", self._code], env=self._environment, stderr=self._log
        )

    def kill(self) -> None:
        """SIGKILL: nothing is said, nothing is finished."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(20)
            self._process = None

    def close(self) -> None:
        self.kill()
        self._log.close()
