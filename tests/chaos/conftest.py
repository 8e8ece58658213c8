"""A Redis to kill, and the table of what was found."""

from collections.abc import Iterator
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
def doomed_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisProcess]:
    """A server of the test's own: every write is on disk before it is acknowledged."""
    server = RedisProcess(tmp_path_factory.mktemp("redis"), appendfsync="always")
    server.start()
    yield server
    server.stop()


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
