"""A Slack of the test's own, and bots that serve it."""

import asyncio
import gc
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
from pydantic import SecretStr

from bots.slack import receiving, sending, serve
from bots.slack.manifest import manifest
from broker.settings import Settings, SlackSettings, TurnSettings, WorkerSettings
from inference.echo import EchoEngine
from tests.slack.courier import SIGNING_SECRET
from tests.slack.platform import APP_TOKEN, Platform
from tests.slack.rates import Rates
from tests.slack.server import SlackServer
from tests.workers.worker_in_thread import working

Bots = Callable[..., AbstractAsyncContextManager[None]]


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
def bots() -> Bots:
    """Run a bot with these settings while the block runs."""

    @asynccontextmanager
    async def running(settings: Settings) -> AsyncIterator[None]:
        ready = asyncio.Event()
        serving = asyncio.create_task(serve(settings, lambda _: ready.set()))
        waiting = asyncio.create_task(ready.wait())
        await asyncio.wait([serving, waiting], return_when=asyncio.FIRST_COMPLETED, timeout=30)
        waiting.cancel()
        if serving.done():
            serving.result()
        try:
            yield
        finally:
            serving.cancel()
            _, late = await asyncio.wait([serving], timeout=30)
            assert not late, "the bot did not end"
            # aiohttp leaves sockets of broken requests to the collector; not to another test's.
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", ResourceWarning)
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
