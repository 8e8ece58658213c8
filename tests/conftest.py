"""What every test may use: a real Redis, and settings of the test's own namespace."""

import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from broker.connection import connect
from broker.settings import LimitSettings, RedisSettings, Settings
from tests.chaos.report import PROPERTY, lines
from tests.redis_process import RedisProcess


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisProcess]:
    """One server for all tests that do not kill it."""
    with tempfile.TemporaryDirectory(prefix="mersal-") as folder:
        server = RedisProcess(Path(folder))
        server.start()
        yield server
        server.stop()


@pytest.fixture
def doomed_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisProcess]:
    """A server of the test's own: every write is on disk before it is acknowledged."""
    server = RedisProcess(tmp_path_factory.mktemp("redis"), appendfsync="always")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def settings(redis_server: RedisProcess, tmp_path: Path) -> Settings:
    """Settings on the shared server, under a namespace that no other test uses."""
    return Settings(
        redis_url=redis_server.url,
        state_dir=tmp_path / "state",
        redis=RedisSettings(namespace=f"t{uuid.uuid4().hex[:10]}"),
        limits=LimitSettings(messages_per_minute=0, pending_messages=1000, wait_s=3600),
    )


@pytest.fixture
async def redis(settings: Settings) -> AsyncIterator[Redis]:
    """A client of its own for the test, on the shared server."""
    client = connect(settings)
    yield client
    await client.aclose()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show what the chaos tests found, whichever process ran them."""
    reports = [one for found in terminalreporter.stats.values() for one in found]
    rows = [
        str(value)
        for report in reports
        if getattr(report, "when", "") == "call"
        for name, value in report.user_properties
        if name == PROPERTY
    ]
    if rows:
        terminalreporter.section("chaos")
        for text in lines(rows):
            terminalreporter.write_line(text)
