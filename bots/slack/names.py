"""The names behind ids, asked of Slack and remembered for a while in Redis."""

import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass

from bots.failures import PlatformFailure, Refused, Unreachable
from bots.slack.api import Answer, Api
from bots.slack.place import Workspace
from bots.slack.text import references
from broker.preferences import Notes

logger = logging.getLogger(__name__)

KEEP_S = 86400.0
KEEP_UNKNOWN_S = 300.0
NAME_CHARS = 80
TRIES = 3


@dataclass(frozen=True, slots=True)
class Named:
    """A user or channel; `tongue` is the language of a user's Slack. "" when nobody told."""

    name: str = ""
    tongue: str = ""


class Names:
    """Looks names up. What Slack does not tell stays nameless. Raises RedisUnavailable."""

    def __init__(self, api: Api, notes: Notes) -> None:
        self._api = api
        self._notes = notes

    async def user(self, workspace: Workspace, user_id: str) -> Named:
        return await self._look(
            workspace, user_id, "users.info", {"user": user_id, "include_locale": 1}
        )

    async def of(self, workspace: Workspace, texts: Iterable[str]) -> dict[str, str]:
        """The names, by id, of all users and channels that these texts name."""
        found: dict[str, str] = {}
        for text in texts:
            for kind, ident in references(text):
                if ident in found:
                    continue
                if kind == "@":
                    named = await self.user(workspace, ident)
                else:
                    named = await self._look(
                        workspace, ident, "conversations.info", {"channel": ident}
                    )
                found[ident] = named.name
        return found

    async def _look(self, workspace: Workspace, ident: str, method: str, body: Answer) -> Named:
        note = f"name:{workspace.team}:{ident}"
        known = await self._notes.read(note)
        if known:
            return Named(*json.loads(known))
        for _ in range(TRIES):
            try:
                named, keep_s = _read(await self._api.ask(workspace, method, body)), KEEP_S
            except (Refused, Unreachable) as failure:
                logger.info("no name team=%s id=%s: %s", workspace.team, ident, failure)
                named, keep_s = Named(), KEEP_UNKNOWN_S
            except PlatformFailure as failure:
                logger.warning("no name yet team=%s id=%s: %s", workspace.team, ident, failure)
                continue
            await self._notes.write(note, json.dumps([named.name, named.tongue]), keep_s)
            return named
        return Named()  # a question need not wait for a name


def _read(answer: Answer) -> Named:
    user = answer.get("user")
    if user is None:
        return Named(_tidy((answer.get("channel") or {}).get("name")))
    profile = user.get("profile") or {}
    shown = (profile.get("display_name"), profile.get("real_name"), user.get("real_name"))
    name = next((one for one in (*shown, user.get("name")) if one), "")
    return Named(_tidy(name), user.get("locale") or "")


def _tidy(name: object) -> str:
    return " ".join(str(name or "").split())[:NAME_CHARS]
