"""Who may use the bot on Slack: workspaces, and in them users and channels."""

from bots.access import Access, read_ids
from bots.slack.place import Place, Workspace, user_of
from broker.settings import SlackSettings


class SlackAccess:
    """An id in a list means this user or channel of any workspace, TEAM/ID of that one alone."""

    def __init__(self, settings: SlackSettings) -> None:
        """Raises SettingsError for a list that is none."""
        self._teams = read_ids("MERSAL_SLACK__TEAMS", settings.teams)
        self._access = Access(
            allowed=read_ids("MERSAL_SLACK__ALLOWED", settings.allowed),
            denied=read_ids("MERSAL_SLACK__DENIED", settings.denied),
            admins=read_ids("MERSAL_SLACK__ADMINS", settings.admins),
        )

    def admits(self, place: Place, user_id: str) -> bool:
        """Whether this user may use the bot at this place."""
        if not self.serves(place.workspace):
            return False
        user, channel = user_of(place.workspace, user_id), user_of(place.workspace, place.chat_id)
        if user in self._access.admins:
            return True
        return self._access.admits(user_id, user, place.chat_id, channel)

    def serves(self, workspace: Workspace) -> bool:
        """Whether the bot works in this workspace at all."""
        return not self._teams or workspace.team in self._teams

    def steers(self, place: Place, user_id: str) -> bool:
        """Whether this user may change what concerns everybody in the channel."""
        user = user_of(place.workspace, user_id)
        return self._access.steers(user_id, place.private) or user in self._access.admins
