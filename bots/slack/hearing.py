"""Which payloads concern us at all: asked once before the journal, so that what people say to each
other is not even kept, and once when they are handled."""

import logging

from bots.failures import Unreachable
from bots.slack import events, payloads
from bots.slack.access import SlackAccess
from bots.slack.events import Event, Me
from bots.slack.meaning import read
from bots.slack.payloads import Payload, workspace_of
from bots.slack.workspaces import Workspaces
from broker.settings import SlackSettings

logger = logging.getLogger(__name__)


class Hearing:
    """Understands payloads. Asks nobody but the store of installations."""

    def __init__(
        self, workspaces: Workspaces, access: SlackAccess, settings: SlackSettings
    ) -> None:
        self._workspaces = workspaces
        self.access = access
        self._threaded = settings.direct == "threads"

    async def understand(self, payload: Payload) -> Event | None:
        """What a payload means; None when it means nothing to us."""
        try:
            return await self._understand(payload)
        except (KeyError, TypeError, ValueError, AttributeError, StopIteration) as error:
            # Its text may hold what people write.
            logger.error(
                "payload unreadable: %s", type(error).__name__, extra={"kind": _kind(payload)}
            )
            return None

    def lane_of(self, payload: Payload) -> str:
        """Payloads with the same lane keep their order."""
        return payloads.lane_of(payload, self._threaded)

    async def _understand(self, payload: Payload) -> Event | None:
        workspace = workspace_of(payload)
        if not self.access.serves(workspace):
            return None
        try:
            me = (await self._workspaces.find(workspace)).me
        except Unreachable as failure:
            meaning = read(payload, Me("", ""), self._threaded)
            if isinstance(meaning, events.Uninstalled):
                return meaning
            logger.info("not heard: %s", failure)
            return None
        return read(payload, me, self._threaded)


def _kind(payload: Payload) -> str:
    event = payload.get("event")
    inner = event.get("type") if isinstance(event, dict) else ""
    return f"{payload.get('type')}/{inner}"
