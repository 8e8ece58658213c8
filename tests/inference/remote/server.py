"""A strict server of OpenAI's API in a thread: it answers with the words it got, or misbehaves.

A word is a token. Requests with fields that it does not know, or that do not fit its window,
are refused as vLLM refuses them. What it shall do instead of answering is put on `script`.
"""

import asyncio
import json
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from inference.remote.loop import LoopThread

KNOWN = {
    "model", "messages", "prompt", "stream", "stream_options", "max_tokens", "temperature",
    "top_p", "stop", "seed", "top_k", "repetition_penalty", "min_tokens", "priority",
}  # fmt: skip


@dataclass(frozen=True)
class Act:
    """One answer: a status other than 200, or pieces with a wait before each, and an end."""

    pieces: tuple[str, ...] | None = None  # None: the words of the newest message
    status: int = 200
    error: str = "no"
    headers: dict[str, str] = field(default_factory=dict)
    wait_s: float = 0.0
    first_wait_s: float = 0.0
    raw: bytes = b""  # instead of everything
    ends: str = "well"  # "well", "cut", "hangs", "without usage", "without reason"


class Server:
    """Acts come from `script`, then all is well. Greetings (one token) are never scripted."""

    def __init__(self, window: int = 1000, key: str = "", tokenizes: bool = True) -> None:
        self.script: deque[Act] = deque()
        self.requests: list[dict[str, Any]] = []
        self.counted = 0
        self.count: bytes | None = None  # what /tokenize answers instead of the truth
        self.count_wait_s = 0.0
        self.greeted = 0
        self.broken_off = 0
        self.works = True
        self.names = ["tiny"]
        self.window = window
        self.url = ""
        self._key = key
        self._tokenizes = tokenizes
        self._runner: web.AppRunner | None = None
        self._loop = LoopThread("picky server")

    def start(self, port: int = 0) -> None:
        self._loop.run(self._start(port))

    def stop(self) -> None:
        """Open connections are cut."""
        self._loop.run(self._stop())

    def close(self) -> None:
        self.stop()
        self._loop.stop()

    @property
    def port(self) -> int:
        return int(self.url.rsplit(":", 1)[1].split("/")[0])

    async def _start(self, port: int) -> None:
        app = web.Application()
        app.router.add_get("/v1/models", self._models)
        app.router.add_post("/v1/chat/completions", self._complete)
        app.router.add_post("/v1/completions", self._complete)
        if self._tokenizes:
            app.router.add_post("/tokenize", self._tokenize)
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        assert site._server is not None and isinstance(site._server, asyncio.Server)
        self.url = f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}/v1"

    async def _stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _models(self, request: web.Request) -> web.Response:
        if denied := self._denied(request):
            return denied
        data = [
            {"id": name, "object": "model", "max_model_len": self.window} for name in self.names
        ]
        return web.json_response({"object": "list", "data": data})

    async def _tokenize(self, request: web.Request) -> web.Response:
        self.counted += 1
        await asyncio.sleep(self.count_wait_s)
        if self.count is not None:
            return web.Response(body=self.count, content_type="application/json")
        return web.json_response({"count": _words(await request.json())})

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        if denied := self._denied(request):
            return denied
        body = await request.json()
        if body["max_tokens"] == 1:
            self.greeted += 1
            act = Act() if self.works else Act(status=500)
        else:
            self.requests.append(body)
            act = self.script.popleft() if self.script else Act()
        if act == Act():
            act = self._refusal(body) or act
        if act.status != 200:
            content = {
                "error": {"message": act.error, "type": "BadRequestError", "code": act.status}
            }
            return web.json_response(content, status=act.status, headers=act.headers)
        try:
            return await self._play(request, body, act)
        except (asyncio.CancelledError, ConnectionError):
            self.broken_off += 1
            raise

    def _denied(self, request: web.Request) -> web.Response | None:
        if self._key and request.headers.get("Authorization") != f"Bearer {self._key}":
            return web.json_response({"error": {"message": "wrong key"}}, status=401)
        return None

    def _refusal(self, body: dict[str, Any]) -> Act | None:
        if unknown := body.keys() - KNOWN:
            return Act(status=422, error=f"unknown fields {unknown}")
        if body["model"] not in self.names:
            return Act(status=404, error=f"The model `{body['model']}` does not exist.")
        if (asked := _words(body) + body["max_tokens"]) > self.window:
            return Act(
                status=400,
                error=f"This model's maximum context length is {self.window} tokens. "
                f"However, you requested {asked} tokens.",
            )
        return None

    async def _play(
        self, request: web.Request, body: dict[str, Any], act: Act
    ) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        if act.raw:
            await response.write(act.raw)
            return response
        pieces = _answer(body) if act.pieces is None else act.pieces
        pieces = pieces[: body["max_tokens"]]
        for number, piece in enumerate(pieces):
            await asyncio.sleep(act.wait_s if number else act.first_wait_s)
            await response.write(_event(body, {"choices": [_choice(body, piece)]}))
        if act.ends == "cut":
            assert request.transport is not None
            request.transport.abort()
        if act.ends == "hangs":
            await asyncio.sleep(60)
        reason = "length" if len(pieces) == body["max_tokens"] else "stop"
        if act.ends != "without reason":
            await response.write(
                _event(body, {"choices": [{**_choice(body, ""), "finish_reason": reason}]})
            )
        usage = {"prompt_tokens": _words(body), "completion_tokens": len(pieces)}
        if act.ends != "without usage":
            await response.write(_event(body, {"choices": [], "usage": usage}))
        if act.ends != "without reason":
            await response.write(b"data: [DONE]\n\n")
        return response


def _choice(body: dict[str, Any], text: str) -> dict[str, Any]:
    return (
        {"index": 0, "delta": {"content": text}}
        if "messages" in body
        else {"index": 0, "text": text}
    )


def _event(body: dict[str, Any], content: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps({"id": "1", **content}).encode() + b"\r\n\r\n"


def _answer(body: dict[str, Any]) -> tuple[str, ...]:
    text = body["messages"][-1]["content"] if "messages" in body else body["prompt"]
    return tuple(f"{word} " for word in text.split())


def _words(body: dict[str, Any]) -> int:
    texts = [one["content"] for one in body["messages"]] if "messages" in body else [body["prompt"]]
    return sum(len(text.split()) for text in texts)


@contextmanager
def serving(window: int = 1000, key: str = "", tokenizes: bool = True) -> Iterator[Server]:
    server = Server(window, key, tokenizes)
    server.start()
    try:
        yield server
    finally:
        server.close()
