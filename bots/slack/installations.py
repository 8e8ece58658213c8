"""The workspaces that OAuth installed the app in: slack_sdk's own store, asked in threads, for it
waits for the disk."""

import asyncio

from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.sqlite3 import SQLite3InstallationStore

from bots.slack.place import Workspace

# Of a workspace that belongs to an organisation the store wants the organisation's id too, which
# not every payload tells. A workspace's own id is unique in all of Slack.
_COMPANY = (
    "select enterprise_id from slack_bots where client_id = ? and team_id = ? "
    "order by installed_at desc limit 1"
)


class Installations(SQLite3InstallationStore):
    """Installations, by workspace. Raises sqlite3.Error."""

    async def async_save(self, installation: Installation) -> None:
        await asyncio.to_thread(self.save, installation)

    async def bot_of(self, workspace: Workspace) -> Bot | None:
        """The bot in a workspace; None where it is not installed."""
        return await asyncio.to_thread(self._bot_of, workspace)

    async def forget(self, workspace: Workspace) -> None:
        """The app was removed there, or in the whole organisation."""
        await asyncio.to_thread(self._forget, workspace)

    def _bot_of(self, workspace: Workspace) -> Bot | None:
        whole = bool(workspace.enterprise)
        company = workspace.enterprise if whole else self._company_of(workspace.team)
        return self.find_bot(
            enterprise_id=company, team_id=workspace.team, is_enterprise_install=whole
        )

    def _forget(self, workspace: Workspace) -> None:
        if workspace.enterprise:  # it is kept under no team
            self.delete_all(enterprise_id=workspace.enterprise, team_id="")
        else:
            company = self._company_of(workspace.team)
            self.delete_all(enterprise_id=company, team_id=workspace.team)

    def _company_of(self, team: str) -> str | None:
        connection = self.connect()
        try:
            row = connection.execute(_COMPANY, (self.client_id, team)).fetchone()
        finally:
            connection.close()
        return str(row[0]) if row and row[0] else None
