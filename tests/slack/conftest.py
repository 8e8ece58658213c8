"""A Slack of the test's own, and bots that serve it."""

import socket
from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from bots.slack import receiving, sending, serve
from bots.slack.manifest import manifest
from broker.settings import Settings, SlackSettings, TurnSettings, WorkerSettings
from tests.channels.bot import Bots, bots_that
from tests.channels.worker import echo as echo
from tests.slack.courier import SIGNING_SECRET
from tests.slack.platform import APP_TOKEN, Platform
from tests.slack.rates import Rates
from tests.slack.server import SlackServer


@pytest.fixture
async def server() -> AsyncIterator[SlackServer]:
    async with SlackServer(Platform()).serving() as running:
        yield running


@pytest.fixture
def slack(server: SlackServer) -> Platform:
    """The platform with the app as its manifest says, without its slow limits."""
    platform = server.platform
    platform.rates = Rates(enforced=False)
    granted = manifest()
    platform.scopes = set(granted["oauth_config"]["scopes"]["bot"])
    platform.events = set(granted["settings"]["event_subscriptions"]["bot_events"])
    return platform


@pytest.fixture
def chat_settings(
    settings: Settings, slack: Platform, server: SlackServer, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    """Settings for a bot on that platform, fast enough for tests."""
    monkeypatch.setattr(receiving, "PING_S", 0.5)  # broken connections are opened again sooner
    monkeypatch.setattr(sending, "LOOK_AFTER_S", 0.1)  # what left arrives at once here, or never
    ours = SlackSettings(
        bot_token=SecretStr(slack.atay.bot_token),
        app_token=SecretStr(APP_TOKEN),
        signing_secret=SecretStr(SIGNING_SECRET),
        base_url=server.base_url,
        posts_per_s=1000,
        tier_share=1000.0,
        overall_per_s=1000,
        show_every_s=0.2,
        timeout_s=2.0,
    )
    worker = WorkerSettings(model="echo", linger_s=0.1)
    return settings.model_copy(
        update={"slack": ours, "worker": worker, "turn": TurnSettings(lease_s=10.0)}
    )


@pytest.fixture
def http_settings(chat_settings: Settings, slack: Platform) -> Settings:
    """The bot listens on a port of its own, and Slack sends there."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    slack.courier.url = f"http://127.0.0.1:{port}/slack/events"
    ours = {"http": True, "port": port, "app_token": None}
    return chat_settings.model_copy(update={"slack": chat_settings.slack.model_copy(update=ours)})


@pytest.fixture
def bots() -> Bots:
    """Run a bot with these settings while the block runs."""
    return bots_that(serve)
