"""The HTTP side: events, where Socket Mode is not wanted, and the pages that install the app."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow

from bots.slack.manifest import EVENTS_PATH
from broker.errors import SettingsError
from broker.settings import SlackSettings

logger = logging.getLogger(__name__)

MAX_BYTES = 1 << 20
GRACE_S = 3.0

Handler = Callable[[web.Request], Awaitable[web.Response]]


@asynccontextmanager
async def listening(
    slack: SlackSettings, app: AsyncApp | None, flow: AsyncOAuthFlow | None
) -> AsyncIterator[str]:
    """Listen while the block runs; yields the address. Without `app` no events are taken.

    Raises SettingsError when the port cannot be had.
    """
    site_app = web.Application(client_max_size=MAX_BYTES)
    if app is not None:
        site_app.router.add_post(EVENTS_PATH, _events(app))
    if flow is not None:
        site_app.router.add_get(flow.install_path, _install(flow))
        site_app.router.add_get(flow.redirect_uri_path, _installed(flow))
    runner = web.AppRunner(site_app, access_log=None, shutdown_timeout=GRACE_S)
    await runner.setup()
    try:
        await web.TCPSite(runner, slack.host, slack.port).start()
    except OSError as error:
        await runner.cleanup()
        raise SettingsError(
            f"slack: cannot listen on {slack.host}:{slack.port}: {error}; see MERSAL_SLACK__PORT"
        ) from None
    host, port = runner.addresses[0][:2]
    logger.info("listening on %s:%d", host, port)
    try:
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()


def _events(app: AsyncApp) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        if not request.headers.get("X-Slack-Request-Timestamp", "").isdigit():
            return web.Response(status=401)  # Bolt would fail at it
        answer = await app.async_dispatch(await to_bolt_request(request))
        return await to_aiohttp_response(answer)

    return handle


def _install(flow: AsyncOAuthFlow) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        return await to_aiohttp_response(
            await flow.handle_installation(await to_bolt_request(request))
        )

    return handle


def _installed(flow: AsyncOAuthFlow) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await flow.handle_callback(await to_bolt_request(request)))

    return handle
