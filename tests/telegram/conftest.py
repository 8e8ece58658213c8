"""A Telegram of the test's own, and bots that serve it."""

import asyncio
import gc
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
from pydantic import SecretStr

from bots.telegram import serve
from broker.settings import Settings, TelegramSettings, TurnSettings, WorkerSettings
from inference.echo import EchoEngine
from tests.telegram.platform import TOKEN, Platform, Rates
from tests.telegram.server import BotApiServer
from tests.workers.worker_in_thread import working

Bots = Callable[..., AbstractAsyncContextManager[None]]


@pytest.fixture
async def server() -> AsyncIterator[BotApiServer]:
    async with BotApiServer(Platform()).serving() as running:
        yield running


@pytest.fixture
def telegram(server: BotApiServer) -> Platform:
    """The platform, without its slow limits: tests of limits set them again."""
    server.platform.rates = Rates(enforced=False)
    return server.platform


@pytest.fixture
def chat_settings(settings: Settings, server: BotApiServer) -> Settings:
    """Settings for a bot on that platform, fast enough for tests."""
    telegram = TelegramSettings(
        token=SecretStr(TOKEN),
        base_url=server.base_url,
        base_file_url=server.base_url.replace("/bot", "/file/bot"),
        private_per_s=1000,
        group_per_minute=1000,
        overall_per_s=1000,
        show_every_s=0.2,
        timeout_s=2.0,
    )
    worker = WorkerSettings(model="echo", linger_s=0.1)
    return settings.model_copy(
        update={"telegram": telegram, "worker": worker, "turn": TurnSettings(lease_s=10.0)}
    )


@pytest.fixture
def bots() -> Bots:
    """Run a bot with these settings while the block runs."""

    @asynccontextmanager
    async def running(settings: Settings) -> AsyncIterator[None]:
        ready = asyncio.Event()
        serving = asyncio.create_task(serve(settings, lambda _: ready.set()))
        waiting = asyncio.create_task(ready.wait())
        try:
            await asyncio.wait([serving, waiting], return_when=asyncio.FIRST_COMPLETED, timeout=30)
            if serving.done():
                serving.result()
            yield
        finally:
            waiting.cancel()
            serving.cancel()
            _, late = await asyncio.wait([serving], timeout=30)
            assert not late, "the bot did not end"
            # anyio forgets a connection whose opening is cancelled in the very moment in which it
            # succeeds; the collector closes it. Here, not in another test.
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", "unclosed", ResourceWarning)
                gc.collect()

    return running


@pytest.fixture
def echo(chat_settings: Settings) -> Iterator[EchoEngine]:
    """A worker that answers with the user's own words."""
    engine = EchoEngine()
    with working(engine, chat_settings):
        yield engine


async def until(condition: Callable[[], object], timeout_s: float = 30) -> None:
    """Wait until something holds; deadlines are generous, machines are busy."""
    async with asyncio.timeout(timeout_s):
        while not condition():
            await asyncio.sleep(0.02)
