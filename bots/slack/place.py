"""A place on Slack, and the address that stands for it in the broker."""

from dataclasses import dataclass

from broker.messages import Address

CHANNEL = "slack"


@dataclass(frozen=True, slots=True)
class Workspace:
    """A team; `enterprise` only where the app is installed for a whole organisation."""

    team: str
    enterprise: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A channel or direct message, with its thread ("": none). Ids are unique in a team alone."""

    workspace: Workspace
    chat_id: str
    thread: str = ""

    @property
    def private(self) -> bool:
        """A direct message between one person and the bot."""
        return self.chat_id.startswith("D")

    @property
    def address(self) -> Address:
        """The conversation at this place; the team is part of it."""
        team, enterprise = self.workspace.team, self.workspace.enterprise
        where = f"{enterprise}.{team}" if enterprise else team
        return Address(CHANNEL, f"{where}/{self.chat_id}", self.thread)

    @classmethod
    def of(cls, address: Address) -> "Place":
        """The place of an address that `address` made."""
        where, _, chat_id = address.chat.partition("/")
        enterprise, _, team = where.rpartition(".")
        return cls(Workspace(team, enterprise), chat_id, address.thread)


def user_of(workspace: Workspace, user_id: str) -> str:
    """A user for the broker: two teams may have users with the same id."""
    return f"{workspace.team}/{user_id}"
