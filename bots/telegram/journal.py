"""What the journal's reader does with Telegram's updates."""

from typing import Any

from telegram import Bot, Update

from bots.telegram.business import Businesses
from bots.telegram.handling import Handler
from bots.telegram.updates import Me, lane_of, read


class Updates:
    """Understands updates and has them handled; used by bots.journal.JournalReader."""

    def __init__(self, bot: Bot, me: Me, handler: Handler, businesses: Businesses) -> None:
        self._bot = bot
        self._me = me
        self._handler = handler
        self._businesses = businesses

    def lane_of(self, event: dict[str, Any]) -> str:
        return lane_of(event)

    async def handle(self, event: dict[str, Any], event_id: str) -> None:
        business = event.get("business_message") or event.get("edited_business_message")
        if business:
            await self._businesses.learn(business.get("business_connection_id", ""))
        meaning = read(Update.de_json(event, self._bot), self._me, self._businesses.owners)
        if meaning is not None:
            await self._handler.handle(meaning, f"update/{event_id}")
