"""Where chaos happens, and where it is written down."""

from collections.abc import Callable
from pathlib import Path

import pytest

from broker.settings import (
    LimitSettings,
    RedisSettings,
    Settings,
    TurnSettings,
    WorkerSettings,
)
from tests.chaos.report import PROPERTY, Row, line
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
def scene(
    doomed_redis: RedisProcess,
    chaos_settings: Settings,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> Scene:
    def record(row: Row) -> None:
        record_property(PROPERTY, line(row))

    return Scene(doomed_redis, chaos_settings, tmp_path / "workers.log", record)
