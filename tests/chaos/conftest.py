"""Where chaos happens, and the table of what was found."""

from pathlib import Path

import pytest

from broker.settings import (
    LimitSettings,
    RedisSettings,
    Settings,
    TurnSettings,
    WorkerSettings,
)
from tests.chaos.report import ROWS, lines
from tests.chaos.run import Scene
from tests.redis_process import RedisProcess


@pytest.fixture
def chaos_settings(doomed_redis: RedisProcess, tmp_path: Path) -> Settings:
    return Settings(
        redis_url=doomed_redis.url,
        state_dir=tmp_path / "state",
        redis=RedisSettings(namespace="chaos"),
        limits=LimitSettings(messages_per_minute=0, pending_messages=1000, wait_s=3600),
        turn=TurnSettings(lease_s=1.5),
        worker=WorkerSettings(model="echo", threads=8),
    )


@pytest.fixture
def scene(doomed_redis: RedisProcess, chaos_settings: Settings, tmp_path: Path) -> Scene:
    return Scene(doomed_redis, chaos_settings, tmp_path / "workers.log")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if ROWS:
        terminalreporter.section("chaos")
        for line in lines():
            terminalreporter.write_line(line)
