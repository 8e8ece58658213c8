"""Bringing events to the bot: Socket Mode or signed HTTP, acknowledged or sent again."""

import asyncio
import hashlib
import hmac
import json
import random
import time
import uuid
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

Kind = Literal["events_api", "slash_commands", "interactive"]
SIGNING_SECRET = "test-signing-secret-0123456789ab"


@dataclass(eq=False)
class Delivery:
    """Something on its way to the bot. `answer` is what the acknowledgement carried."""

    kind: Kind
    payload: dict[str, Any]
    attempts: list[str] = field(default_factory=list)
    acknowledged: bool = False
    given_up: bool = False
    answer: Any = None


class Courier:
    """Delivers as Slack does: 3 s to acknowledge; events again at once, after 1 and 5 minutes.

    `retry_after_s` are the pauses before further attempts: sooner and oftener than Slack's, which
    gives up after the third.
    """

    def __init__(self) -> None:
        self.ack_s = 3.0
        self.retry_after_s: tuple[float, ...] = (0.05, 0.4, 0.8, 1.5, 3.0, 6.0, 12.0)
        self.url = ""  # where events go by HTTP; empty: Socket Mode
        self.deliveries: list[Delivery] = []
        self.sockets: list[web.WebSocketResponse] = []
        self._waiting: dict[str, tuple[web.WebSocketResponse, asyncio.Future[Any]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None

    def send(self, kind: Kind, payload: dict[str, Any]) -> Delivery:
        delivery = Delivery(kind, payload)
        self.deliveries.append(delivery)
        self._start(delivery)
        return delivery

    def again(self, count: int = 1) -> None:
        """The latest events arrive once more, as after a lost acknowledgement."""
        events = [one for one in self.deliveries if one.kind == "events_api"]
        for delivery in events[-count:]:
            self._start(delivery)

    @property
    def unacknowledged(self) -> list[Delivery]:
        return [one for one in self.deliveries if not one.acknowledged]

    def _start(self, delivery: Delivery) -> None:
        task = asyncio.create_task(self._deliver(delivery))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, delivery: Delivery) -> None:
        pauses = (0.0, *self.retry_after_s) if delivery.kind == "events_api" else (0.0,)
        for number, pause_s in enumerate(pauses):
            await asyncio.sleep(pause_s)
            reason = delivery.attempts[-1] if delivery.attempts else ""
            try:
                async with asyncio.timeout(self.ack_s):
                    by = self._by_http if self.url else self._by_socket
                    delivery.answer = await by(delivery, number, reason)
                delivery.acknowledged = True
                return
            except TimeoutError:
                delivery.attempts.append("timeout")
            except (ConnectionError, aiohttp.ClientError):
                delivery.attempts.append("http_error" if self.url else "connection_failed")
        delivery.given_up = True

    # Socket Mode

    async def connected(self, socket: web.WebSocketResponse) -> None:
        """Serve one connection of the bot until it ends."""
        self.sockets.append(socket)
        await socket.send_json({"type": "hello", "num_connections": len(self.sockets),
                                "connection_info": {"app_id": "A0MERSAL"}})  # fmt: skip
        try:
            async for message in socket:
                if message.type == aiohttp.WSMsgType.TEXT:
                    self._hear(json.loads(message.data))
        finally:
            self.sockets.remove(socket)
            for its, answer in list(self._waiting.values()):
                if its is socket and not answer.done():
                    answer.set_exception(ConnectionError("the bot has gone"))

    def _hear(self, said: dict[str, Any]) -> None:
        waiting = self._waiting.get(said.get("envelope_id", ""))
        if waiting is not None and not waiting[1].done():
            waiting[1].set_result(said.get("payload"))

    async def _by_socket(self, delivery: Delivery, number: int, reason: str) -> Any:
        if not self.sockets:
            raise ConnectionError("nobody listens")
        socket = random.choice(self.sockets)
        ident = str(uuid.uuid4())
        envelope = {"type": delivery.kind, "envelope_id": ident,
                    "payload": delivery.payload,
                    "accepts_response_payload": delivery.kind != "events_api"}  # fmt: skip
        if delivery.kind == "events_api":
            envelope |= {"retry_attempt": number, "retry_reason": reason}
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[ident] = (socket, answer)
        try:
            await socket.send_json(envelope)
            return await answer
        finally:
            del self._waiting[ident]

    async def refresh(self, reason: str = "refresh_requested") -> None:
        """Tell every connection to go and come again, and close it soon after."""
        for socket in list(self.sockets):
            await socket.send_json({"type": "disconnect", "reason": reason})
            await asyncio.sleep(0.05)
            await socket.close()

    def cut(self) -> None:
        """Break every connection without a word."""
        for socket in list(self.sockets):
            if socket._req is not None and socket._req.transport is not None:
                socket._req.transport.abort()

    # HTTP

    async def _by_http(self, delivery: Delivery, number: int, reason: str) -> Any:
        body, kind = encode(delivery)
        headers = signed(body) | {"Content-Type": kind}
        if number:
            headers |= {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason}
        status, answer = await self.post(body, headers)
        if status >= 300:
            raise ConnectionError(f"answered {status}")
        return answer

    async def post(self, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
        """Send a request as it is; for forged ones too."""
        if self._session is None:
            self._session = aiohttp.ClientSession()
        async with self._session.post(self.url, data=body, headers=headers) as answer:
            return answer.status, await answer.text()

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()


def encode(delivery: Delivery) -> tuple[bytes, str]:
    """The body of the HTTP request, and its content type."""
    form = "application/x-www-form-urlencoded"
    if delivery.kind == "events_api":
        return json.dumps(delivery.payload).encode(), "application/json"
    if delivery.kind == "interactive":
        return urlencode({"payload": json.dumps(delivery.payload)}).encode(), form
    return urlencode(delivery.payload).encode(), form


def signed(body: bytes, at: float | None = None, secret: str = SIGNING_SECRET) -> dict[str, str]:
    """The headers that prove a request to be Slack's."""
    stamp = str(int(time.time() if at is None else at))
    base = b"v0:" + stamp.encode() + b":" + body
    proof = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={proof}"}
