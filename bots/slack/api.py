"""Calls to the Web API: each within the budget, each failure told by what to do about it."""

import logging
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Literal

import aiohttp

from bots.answers import Document
from bots.failures import Later, Refused, Unsure
from bots.gate import Gate
from bots.slack.failures import ERRORS, RateLimited, told
from bots.slack.limits import POST, at_once, channel_limit, method_limit
from bots.slack.place import Place, Workspace
from bots.slack.rendering import Part
from bots.slack.workspaces import Workspaces
from broker.budget import Budget, Limit
from broker.settings import SlackSettings

logger = logging.getLogger(__name__)

# How a call is paid for: it waits for the budget, it goes now or never, or it is paid already.
Spend = Literal["wait", "spare", "spent"]
Answer = dict[str, Any]
Block = dict[str, Any]

SLOW_S = 0.03
GATES = 1000  # kept at the most; those that nobody needs go first
_READS = frozenset({"conversations.replies", "conversations.history", "conversations.info",
    "users.info"})  # fmt: skip
METADATA = "mersal_part"


class Api:
    """The Web API as far as we use it. Raises the failures of bots.slack.failures."""

    def __init__(
        self,
        workspaces: Workspaces,
        session: aiohttp.ClientSession,
        budget: Budget,
        settings: SlackSettings,
    ) -> None:
        self.workspaces = workspaces
        self._session = session
        self._budget = budget
        self._settings = settings
        self._gates: dict[str, Gate] = {}

    async def post(
        self, place: Place, part: Part, mark: tuple[str, str], spend: Spend = "wait"
    ) -> str:
        """Post a message; returns its timestamp. `mark` are the delivery and part that it is,
        which the message carries, unseen, so that it can be found again."""
        body = {**_message(part, mark), "unfurl_links": False, "unfurl_media": False}
        if place.thread:
            body["thread_ts"] = place.thread
        return str((await self.call(place, POST, body, spend))["ts"])

    async def update(
        self, place: Place, ts: str, part: Part, mark: tuple[str, str], spend: Spend = "wait"
    ) -> None:
        """Replace a message; doing it again changes nothing."""
        await self.call(place, "chat.update", {"ts": ts, **_message(part, mark)}, spend)

    async def delete(self, place: Place, ts: str) -> None:
        await self.call(place, "chat.delete", {"ts": ts})

    async def start_stream(self, place: Place, text: str, reader: tuple[str, str]) -> str:
        """Begin a stream if there is room in the budget; returns its timestamp. `reader` are the
        id and the team of the user whose question it answers."""
        body = {"thread_ts": place.thread, "markdown_text": text}
        if not place.private:
            body |= {"recipient_user_id": reader[0], "recipient_team_id": reader[1]}
        return str((await self.call(place, "chat.startStream", body, "spare"))["ts"])

    async def append_stream(self, place: Place, ts: str, text: str) -> None:
        """Add to a stream if there is room in the budget."""
        await self.call(place, "chat.appendStream", {"ts": ts, "markdown_text": text}, "spare")

    async def stop_stream(self, place: Place, ts: str, spend: Spend = "wait") -> None:
        await self.call(place, "chat.stopStream", {"ts": ts}, spend)

    async def call(
        self, place: Place, method: str, body: Answer, spend: Spend = "wait", named: str = "channel"
    ) -> Answer:
        """Call a method of this place's channel, which is the parameter `named`."""
        return await self.ask(place.workspace, method, {named: place.chat_id, **body}, spend, place)

    async def ask(
        self,
        workspace: Workspace,
        method: str,
        body: Answer,
        spend: Spend = "wait",
        place: Place | None = None,
    ) -> Answer:
        """Spend, call, and tell what went wrong. A flood error pauses this method alone, or
        for messages this channel alone."""
        limits = self._limits(workspace, method, place)
        give_up_at = time.monotonic() + self._settings.give_up_s
        while True:
            try:
                async with AsyncExitStack() as stack:
                    if spend != "spent":
                        await self._let_in(stack, limits, spend)
                    return await self._timed(workspace, method, body, limits)
            except RateLimited as limited:
                name = limits[0].name
                logger.warning("flood", extra={"budget": name, "retry_after": limited.seconds})
                await self._budget.pause(name, limited.seconds)
                if spend != "wait" or time.monotonic() + limited.seconds > give_up_at:
                    raise

    @asynccontextmanager
    async def paid(self, place: Place) -> AsyncIterator[None]:
        """Wait for the budget; then post one message with `spend="spent"`, at once."""
        async with AsyncExitStack() as stack:
            await self._let_in(stack, self._limits(place.workspace, POST, place), "wait")
            yield

    async def _let_in(self, stack: AsyncExitStack, limits: list[Limit], spend: Spend) -> None:
        """Wait for everything that a call must wait for, or raise Later if it may not wait.

        Who waits for his channel takes no place of the whole workspace's.
        """
        name = limits[0].name
        gates = [self._gate(limit) for limit in limits]
        if spend == "spare":
            if any(gate.full for gate in gates) or not await self._budget.spare(name, *limits):
                raise Later("no room in the budget")
            for gate in gates:
                await stack.enter_async_context(gate.passed())
            return
        *own, whole = gates
        for gate in own:
            await stack.enter_async_context(gate.passed())
        await self._budget.wait(name, *limits)
        await stack.enter_async_context(whole.passed())

    async def respond(self, url: str, part: Part) -> None:
        """An ephemeral message, which only the user of a command or button sees."""
        body: Answer = {
            "text": part.notification,
            "response_type": "ephemeral",
            "replace_original": False,
        }
        if part.blocks:
            body["blocks"] = list(part.blocks)
        try:
            async with self._session.post(url, json=body) as response:
                if response.status == 429 or response.status >= 500:
                    raise Later(f"status {response.status}")
                if response.status >= 400:
                    raise Refused(f"status {response.status}")
        except ERRORS as error:
            raise told(error) from None

    async def upload(self, place: Place, document: Document, comment: str) -> None:
        """Send a file."""
        installation = await self.workspaces.find(place.workspace)
        try:
            await installation.client.files_upload_v2(
                filename=document.name,
                content=document.content,
                channel=place.chat_id,
                thread_ts=place.thread or None,
                initial_comment=comment,
            )
        except ERRORS as error:
            raise told(error) from None

    async def direct(self, workspace: Workspace, user_id: str) -> str:
        """The channel of a user's direct messages with the bot."""
        answer = await self.ask(workspace, "conversations.open", {"users": user_id})
        return str(answer["channel"]["id"])

    def _limits(self, workspace: Workspace, method: str, place: Place | None) -> list[Limit]:
        """What a call spends; by the name of the first it is paused."""
        whole = method_limit(workspace, method, self._settings)
        if method != POST or place is None:
            return [whole]
        return [channel_limit(place, self._settings), whole]

    def _gate(self, limit: Limit) -> Gate:
        """Of one limit, in this process."""
        if len(self._gates) > GATES:
            self._gates = {name: gate for name, gate in self._gates.items() if not gate.idle}
        if limit.name not in self._gates:
            self._gates[limit.name] = Gate(at_once(limit), limit.window_s)
        return self._gates[limit.name]

    async def _timed(
        self, workspace: Workspace, method: str, body: Answer, limits: list[Limit]
    ) -> Answer:
        called_at = time.monotonic()
        try:
            return await self._send(workspace, method, body)
        finally:
            if time.monotonic() - called_at > SLOW_S:
                await self._budget.took(*limits)

    async def _send(self, workspace: Workspace, method: str, body: Answer) -> Answer:
        client = (await self.workspaces.find(workspace)).client
        try:
            if method in _READS:
                answer = await client.api_call(method, http_verb="GET", params=body)
            else:
                answer = await client.api_call(method, json=body)
        except ERRORS as error:
            raise told(error) from None
        if not isinstance(answer.data, dict):
            raise Unsure("an answer that is none")
        return answer.data


def _message(part: Part, mark: tuple[str, str]) -> Answer:
    delivery, number = mark
    body: Answer = {
        "text": part.notification,
        "metadata": {
            "event_type": METADATA,
            "event_payload": {"delivery": delivery, "part": number},
        },
    }
    if part.blocks:
        body["blocks"] = list(part.blocks)
    return body
