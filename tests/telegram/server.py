"""The Bot API over HTTP: a server small enough to break in every way on purpose."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import Message
from email.parser import BytesParser
from typing import Any, cast
from urllib.parse import parse_qsl

import httpx

from tests.telegram.platform import TOKEN, Platform
from tests.telegram.rules import Bad


class BotApiServer:
    """Serves one platform on a free port of this machine."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.port = 0
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/bot"

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["BotApiServer"]:
        server = await asyncio.start_server(self._connection, "127.0.0.1", self.port, backlog=500)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            self.disconnect()
            for task in list(self._tasks):
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await server.wait_closed()
            await asyncio.sleep(0.02)  # aborted sockets are closed by the loop's next rounds

    def disconnect(self) -> None:
        """The network is gone for a moment: every connection breaks."""
        for writer in list(self._writers):
            writer.transport.abort()

    async def push(self, tls: ssl.SSLContext | None = None) -> list[int]:
        """Deliver waiting updates to the webhook, in order; returns the status codes."""
        hook, codes = self.platform.webhook, []
        async with httpx.AsyncClient(timeout=20, verify=tls or False) as client:
            for update in list(self.platform.unconfirmed):
                headers = {"X-Telegram-Bot-Api-Secret-Token": hook["secret_token"]}
                answer = await client.post(hook["url"], json=update, headers=headers)
                codes.append(answer.status_code)
                if answer.status_code != 200:
                    break  # the platform tries again later
                self.platform.unconfirmed.remove(update)
        return codes

    @asynccontextmanager
    async def pushing(self) -> AsyncIterator[None]:
        """Deliver updates to the webhook, if there is one, as they come."""

        async def push() -> None:
            while True:
                if self.platform.webhook.get("url"):
                    await self.push()
                await asyncio.sleep(0.02)

        task = asyncio.create_task(push())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._writers.add(writer)
        try:
            while await self._request(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._writers.discard(writer)
            self._tasks.discard(task)
            writer.transport.abort()

    async def _request(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; False when the connection is to be broken instead."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.split("\r\n")
        headers = {
            name.lower(): value for name, _, value in (line.partition(": ") for line in lines)
        }
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        path = first.split(" ")[1].partition("?")[0]
        status, answer = await self._answer(path, headers.get("content-type", ""), body)
        if answer is None:
            return False
        raw = json.dumps(answer).encode()
        writer.write(
            f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(raw)}\r\n\r\n".encode()
            + raw
        )
        await writer.drain()
        return True

    async def _answer(self, path: str, kind: str, body: bytes) -> tuple[int, Any]:
        token, _, method = path.removeprefix("/bot").partition("/")
        if token != TOKEN:
            return 401, {"ok": False, "error_code": 401, "description": "Unauthorized"}
        parameters = _read_body(kind, body)
        failure = self.platform.fail(method, parameters)
        if failure == "dropped":
            return 0, None
        if failure == "500":
            return 500, {"ok": False, "error_code": 500, "description": "Internal Server Error"}
        try:
            if failure == "429":
                raise Bad("Too Many Requests: retry after 2", 429, retry_after=2)
            result = await self.platform.call(method, parameters)
        except Bad as bad:
            answer = {"ok": False, "error_code": bad.code, "description": str(bad)}
            return bad.code, {
                **answer,
                **({"parameters": bad.parameters} if bad.parameters else {}),
            }
        return (0, None) if failure == "lost" else (200, {"ok": True, "result": result})


def _read_body(kind: str, body: bytes) -> dict[str, str]:
    if kind.startswith("application/json"):
        return {name: _as_text(value) for name, value in json.loads(body).items()}
    if kind.startswith("multipart/"):
        message = BytesParser().parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
        parts = cast("list[Message[str, str]]", message.get_payload())
        named = ((part.get_param("name", header="content-disposition"), part) for part in parts)
        return {
            str(name): cast(bytes, part.get_payload(decode=True)).decode("utf-8", "replace")
            for name, part in named
        }
    return dict(parse_qsl(body.decode(), keep_blank_values=True))


def _as_text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
