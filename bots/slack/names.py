"""The names behind ids, asked of Slack and remembered for a while in Redis.

A question does not wait for names for long, nor spend on them what other questions need.
"""

import asyncio
import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from bots.failures import PlatformFailure, Refused, Unreachable, Unsure
from bots.slack.api import Answer, Api, Spend
from bots.slack.place import Workspace
from bots.slack.text import references
from broker.preferences import Notes

logger = logging.getLogger(__name__)

KEEP_S = 86400.0
KEEP_UNKNOWN_S = 300.0
KEEP_FAILED_S = 60.0
NAME_CHARS = 80
TRIES = 3
PATIENCE_S = 3.0
NAMED = 100  # of one text are named at the most
ASKED = 20  # and of these asked of Slack

_METHODS = {"@": "users.info", "#": "conversations.info"}


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
        """One user, who matters more than those whom texts name."""
        known = await self._known(workspace, user_id)
        return known or await self._ask(workspace, "@", user_id, "wait")

    async def of(self, workspace: Workspace, texts: Iterable[str]) -> dict[str, str]:
        """The names, by id, of the users and channels that these texts name: the first of them,
        as far as Slack tells them soon."""
        kinds = {ident: kind for text in texts for kind, ident in references(text)}
        found: dict[str, Named] = {}
        for ident in islice(kinds, NAMED):
            known = await self._known(workspace, ident)
            if known is not None:
                found[ident] = known
        unknown = [ident for ident in kinds if ident not in found][:ASKED]
        told = await asyncio.gather(
            *(self._ask(workspace, kinds[ident], ident, "spare") for ident in unknown)
        )
        found |= dict(zip(unknown, told, strict=True))
        return {ident: named.name for ident, named in found.items()}

    async def _known(self, workspace: Workspace, ident: str) -> Named | None:
        known = await self._notes.read(_note(workspace, ident))
        return Named(*json.loads(known)) if known else None

    async def _ask(self, workspace: Workspace, kind: str, ident: str, spend: Spend) -> Named:
        body: Answer = {"channel": ident}
        if kind == "@":
            body = {"user": ident, "include_locale": 1}
        named, keep_s = Named(), KEEP_FAILED_S
        try:
            async with asyncio.timeout(PATIENCE_S):
                answer = await self._patiently(workspace, _METHODS[kind], body, spend)
            named, keep_s = _read(answer), KEEP_S
        except (Refused, Unreachable) as failure:
            logger.info("no name: %s", failure, extra={"team": workspace.team, "ident": ident})
            keep_s = KEEP_UNKNOWN_S
        except (PlatformFailure, TimeoutError) as failure:
            logger.info("no name yet: %r", failure, extra={"team": workspace.team, "ident": ident})
        note = json.dumps([named.name, named.tongue])
        await self._notes.write(_note(workspace, ident), note, keep_s)
        return named

    async def _patiently(
        self, workspace: Workspace, method: str, body: Answer, spend: Spend
    ) -> Answer:
        for _ in range(TRIES - 1):
            try:
                return await self._api.ask(workspace, method, body, spend)
            except Unsure as failure:
                logger.info(
                    "names are asked for again: %s", failure, extra={"team": workspace.team}
                )
        return await self._api.ask(workspace, method, body, spend)


def _note(workspace: Workspace, ident: str) -> str:
    return f"name:{workspace.team}:{ident}"


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
