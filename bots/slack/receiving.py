"""Receiving: acknowledged to Slack only after Redis holds it.

Bolt acknowledges an event before its listener runs, so a listener that cannot store it loses it.
A global middleware runs before: what it raises, Slack sees as no acknowledgement, and sends the
event again. So the whole of our app is one such middleware; what events mean is found out later,
from the journal.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltError
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bots.slack.hearing import Hearing
from bots.slack.payloads import event_id, without_deleted
from bots.slack.replays import Replays
from broker.arrivals import Arrivals

logger = logging.getLogger(__name__)

RETRY = "x-slack-retry-num"  # Slack's own second try: known by its event's id, and acknowledged
PING_S = 5.0  # a socket that is silent for four times as long is opened anew


class Receiver:
    """The middleware: keeps what arrives, in the order of its arrival."""

    def __init__(self, journal: Arrivals, hearing: Hearing) -> None:
        self._journal = journal
        self._hearing = hearing
        self._turn = asyncio.Lock()

    async def keep(
        self, body: dict[str, Any], next_: Callable[[], Awaitable[None]]
    ) -> BoltResponse | None:
        """Keep a payload. Raises broker errors: then nothing is acknowledged."""
        if body.get("type") in ("url_verification", "ssl_check"):
            await next_()
            return None
        ident = event_id(body)
        if not ident or await self._hearing.understand(body) is None:
            return BoltResponse(status=200, body="")
        kept = json.dumps(without_deleted(body), ensure_ascii=False)
        event = kept.encode("utf-8", "surrogatepass")
        async with self._turn:
            new = await self._journal.keep(ident, event)
        if not new:
            logger.info("event was here before", extra={"event": ident})
        return BoltResponse(status=200, body="")


def make_app(receiver: Receiver, client: AsyncWebClient, signing_secret: str) -> AsyncApp:
    """Bolt's app. It checks signatures of HTTP requests, and knows no token: it never calls."""

    replays = Replays()

    async def middleware(
        request: AsyncBoltRequest, body: dict[str, Any], next: Callable[[], Awaitable[None]]
    ) -> BoltResponse | None:
        signature = request.headers.get("x-slack-signature", [""])[0]
        if replays.has(signature) and RETRY not in request.headers:
            logger.warning("a replayed request was refused")
            return BoltResponse(status=403, body="")
        answer = await receiver.keep(body, next)
        replays.keep(signature)
        return answer

    async def authorize(**_: object) -> AuthorizeResult:
        raise BoltError("only what needs no authorization comes so far")

    return AsyncApp(
        name="mersal",
        logger=logging.getLogger("slack_bolt"),
        signing_secret=signing_secret,
        client=client,
        before_authorize=middleware,
        authorize=authorize,
    )


@asynccontextmanager
async def socket_mode(app: AsyncApp, app_token: str, client: AsyncWebClient) -> AsyncIterator[None]:
    """Receive by Socket Mode while the block runs; lost connections are opened again."""
    handler = AsyncSocketModeHandler(app, app_token, web_client=client, ping_interval=PING_S)
    connecting = asyncio.create_task(handler.connect_async())  # type: ignore[no-untyped-call]
    try:
        await connecting
        yield
    finally:
        connecting.cancel()
        await handler.close_async()  # type: ignore[no-untyped-call]
