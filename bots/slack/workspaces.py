"""The workspaces that the app is installed in: each with its token, and who the bot is there."""

import logging
import time
from dataclasses import dataclass

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bots.failures import Later, Unreachable, Unsure
from bots.slack.events import Me
from bots.slack.failures import ERRORS, told
from bots.slack.installations import Installations
from bots.slack.place import Workspace
from broker.settings import SlackSettings

logger = logging.getLogger(__name__)

KEEP_S = 60.0  # an installation may be renewed meanwhile


@dataclass(frozen=True, slots=True)
class Installation:
    """The app in one workspace; `client` carries its token."""

    client: AsyncWebClient
    me: Me


class Workspaces:
    """Finds installations: the one of the settings, and those that OAuth stored."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        settings: SlackSettings,
        store: Installations | None = None,
    ) -> None:
        self._session = session
        self._settings = settings
        self._store = store
        self._own: tuple[Workspace, Installation] | None = None
        self._known: dict[Workspace, tuple[float, Installation]] = {}

    def client(self, token: str | None = None) -> AsyncWebClient:
        """A client on the shared session. It repeats nothing by itself: that is ours to decide."""
        return AsyncWebClient(
            token=token,
            base_url=self._settings.base_url,
            session=self._session,
            retry_handlers=[],
            logger=logging.getLogger("slack_sdk"),
        )

    async def learn_own(self) -> str:
        """Ask Slack whose the token of the settings is; returns the workspace's address.

        Raises SlackApiError when Slack does not take it, Later or Unsure when it cannot say.
        """
        token = self._settings.bot_token
        if token is None:
            return ""
        client = self.client(token.get_secret_value())
        try:
            answer = await client.auth_test()
        except SlackApiError as error:
            failure = told(error)
            raise failure if isinstance(failure, Later | Unsure) else error from None
        except ERRORS as error:
            raise told(error) from None
        whole = bool(answer.get("is_enterprise_install"))
        enterprise = str(answer.get("enterprise_id") or "") if whole else ""
        workspace = Workspace(str(answer.get("team_id") or ""), enterprise)
        me = Me(str(answer.get("user_id")), str(answer.get("bot_id")))
        self._own = (workspace, Installation(client, me))
        return str(answer.get("url") or "")

    async def find(self, workspace: Workspace) -> Installation:
        """The installation of a workspace. Raises Unreachable when there is none."""
        if self._own is not None and _covers(self._own[0], workspace):
            return self._own[1]
        until, known = self._known.get(workspace, (0.0, None))
        if known is None or until < time.monotonic():
            known = await self._stored(workspace)
            self._known[workspace] = (time.monotonic() + KEEP_S, known)
        return known

    async def forget(self, workspace: Workspace) -> None:
        """The app was removed there."""
        whole = workspace.enterprise
        for known in list(self._known):
            if known == workspace or (whole and known.enterprise == whole):
                del self._known[known]
        if self._store is not None:
            await self._store.forget(workspace)

    async def _stored(self, workspace: Workspace) -> Installation:
        found = await self._store.bot_of(workspace) if self._store is not None else None
        if found is None:
            raise Unreachable(f"not installed in team {workspace.team}")
        me = Me(found.bot_user_id, found.bot_id)
        return Installation(self.client(found.bot_token), me)


def _covers(own: Workspace, wanted: Workspace) -> bool:
    if own.enterprise:
        return own.enterprise == wanted.enterprise
    return own.team == wanted.team
