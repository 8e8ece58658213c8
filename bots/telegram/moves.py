"""Groups that became supergroups: another id for Telegram, the same conversation for everybody.

The conversation stays at the address where it began. What Telegram says of the new chat is read
as being said there, and what goes there is sent to the new chat.
"""

from collections import OrderedDict

from bots.telegram.place import Place
from broker.preferences import Notes

KEEP_S = 365 * 86400  # after the last start of a bot that met the group
KNOWN = 10_000


class Moves:
    """Raises RedisUnavailable."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._homes: OrderedDict[int, int] = OrderedDict()

    async def moved(self, old: int, new: int) -> None:
        """The group has another id now."""
        await self._keep(await self.home(old), new)

    async def home(self, chat_id: int) -> int:
        """The id under which the conversation of this chat began."""
        if chat_id > 0:
            return chat_id
        if chat_id not in self._homes:
            told = await self._notes.read(f"home:{chat_id}")
            if told:
                await self._keep(int(told), chat_id)
            else:
                self._remember(chat_id, chat_id)
        return self._homes[chat_id]

    async def here(self, place: Place) -> Place:
        """The place where a chat lives now."""
        moved = await self._notes.read(f"moved:{place.chat_id}") if not place.private else ""
        return place.moved_to(int(moved)) if moved else place

    async def _keep(self, home: int, new: int) -> None:
        await self._notes.write(f"moved:{home}", str(new), KEEP_S)
        await self._notes.write(f"home:{new}", str(home), KEEP_S)
        self._remember(new, home)

    def _remember(self, chat_id: int, home: int) -> None:
        self._homes[chat_id] = home
        if len(self._homes) > KNOWN:
            self._homes.popitem(last=False)
