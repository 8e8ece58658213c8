"""A bot as a process of its own, to be killed."""

import subprocess
import sys
from pathlib import Path

from pydantic import SecretStr

from broker.settings import Section, Settings, child_environment

CODE = """
import logging
from bots.{channel} import run
from broker.settings import read_settings
logging.basicConfig(level="WARNING")
run(read_settings())
"""


def settings_of(channel: str, section: Section) -> dict[str, str]:
    """What a test has set of a channel's settings, as the environment has it."""
    values = {name: getattr(section, name) for name in section.model_fields_set}
    return {
        f"{channel}__{name}".upper(): str(
            value.get_secret_value() if isinstance(value, SecretStr) else value
        )
        for name, value in values.items()
        if value is not None
    }


class BotProcess:
    """Started and killed at will; what it logs goes to a file.

    It runs the channel's bot, or other `code`.
    """

    def __init__(self, channel: str, settings: Settings, folder: Path, code: str = "") -> None:
        self.log = folder / "bot.log"
        self._code = code or CODE.format(channel=channel)
        ours = settings_of(channel, getattr(settings, channel)) | {
            f"{channel}__TIMEOUT_S".upper(): "5",  # it shares the processors with others
            "REDIS_URL": settings.redis_url,
            "REDIS__NAMESPACE": settings.redis.namespace,
            "STATE_DIR": str(settings.state_dir),
            "WORKER__MODEL": settings.worker.model,
            "LIMITS__MESSAGES_PER_MINUTE": "0",
            "LIMITS__PENDING_MESSAGES": "1000",
        }
        self._environment = child_environment(**ours)
        self._file = self.log.open("ab")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", self._code], env=self._environment, stderr=self._file
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
