"""What was said in a thread or a channel: for a model that joins late, and for tasks."""

import logging
import time
from collections.abc import Callable

from bots.failures import Later, Refused, Unreachable
from bots.slack.api import Answer, Api, Spend
from bots.slack.buttons import rated
from bots.slack.events import Me
from bots.slack.meaning import SAID
from bots.slack.names import Names
from bots.slack.place import Place
from bots.slack.text import plain, without_mention
from bots.slack.typed import typed

logger = logging.getLogger(__name__)

_CHANNEL, _THREAD = "conversations.history", "conversations.replies"
PAGES = 10
PAGE = 100
LATELY = 50  # messages of a channel that are its latest, where no number is told
MOST = 100  # that may be asked for
# Slack gives the oldest first. Of a thread that is longer than a page the end is looked for in
# windows of time, each so many times as long as the one before.
WINDOW_S = 600.0
WIDER = 8


class History:
    """Reads it. Raises Later or Unsure when Slack is away, and broker errors."""

    def __init__(self, api: Api, names: Names) -> None:
        self._api = api
        self._names = names

    async def so_far(
        self, place: Place, before: str, chars: int, count: int | None = None
    ) -> str | None:
        """What was said before this message ("": until now) in a thread, or lately in a channel,
        quoted: the latest of it that fits into so many characters, at most `count` messages. None
        when the bot may not read it."""
        try:
            if place.thread:
                messages = await self._read(place, before, chars)
            else:
                messages = await self._lately(place, before, min(count or LATELY, MOST))
        except (Refused, Unreachable) as failure:
            logger.info("not read: %s", failure, extra={"chat": place.chat_id})
            return None
        latest = _latest(messages[-count:] if count else messages, 2 * chars)  # markup goes
        # Who speaks matters more than who is spoken of.
        texts = [*map(_author, reversed(latest)), *(one["text"] for one in reversed(latest))]
        names = await self._names.of(place.workspace, texts)
        said: list[str] = []
        for message in reversed(latest):
            line = _quoted(message, names)
            chars -= len(line) + 1
            if chars < 0:
                break
            said.append(line)
        return "\n".join(reversed(said))

    async def last(self, place: Place, before: str) -> Answer:
        """The message of a thread before this one that is a text to work on: neither a command
        nor the bot's own words; {} when there is none. Raises Refused or Unreachable when the bot
        may not read it."""
        me = (await self._api.workspaces.find(place.workspace)).me
        messages = await self._read(place, before, 1, lambda one: _is_text(one, me))
        return messages[-1] if messages else {}

    async def text(self, place: Place, message: Answer) -> str:
        """What a message says."""
        said = str(message.get("text") or "")
        return plain(said, await self._names.of(place.workspace, [said])).strip()

    async def _lately(self, place: Place, before: str, count: int) -> list[Answer]:
        """The latest messages of a channel beside its threads, the oldest first; fewer where
        Slack would let us wait for each page."""
        body: Answer = {"limit": PAGE, **({"latest": before} if before else {})}
        found, cursor = await self._page(place, _CHANNEL, body)
        said = _spoken(found, before)
        for _ in range(PAGES):
            if len(said) >= count or not cursor:
                break
            try:
                found, cursor = await self._page(
                    place, _CHANNEL, {**body, "cursor": cursor}, "spare"
                )
            except Later as failure:
                logger.info("not read to the end: %s", failure, extra={"chat": place.chat_id})
                break
            said += _spoken(found, before)
        return said[:count][::-1]

    async def _read(
        self, place: Place, before: str, chars: int, wanted: Callable[[Answer], bool] = bool
    ) -> list[Answer]:
        """The latest messages that are wanted, more than so many characters or all."""
        latest: Answer = {"latest": before} if before else {}
        found, cursor = await self._replies(place, latest)
        if not cursor:
            return [*filter(wanted, _said(found, before))]
        end = float(before or time.time())
        said, window_s = list[Answer](), WINDOW_S
        while True:
            found, whole = await self._since(place, before, end - window_s)
            if not whole:
                return said
            said = [*filter(wanted, _said(found, before))]
            if _chars(said) > chars or end - window_s < float(place.thread):
                return said
            window_s *= WIDER

    async def _since(self, place: Place, before: str, oldest: float) -> tuple[list[Answer], bool]:
        """The messages from a time on, and whether these are all."""
        body: Answer = {"oldest": f"{max(0.0, oldest):.6f}"}
        if before:
            body["latest"] = before
        found: list[Answer] = []
        for _ in range(PAGES):
            more, cursor = await self._replies(place, body)
            found += more
            if not cursor:
                return found, True
            body["cursor"] = cursor
        return found, False

    async def _replies(self, place: Place, which: Answer) -> tuple[list[Answer], str]:
        body = {"ts": place.thread, "limit": PAGE, **which}
        return await self._page(place, _THREAD, body)

    async def _page(
        self, place: Place, method: str, body: Answer, spend: Spend = "wait"
    ) -> tuple[list[Answer], str]:
        """A page, and the cursor of the next, "" none."""
        answer = await self._api.call(place, method, body, spend)
        cursor = (answer.get("response_metadata") or {}).get("next_cursor")
        return answer.get("messages") or [], str(cursor or "")


def _is_text(message: Answer, me: Me) -> bool:
    if message.get("bot_id") == me.bot_id:
        return bool(rated(message.get("blocks") or ()))
    return typed(without_mention(message["text"], me.user_id)) is None


def _spoken(messages: list[Answer], before: str) -> list[Answer]:
    """Without Slack's own notes."""
    return _said([one for one in messages if one.get("subtype") in SAID], before)


def _said(messages: list[Answer], before: str) -> list[Answer]:
    return [one for one in messages if one.get("text") and one.get("ts") != before]


def _chars(messages: list[Answer]) -> int:
    return sum(len(one["text"]) + 1 for one in messages)


def _latest(messages: list[Answer], chars: int) -> list[Answer]:
    """So many that they have so many characters, or all."""
    first = len(messages)
    while first and chars > 0:
        first -= 1
        chars -= len(messages[first]["text"])
    return messages[first:]


def _author(message: Answer) -> str:
    """As a text names a user."""
    return f"<@{message['user']}>" if message.get("user") else ""


def _quoted(message: Answer, names: dict[str, str]) -> str:
    name = names.get(str(message.get("user") or ""))
    shown = f"{name or '…'}: {plain(message['text'], names)}"
    return "\n".join(f"> {line}" for line in shown.splitlines())
