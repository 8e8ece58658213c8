"""Slack over HTTP and WebSocket: the Web API, Socket Mode, response URLs, and how they break."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from tests.slack.platform import Platform
from tests.slack.rules import Bad

HANG_S = 30.0


class SlackServer:
    """Serves one platform on a free port of this machine."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self._requests: list[web.Request] = []

    @property
    def base_url(self) -> str:
        return f"{self.platform.address}/api/"

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["SlackServer"]:
        app = web.Application(client_max_size=1 << 24)
        app.add_routes(
            [
                web.route("*", "/api/{method}", self._api),
                web.get("/link", self._link),
                web.post("/respond/{token}", self._respond),
                web.post("/upload/{file_id}", self._upload),
            ]
        )
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, backlog=500)
        await site.start()
        self.platform.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield self
        finally:
            await self.platform.courier.close()
            self.disconnect()
            await runner.cleanup()
            await asyncio.sleep(0.02)  # aborted sockets are closed by the loop's next rounds

    def disconnect(self) -> None:
        """Break every connection, of whatever kind."""
        self.platform.courier.cut()
        for request in list(self._requests):
            _abort(request)

    async def _link(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(heartbeat=None)
        await socket.prepare(request)
        if len(self.platform.courier.sockets) >= 10:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
        else:
            await self.platform.courier.connected(socket)
        return socket

    async def _api(self, request: web.Request) -> web.Response:
        self._requests.append(request)
        try:
            return await self._answer(request)
        finally:
            self._requests.remove(request)

    async def _answer(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        token, given = await _read(request)
        failure = self.platform.fail(method, given)
        if failure == "dropped":
            return _abort(request)
        if failure == "500":
            return web.json_response({"ok": False, "error": "internal_error"}, status=500)
        try:
            if failure == "429":
                raise Bad("ratelimited", "on purpose", 429, retry_after=1)
            if failure == "held":  # it takes effect late
                await self.platform.released.wait()
            answer = await self.platform.call(method, token, given)
        except Bad as bad:
            headers = {"Retry-After": str(bad.retry_after)} if bad.retry_after else {}
            body = {"ok": False, "error": bad.error, "response_metadata": {"messages": [bad.why]}}
            return web.json_response(body, status=bad.status, headers=headers)
        if failure == "hang":
            await asyncio.sleep(HANG_S)
        if failure in ("lost", "hang"):
            return _abort(request)
        scopes = ",".join(sorted(self.platform.scopes))
        return web.json_response(answer, headers={"x-oauth-scopes": scopes})

    async def _respond(self, request: web.Request) -> web.Response:
        given = await request.json()
        if self.platform.fail("response_url", given) == "500":
            return web.Response(status=500)
        try:
            self.platform.respond(request.match_info["token"], given)
        except Bad as bad:
            return web.json_response({"ok": False, "error": bad.error}, status=bad.status)
        return web.Response(text="ok")

    async def _upload(self, request: web.Request) -> web.Response:
        file_id, body = request.match_info["file_id"], await request.read()
        name, length, _ = self.platform.files[file_id]
        if len(body) != length:
            return web.Response(status=400)
        self.platform.files[file_id] = (name, length, body)
        return web.Response(text=f"OK - {length}")


def _abort(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _read(request: web.Request) -> tuple[str, dict[str, Any]]:
    """The token, and the parameters from the query, a form or JSON."""
    given: dict[str, Any] = dict(request.query)
    body = await request.read()
    if request.content_type == "application/json" and body:
        given |= json.loads(body)
    elif body:
        given |= dict(await request.post())
    kind, _, credentials = request.headers.get("Authorization", "").partition(" ")
    if kind == "Basic":
        name, _, secret = base64.b64decode(credentials).decode().partition(":")
        given |= {"client_id": name, "client_secret": secret}
    token = given.pop("token", "") or (credentials if kind == "Bearer" else "")
    return token, given
