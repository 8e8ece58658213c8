"""What shows that we are writing: "typing", or in a long wait the place in the line."""

from bots.telegram.api import Api
from bots.telegram.moves import Moves
from bots.telegram.part import Part
from bots.telegram.place import Place
from bots.telegram.preview import Previews
from bots.words import about_line
from broker.conversation import Conversations
from broker.messages import Address
from broker.waiting import Waiting

EVERY_S = 4.5  # Telegram shows it for five seconds
LONG_WAIT_S = 8.0  # from then on the place in the line is shown
LINE_DRAFT = 1


class Typing:
    """The sign of bots.working. Raises Telegram failures and broker errors."""

    def __init__(
        self,
        api: Api,
        previews: Previews,
        moves: Moves,
        conversations: Conversations,
        waiting: Waiting,
    ) -> None:
        self._api = api
        self._previews = previews
        self._moves = moves
        self._conversations = conversations
        self._waiting = waiting
        self.every_s = EVERY_S

    async def show(self, address: Address, language: str, waited_s: float) -> None:
        """Show it for the next five seconds."""
        place = await self._moves.here(Place.of(address))
        if waited_s > LONG_WAIT_S and await self._show_line(place, language):
            return
        await self._api.typing(place)

    async def _show_line(self, place: Place, language: str) -> bool:
        """Say how many wait in front, where the answer takes the place of that; whether it was
        said."""
        if place.business:
            return False
        snapshot = await self._conversations.snapshot(place.address, turns=1)
        line = await self._waiting.line(snapshot.model, place.address)
        if snapshot.status != "ready" or line.in_front < 1:
            return False
        text = about_line(line, language)
        if not place.private:
            return await self._previews.show_line(place.address, text)
        await self._api.draft(place, LINE_DRAFT, Part(text))
        return True
