"""The thread so far, for a model that joins it late."""

import logging

from bots.failures import Refused, Unreachable
from bots.slack.api import Answer, Api
from bots.slack.names import Names
from bots.slack.place import Place
from bots.slack.text import plain

logger = logging.getLogger(__name__)

PAGES = 10
PAGE = 100


class Threads:
    """Reads threads. Raises Later or Unsure when Slack is away, and broker errors."""

    def __init__(self, api: Api, names: Names) -> None:
        self._api = api
        self._names = names

    async def so_far(self, place: Place, before: str, chars: int) -> str | None:
        """What was said before this message, quoted, the latest of it that fits into so many
        characters; None when the bot may not read it."""
        try:
            messages = await self._read(place, before)
        except (Refused, Unreachable) as failure:
            logger.info("thread not read chat=%s: %s", place.chat_id, failure)
            return None
        said: list[str] = []
        for message in reversed(messages):
            line = await self._quoted(place, message)
            chars -= len(line) + 1
            if chars < 0:
                break
            said.append(line)
        return "\n".join(reversed(said))

    async def _read(self, place: Place, before: str) -> list[Answer]:
        body: Answer = {"ts": place.thread, "limit": PAGE}
        if before:
            body["latest"] = before
        found: list[Answer] = []
        for _ in range(PAGES):
            answer = await self._api.call(place, "conversations.replies", body)
            found += answer.get("messages") or []
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                break
            body["cursor"] = cursor
        return [one for one in found if one.get("text") and one.get("ts") != before]

    async def _quoted(self, place: Place, message: Answer) -> str:
        text, author = str(message["text"]), str(message.get("user") or "")
        names = await self._names.of(place.workspace, [text])
        name = (await self._names.user(place.workspace, author)).name if author else ""
        shown = f"{name or '…'}: {plain(text, names)}"
        return "\n".join(f"> {line}" for line in shown.splitlines())
