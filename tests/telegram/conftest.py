"""A Telegram of the test's own, and bots that serve it."""

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from bots.telegram import serve
from broker.settings import Settings, TelegramSettings, TurnSettings, WorkerSettings
from tests.channels.bot import Bots, bots_that
from tests.channels.worker import echo as echo
from tests.telegram.platform import TOKEN, Platform
from tests.telegram.rates import Rates
from tests.telegram.server import BotApiServer


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
    return bots_that(serve)
