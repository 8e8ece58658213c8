"""What the journal's reader does with Telegram's updates."""

from typing import Any

from telegram import Bot, Update

from bots.telegram.business import Businesses
from bots.telegram.events import Moved
from bots.telegram.handling import Handler
from bots.telegram.lanes import chat_of, lane_of, move_of
from bots.telegram.moves import Moves
from bots.telegram.updates import Known, Me, read


class Updates:
    """Understands updates and has them handled; used by bots.journal.JournalReader."""

    def __init__(
        self, bot: Bot, me: Me, handler: Handler, businesses: Businesses, moves: Moves
    ) -> None:
        self._bot = bot
        self._me = me
        self._handler = handler
        self._businesses = businesses
        self._moves = moves
        self._joined: dict[str, str] = {}  # lanes of supergroups that go on as their groups'

    def lane_of(self, event: dict[str, Any]) -> str:
        """What is said after a move comes after all that was said before it."""
        moved = move_of(event)
        if moved:
            self._joined[f"/{moved[1]}/"] = f"/{moved[0]}/"
        lane = lane_of(event)
        return self._joined.get(lane, lane)

    async def handle(self, event: dict[str, Any], event_id: str) -> None:
        """Handle an update."""
        known = Known(await self._owner(event), await self._moves.home(chat_of(event)))
        meaning = read(Update.de_json(event, self._bot), self._me, known)
        if isinstance(meaning, Moved):
            await self._moves.moved(meaning.old, meaning.new)
        elif meaning is not None:
            await self._handler.handle(meaning, f"update/{event_id}")

    async def _owner(self, event: dict[str, Any]) -> str:
        business = event.get("business_message") or event.get("edited_business_message") or {}
        return await self._businesses.owner(business.get("business_connection_id", ""))
