"""The web chat as a browser meets it: a real server, sockets that speak its protocol."""

import asyncio
import json
import re
import threading
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

import httpx
from websockets.asyncio.client import ClientConnection, connect

from bots.web import serve
from broker.settings import Settings

PATIENCE_S = 20.0
Frame = dict[str, Any]


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[str]:
    """A web chat in this event loop; its URL."""
    ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    task = asyncio.create_task(serve(settings, ready.set_result))
    try:
        either: list[asyncio.Future[Any]] = [ready, task]
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            task.result()
        yield ready.result()
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@contextmanager
def serving_aside(settings: Settings) -> Iterator[str]:
    """A web chat in a thread of its own, for tests that are not asyncio; its URL."""
    started = threading.Event()
    stop: list[Callable[[], object]] = []
    urls: list[str] = []

    async def main() -> None:
        ended, loop = asyncio.Event(), asyncio.get_running_loop()
        stop.append(lambda: loop.call_soon_threadsafe(ended.set))
        async with serving(settings) as url:
            urls.append(url)
            started.set()
            await ended.wait()

    thread = threading.Thread(target=asyncio.run, args=(main(),))
    thread.start()
    try:
        assert started.wait(PATIENCE_S)
        yield urls[0]
    finally:
        stop[0]()
        thread.join(PATIENCE_S)


async def new_cookie(url: str, cookie: str = "") -> str:
    """The cookie that the page brings to a browser that has none (or this one)."""
    async with httpx.AsyncClient() as client:
        response = await client.get(url, headers={"cookie": cookie} if cookie else {})
    assert response.status_code == 200
    return response.headers["set-cookie"].partition(";")[0]


def session_of(cookie: str) -> str:
    """The name of the session inside a cookie, as its owner may know it."""
    found = re.match(r"mersal=([^.]+)\.", cookie)
    assert found
    return found[1]


class Socket:
    """One tab."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection

    async def send(self, **request: object) -> None:
        await self._connection.send(json.dumps(request))

    async def send_raw(self, raw: str | bytes) -> None:
        await self._connection.send(raw)

    async def say(self, text: str, ident: str = "") -> str:
        ident = ident or uuid.uuid4().hex
        await self.send(type="say", id=ident, text=text)
        return ident

    async def next(self, *kinds: str) -> Frame:
        """The next frame of these kinds; others are passed over."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                frame: Frame = json.loads(await self._connection.recv())
                if frame["type"] in kinds:
                    return frame

    async def written(self, text: str, known: str = "") -> None:
        """Follow the answer as a page does, from what is known of it, until it is this text."""
        while known != text:
            frame = await self.next("delta", "view")
            if frame["type"] == "view":
                known = (frame["partial"] or {"text": known})["text"]
            elif frame["offset"] > len(known):
                await self.send(type="look")
            else:
                known += frame["text"][len(known) - frame["offset"] :]
            assert text.startswith(known)

    async def view(self, condition: Callable[[Frame], object]) -> Frame:
        """The next view of which this holds."""
        while not condition(view := await self.next("view")):
            pass
        return view

    async def answered(self, turns: int = 1) -> Frame:
        """The next view that ends with an answer; it shows so many turns."""
        return await self.view(lambda view: len(view["turns"]) == turns and not view["pending"])

    async def closed(self) -> int | None:
        """The code that the server closes the socket with."""
        async with asyncio.timeout(PATIENCE_S):
            await self._connection.wait_closed()
        return self._connection.close_code


@asynccontextmanager
async def tab(
    url: str, cookie: str | None, number: object = 1, origin: str | None = "same", lang: str = "ary"
) -> AsyncIterator[Socket]:
    """Open a socket like the page does."""
    where = urlsplit(url)
    headers = {"Cookie": cookie} if cookie else {}
    if origin is not None:
        headers["Origin"] = f"http://{where.netloc}" if origin == "same" else origin
    target = f"ws://{where.netloc}/socket?c={number}&lang={lang}"
    async with connect(target, additional_headers=headers, proxy=None) as connection:
        yield Socket(connection)
