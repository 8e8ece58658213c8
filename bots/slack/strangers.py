"""People of other workspaces, in the channels that several workspaces share."""

from bots.slack.place import Workspace
from broker.preferences import Notes


class Strangers:
    """Remembers to which workspace they belong. Raises RedisUnavailable."""

    def __init__(self, notes: Notes, keep_s: float) -> None:
        self._notes = notes
        self._keep_s = keep_s

    async def met(self, workspace: Workspace, user_id: str, team: str) -> None:
        """A user of this team ("": unknown) wrote in a channel of a workspace."""
        if team not in ("", workspace.team):
            await self._notes.write(_note(workspace, user_id), team, self._keep_s)

    async def team_of(self, workspace: Workspace, user_id: str) -> str:
        """The user's own team."""
        return await self._notes.read(_note(workspace, user_id)) or workspace.team


def _note(workspace: Workspace, user_id: str) -> str:
    return f"from:{workspace.team}:{user_id}"
