"""Business connections: who allows us to answer customers on his behalf, and when we keep quiet."""

import json
import logging
import time

from telegram import Bot
from telegram.error import TelegramError

from bots.telegram.calls import told
from bots.telegram.events import Connected
from bots.telegram.failures import Later, Unsure
from bots.telegram.place import Place
from broker.preferences import Notes
from broker.settings import TelegramSettings

logger = logging.getLogger(__name__)

KEEP_S = 30 * 86400
# A business account may answer so long after the customer's last message.
WINDOW_S = 24 * 3600


class Businesses:
    """The connections of this bot, in Redis; asked of Telegram when unknown."""

    def __init__(self, bot: Bot, notes: Notes, settings: TelegramSettings) -> None:
        self._bot = bot
        self._notes = notes
        self._silence_s = settings.owner_silence_s
        self._owners: dict[str, str] = {}

    async def connected(self, event: Connected) -> None:
        """A connection was made, changed or ended."""
        self._owners[event.connection] = event.owner
        value = json.dumps({"owner": event.owner, "can_reply": event.can_reply})
        await self._notes.write(f"business:{event.connection}", value, KEEP_S)

    async def owner(self, connection: str) -> str:
        """Whose connection it is; "" without one. Raises Later when nobody can say."""
        if connection and connection not in self._owners:
            self._owners[connection] = (await self._connection(connection)).owner
        return self._owners.get(connection, "")

    async def owner_wrote(self, place: Place) -> None:
        """Keep quiet in this chat for a while."""
        if self._silence_s:
            await self._notes.write(_quiet(place), "yes", self._silence_s)

    async def customer_wrote(self, place: Place, at: float) -> None:
        """A message opens the chat to us for a day; `at` in seconds since 1970."""
        left_s = at + WINDOW_S - time.time()
        if left_s > 0:
            await self._notes.write(_open(place), "yes", left_s)

    async def may_answer(self, place: Place) -> bool:
        """Whether the rights allow it, the customer wrote within a day, and the owner does not
        write there himself. Raises Later when nobody can say."""
        if await self._notes.read(_quiet(place)) or not await self._notes.read(_open(place)):
            return False
        return bool((await self._connection(place.business)).can_reply)

    async def _connection(self, connection: str) -> Connected:
        known = await self._notes.read(f"business:{connection}")
        if known:
            value = json.loads(known)
            return Connected(connection, value["owner"], value["can_reply"])
        try:
            found = await self._bot.get_business_connection(connection)
        except TelegramError as error:
            failure = told(error)
            if isinstance(failure, Later | Unsure):
                raise Later(str(failure)) from None
            logger.warning("unknown business connection: %s", failure)
            return Connected(connection, "", False)
        rights = found.rights is not None and bool(found.rights.can_reply)
        event = Connected(connection, str(found.user.id), rights and found.is_enabled)
        await self.connected(event)
        return event


def _open(place: Place) -> str:
    return f"open:{place.address.conversation_id}"


def _quiet(place: Place) -> str:
    return f"quiet:{place.address.conversation_id}"
