"""A tab: one browser's socket on one conversation.

What it is shown is the conversation's state, so whatever a slow browser cannot take is
dropped and replaced by a whole view later: nobody waits for it.
"""

import asyncio
import logging
from collections import deque
from dataclasses import replace

from starlette.websockets import WebSocket, WebSocketDisconnect

from bots.ending import end
from bots.language import guess, told
from bots.web import frames
from bots.web.allowance import Allowance
from bots.web.browser import Browser
from bots.web.desk import Desk
from bots.web.requests import Choose, Regenerate, Say, Wish, read_request
from broker.conversation import Snapshot
from broker.errors import RedisUnavailable, ScriptFailed
from broker.messages import Address, Reply, ReplyDelta

logger = logging.getLogger(__name__)

MAX_WAITING = 200
MAX_REMARKS = 10
# A page asks for far less. Who floods is read no faster, and so cannot send faster.
MAX_REQUESTS, REQUESTS_S = 50, 1.0
VIEW_TURNS = 50
# The end of a conversation: the turn that just ended, and the one before to join it to.
TAIL_TURNS = 2
AGAIN_S = 1.0


class BadRequest(Exception):
    """Raised when a browser sends what the page never would."""


class Tab:
    """Serves one accepted socket.

    The `show_…` methods return at once, whatever the browser does.
    """

    def __init__(self, socket: WebSocket, desk: Desk, browser: Browser, address: Address) -> None:
        self.address = address
        self._socket = socket
        self._desk = desk
        self._browser = browser
        self._language = browser.language  # until the user has written
        self._heard = ""  # the language that the last message showed by itself
        self._waiting: asyncio.Queue[str] = asyncio.Queue(MAX_WAITING)
        self._missing_all = True  # a new tab has seen nothing
        self._ended: deque[Reply] = deque(maxlen=MAX_REMARKS)
        self._stale = asyncio.Event()
        self._stale.set()
        self._last_reply = ""
        # What is read from Redis is sent in the order of its reading.
        self._order = asyncio.Lock()

    async def serve(self) -> None:
        """Until the browser goes away."""
        talks = (self._read(), self._send(), self._refresh())
        tasks = [asyncio.create_task(talk) for talk in talks]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await end(*tasks)
        errors = [task.exception() for task in tasks if not task.cancelled()]
        if any(isinstance(error, BadRequest) for error in errors):
            await self._socket.close(1008)  # now that nobody sends any more
            return
        for error in errors:
            if error is not None and not isinstance(error, WebSocketDisconnect):
                raise error

    def show_delta(self, delta: ReplyDelta) -> None:
        """Show a piece; a browser that is behind gets the whole text later instead."""
        if not self._missing_all:
            self._offer(frames.delta_frame(delta))

    def show_reply(self, reply: Reply) -> None:
        """Show the end of the conversation. The second time, from the outbox, it is known."""
        if reply.reply_id != self._last_reply:
            self._last_reply = reply.reply_id
            self._ended.append(reply)
            self._stale.set()

    def show_trouble(self, away: bool) -> None:
        """Say whether Redis is away."""
        self._offer(frames.trouble_frame(away))

    def catch_up(self) -> None:
        """Something may be missing: send a whole view."""
        self._missing_all = True
        self._stale.set()

    def _offer(self, frame: str) -> None:
        try:
            self._waiting.put_nowait(frame)
        except asyncio.QueueFull:
            self.catch_up()

    async def _send(self) -> None:
        while True:
            await self._socket.send_text(await self._waiting.get())

    async def _refresh(self) -> None:
        """Whenever the conversation's state is no longer what the tab shows, send it."""
        while True:
            await self._stale.wait()
            async with self._order:
                self._stale.clear()  # whatever happens from here on is newer than the view
                whole, self._missing_all = self._missing_all, False
                ended = tuple(self._ended)
                self._ended.clear()
                try:
                    snapshot = await self._look(VIEW_TURNS if whole else TAIL_TURNS)
                    about = [await self._desk.about(self._browser, self.address)] if whole else []
                except (RedisUnavailable, ScriptFailed) as error:
                    logger.debug("no view: %s", error, extra={"conversation": self._ident})
                    self._ended.extend(ended)
                    self.catch_up()
                else:
                    page = self._browser.language
                    view = frames.view_frame(snapshot, whole, self._language, page, ended)
                    for frame in (view, *about):
                        await self._waiting.put(frame)
                    continue
            self.show_trouble(True)
            await asyncio.sleep(AGAIN_S)

    async def _look(self, turns: int) -> Snapshot:
        snapshot = await self._desk.conversations.snapshot(self.address, turns)
        self._language = frames.last_language(snapshot.turns, self._language)
        return snapshot

    async def _read(self) -> None:
        pace = Allowance(MAX_REQUESTS, REQUESTS_S)
        while True:
            wait_s = pace.spend(self._ident)
            if wait_s:
                await asyncio.sleep(wait_s)
                continue
            try:
                request = read_request(await self._receive())
            except ValueError as error:
                logger.warning("bad request: %s", error, extra={"conversation": self._ident})
                raise BadRequest from None
            if isinstance(request, Say | Regenerate):
                await self._submit(request)
            else:
                await self._grant(request)

    async def _receive(self) -> str:
        """The next frame; "" for a binary one, which is no request either."""
        message = await self._socket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message["code"])
        return str(message.get("text") or "")

    async def _submit(self, request: Say | Regenerate) -> None:
        commands = isinstance(request, Say) and request.command is not None
        if isinstance(request, Say) and not commands:
            self._language = guess(request.text, self._language)
        async with self._order:
            try:
                frame = await self._desk.receipt(
                    request, self._browser, self.address, self._language
                )
            except (RedisUnavailable, ScriptFailed) as error:
                logger.warning("not submitted: %s", error, extra={"message_id": request.id})
                for_good = isinstance(error, ScriptFailed)
                frame = frames.unavailable_frame(request, self._language, for_good)
            await self._waiting.put(frame)
        if commands:
            self.catch_up()  # it may have changed anything
        elif isinstance(request, Say):
            await self._follow(request.text)

    async def _follow(self, text: str) -> None:
        """The page comes in the language that the user writes, unless he chose one. It is turned
        over for the first message or for two in a row: many write one in French now and then."""
        now = told(text)
        if now is None:
            return
        before, self._heard = self._heard, now
        page = self._browser
        if page.follows and now != page.language and before in ("", now):
            self._browser = replace(page, language=now)
            await self._waiting.put(frames.page_frame(now))
            self.catch_up()  # labels come with the turns too

    async def _grant(self, wish: Wish | Choose) -> None:
        try:
            await self._do(wish)
        except (RedisUnavailable, ScriptFailed) as error:
            logger.warning(
                "wish %s not granted: %s", wish.type, error, extra={"conversation": self._ident}
            )
            self.catch_up()  # which says so while Redis is away, and when it is back

    async def _do(self, wish: Wish | Choose) -> None:
        if isinstance(wish, Choose):
            await self._waiting.put(await self._desk.choose(wish, self._browser, self.address))
        elif wish.type == "about":
            await self._waiting.put(await self._desk.about(self._browser, self.address))
        elif wish.type == "ping":
            await self._waiting.put(frames.pong_frame())
        elif wish.type == "look":
            self.catch_up()
        elif wish.type == "stop":
            await self._desk.inbox.cancel(self.address, wish.answer)
        else:
            await self._desk.inbox.forget(self.address)
            self.catch_up()

    @property
    def _ident(self) -> str:
        return self.address.conversation_id
