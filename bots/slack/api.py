"""Calls to the Web API: each within the budget, each failure told by what to do about it."""

import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Literal

import aiohttp

from bots.commands import Document
from bots.failures import Later, Refused, Unsure
from bots.gate import Gate
from bots.slack.failures import ERRORS, RateLimited, told
from bots.slack.limits import MARGIN_S, POST, channel_limit, method_limit
from bots.slack.place import CHANNEL, Place, Workspace
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

    async def start_stream(self, place: Place, text: str, reader: str) -> str:
        """Begin a stream if there is room in the budget; returns its timestamp. `reader` is the
        user whose question it answers."""
        body = {"thread_ts": place.thread, "markdown_text": text}
        if not place.private:
            body |= {"recipient_user_id": reader, "recipient_team_id": place.workspace.team}
        return str((await self.call(place, "chat.startStream", body, "spare"))["ts"])

    async def append_stream(self, place: Place, ts: str, text: str) -> None:
        """Add to a stream if there is room in the budget."""
        await self.call(place, "chat.appendStream", {"ts": ts, "markdown_text": text}, "spare")

    async def stop_stream(self, place: Place, ts: str) -> None:
        await self.call(place, "chat.stopStream", {"ts": ts})

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
        to = place if method == POST else None
        name, limits = self._limits(workspace, method, to)
        give_up_at = time.monotonic() + self._settings.give_up_s
        while True:
            if spend == "wait":
                await self._budget.wait(name, *limits)
            elif spend == "spare" and not await self._budget.spare(name, *limits):
                raise Later("no room in the budget")
            try:
                if to is None or spend == "spent":  # the gate too
                    return await self._timed(workspace, method, body, limits)
                async with self._gate(to).passed():
                    return await self._timed(workspace, method, body, limits)
            except RateLimited as limited:
                logger.warning("flood %s retry_after=%.0f", name, limited.seconds)
                await self._budget.pause(name, limited.seconds)
                if spend != "wait" or time.monotonic() + limited.seconds > give_up_at:
                    raise

    @asynccontextmanager
    async def paid(self, place: Place) -> AsyncIterator[None]:
        """Wait for the budget; then post one message with `spend="spent"`, at once."""
        name, limits = self._limits(place.workspace, POST, place)
        async with self._gate(place).passed():
            await self._budget.wait(name, *limits)
            yield

    async def whisper(self, url: str, part: Part) -> None:
        """Words that only the user of a command or button sees."""
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

    def _limits(
        self, workspace: Workspace, method: str, place: Place | None
    ) -> tuple[str, list[Limit]]:
        """The name to pause by, and what the call spends."""
        limits = [method_limit(workspace, method, self._settings)]
        if place is None:
            return f"{CHANNEL}:{workspace.team}:{method}", limits
        own = channel_limit(place, self._settings)
        return own.name, [own, *limits]

    def _gate(self, place: Place) -> Gate:
        """Of one channel's messages, in this process."""
        name = channel_limit(place, self._settings).name
        if len(self._gates) > 1000:
            self._gates = {key: gate for key, gate in self._gates.items() if not gate.idle}
        return self._gates.setdefault(name, Gate(self._settings.posts_per_s, 1.0 + MARGIN_S))

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
