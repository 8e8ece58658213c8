"""Who may use a bot: lists of users and chats, by the channel's ids."""

from dataclasses import dataclass

from broker.errors import SettingsError

_MARKS = str.maketrans("", "", "-_/")  # what ids may hold beside letters and digits


def read_ids(setting: str, text: str) -> frozenset[str]:
    """The ids of a comma-separated list. Raises SettingsError, which names the setting."""
    ids = [part.strip() for part in text.replace(";", ",").split(",") if part.strip()]
    for ident in ids:
        if not ident.translate(_MARKS).isalnum():
            raise SettingsError(f"{setting}: {ident!r} is no id; ids stand with commas in between")
    return frozenset(ids)


@dataclass(frozen=True, slots=True)
class Access:
    """Nobody denied comes in; with an allow-list only who is on it, or whose chat is, and admins.

    `admins` steer groups too: with admins named, nobody else does.
    """

    allowed: frozenset[str] = frozenset()
    denied: frozenset[str] = frozenset()
    admins: frozenset[str] = frozenset()

    def admits(self, user: str, *chats: str) -> bool:
        """Whether this user may use the bot in this chat, which may have several ids."""
        if user in self.admins:
            return True
        if self.denied & {user, *chats}:
            return False
        return not self.allowed or bool(self.allowed & {user, *chats})

    def steers(self, user: str, private: bool) -> bool:
        """Whether this user may change what concerns everybody in the chat."""
        return private or not self.admins or user in self.admins
