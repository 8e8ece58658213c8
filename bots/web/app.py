"""The web chat's pages and socket."""

import asyncio
import logging
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from redis.asyncio import Redis
from redis.exceptions import RedisError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket, WebSocketDisconnect

from bots.ending import end
from bots.language import known
from bots.relay import Relay
from bots.web import labels
from bots.web.browser import Browser
from bots.web.desk import Desk
from bots.web.security import SecurityHeaders, same_origin
from bots.web.session import CHANNEL, Sessions, address, open_sessions
from bots.web.tab import Tab
from bots.web.tabs import Tabs, TooManyTabs
from bots.web.visitors import Crowded, Visitors
from broker.connection import connect
from broker.live import Live
from broker.outbox import Outbox
from broker.settings import Settings

logger = logging.getLogger(__name__)

STATIC = Path(__file__).parent / "static"
PULSE_S = 2.0
NO_SESSION = 4401  # the page loads itself anew, which brings a cookie
CROWDED = 4429  # the page says so and tries again later


class WebChat:
    """The handlers of the app, and what they share."""

    def __init__(self, settings: Settings) -> None:
        self._redis: Redis = connect(settings)
        self._sessions: Sessions = open_sessions(settings)
        self._visitors = Visitors(settings.web)
        self._desk = Desk(self._redis, settings, self._visitors)
        self._tabs = Tabs()
        self._relay = Relay(
            Outbox(self._redis, settings, CHANNEL, reader=CHANNEL),
            self._tabs,
            Live(self._redis, settings, CHANNEL),
        )
        self._page = (STATIC / "index.html").read_text(encoding="utf-8")
        self._title = settings.web.title

    async def index(self, request: Request) -> Response:
        """The page; it brings the session's cookie, new or renewed, or waits for its place."""
        headers = {"Cache-Control": "no-store"}
        page = labels.filled(self._page, self._title, labels.page_language(request))
        session = self._sessions.read(request)
        if session is None:
            wait_s = self._visitors.sessions.spend(self._visitors.network(request))
            if wait_s:
                headers["Retry-After"] = str(math.ceil(wait_s))
                return HTMLResponse(page, status_code=429, headers=headers)
            session = self._sessions.new()
        headers["Set-Cookie"] = self._sessions.cookie(session)
        return HTMLResponse(page, headers=headers)

    async def healthz(self, _: Request) -> Response:
        """200 when Redis answers."""
        if await self._redis_answers():
            return PlainTextResponse("ok")
        return PlainTextResponse("Redis does not answer", status_code=503)

    async def socket(self, socket: WebSocket) -> None:
        """A tab: `?c=` says which of the session's conversations, `?lang=` the page's language."""
        if not same_origin(socket.headers):
            await socket.close()
            return
        session, network = self._sessions.read(socket), self._visitors.network(socket)
        if session is None:
            await _refuse(
                socket, CROWDED if self._visitors.sessions.wait_s(network) else NO_SESSION
            )
            return
        try:
            where = address(session, int(socket.query_params.get("c", "")))
        except ValueError:
            await socket.close()
            return
        language = known(socket.query_params.get("lang", ""))
        browser = Browser(session, network, language, follows=not labels.chosen(socket))
        tab = Tab(socket, self._desk, browser, where)
        try:
            with self._visitors.tab_open(network), self._tabs.opened(session, tab):
                await socket.accept()
                await tab.serve()
        except (Crowded, TooManyTabs):
            await _refuse(socket, CROWDED)
        except WebSocketDisconnect:
            pass

    @asynccontextmanager
    async def lifespan(self, _: Starlette) -> AsyncIterator[None]:
        relaying = asyncio.create_task(self._relay.run())
        pulse = asyncio.create_task(self._pulse())
        try:
            yield
        finally:
            await end(pulse, relaying)
            await self._redis.aclose()

    async def _pulse(self) -> None:
        """Tell the tabs when Redis goes away and when it is back."""
        away = False
        while True:
            was, away = away, not await self._redis_answers()
            if away != was:
                logger.debug("Redis is away" if away else "Redis is back")
                for tab in self._tabs.all():
                    tab.show_trouble(away)
            await asyncio.sleep(PULSE_S)

    async def _redis_answers(self) -> bool:
        try:
            return bool(await self._redis.ping())
        except (RedisError, OSError):
            return False


async def _refuse(socket: WebSocket, code: int) -> None:
    """Only a socket that was accepted can tell the page why it is closed."""
    with suppress(WebSocketDisconnect):
        await socket.accept()
        await socket.close(code)


def create_app(settings: Settings) -> Starlette:
    """The web chat as an ASGI app. Raises SettingsError when its secret cannot be kept."""
    chat = WebChat(settings)
    return Starlette(
        routes=[
            Route("/", chat.index),
            Route("/healthz", chat.healthz),
            WebSocketRoute("/socket", chat.socket),
            Mount("/static", StaticFiles(directory=STATIC)),
        ],
        middleware=[Middleware(SecurityHeaders)],
        lifespan=chat.lifespan,
    )
