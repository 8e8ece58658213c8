"""What happens with each event: to the inbox, to a command, or a polite word."""

import logging

from bots import catalog
from bots.access import Access
from bots.asking import still_matters
from bots.takenback import TakenBack
from bots.talks import Talks
from bots.telegram import events
from bots.telegram.answering import Answering
from bots.telegram.business import Businesses
from bots.telegram.events import Event, FromPerson
from bots.telegram.failures import Unreachable
from bots.telegram.preview import draft_id
from bots.telegram.requests import Requests
from bots.telegram.typing import LINE_DRAFT
from bots.words import about_receipt

logger = logging.getLogger(__name__)


class Handler:
    """Handles events one by one; the same event again does no harm. Raises broker errors."""

    def __init__(
        self,
        talks: Talks,
        answering: Answering,
        requests: Requests,
        access: Access,
        businesses: Businesses,
        taken_back: TakenBack,
    ) -> None:
        self._talks = talks
        self._answering = answering
        self._requests = requests
        self._access = access
        self._businesses = businesses
        self._taken_back = taken_back

    async def handle(self, event: Event, event_id: str) -> None:
        """Do what an event asks for. `event_id` names the update for the record of answers."""
        try:
            await self._dispatch(event, event_id)
        except Unreachable as failure:
            logger.info("not answered: %s", failure, extra={"event": event_id})

    async def _dispatch(self, event: Event, event_id: str) -> None:
        match event:
            case events.Connected():
                await self._businesses.connected(event)
            case events.OwnerWrote():
                await self._businesses.owner_wrote(event.place)
                await self._talks.inbox.cancel(event.place.address)
            case events.Deleted():
                await self._deleted(event)
            case events.Stops():
                await self._stops(event)
            case _:
                await self._from_person(event, event_id)

    async def _from_person(self, event: FromPerson, event_id: str) -> None:
        origin = event.origin
        await self._answering.sender.saw(origin.place, origin.message_id)
        chats = (str(origin.place.chat_id), str(origin.place.home))
        if not self._access.admits(origin.user_id, *chats):
            await self._refuse(event, event_id)
            return
        if origin.place.business:
            await self._businesses.customer_wrote(origin.place, origin.at)
            if not await self._businesses.may_answer(origin.place):
                return
        if isinstance(event, events.Says):
            await self._requests.heard(origin, event.spoken)
            await self._says(event, event_id)
        elif isinstance(event, events.Overhears):
            await self._requests.heard(origin, event.text)
        elif isinstance(event, events.Presses):
            await self._requests.press(event, event_id)
        elif isinstance(event, events.Commands):
            await self._requests.command(event, event_id)
        elif not origin.place.business:
            words = catalog.text("text-only", await self._answering.language(origin))
            await self._answering.say(words, origin, event_id)

    async def _says(self, event: events.Says, event_id: str) -> None:
        origin = event.origin
        if event.replaces:
            snapshot = await self._talks.conversations.snapshot(origin.place.address, turns=1)
            if not still_matters(snapshot, event.replaces):
                return
        manner = await self._answering.manner(origin, event.spoken)
        message = event.to_user_message(manner.language, manner.script)
        receipt = await self._talks.inbox.submit(message)
        if receipt.kept:
            self._talks.working.start(origin.place.address, manner.language)
        words = about_receipt(receipt, manner.language)
        if words and not origin.place.business:
            await self._answering.say(words, origin, event_id)

    async def _deleted(self, event: events.Deleted) -> None:
        """What a customer took back and nobody answered yet needs no answer."""
        address = event.place.address
        if await self._taken_back.deleted(address, event.message_ids):
            await self._requests.forgotten(address)

    async def _stops(self, event: events.Stops) -> None:
        """Stop the answer that the draft shows, or the waiting that it tells of; no later one."""
        person = str(event.place.chat_id)  # drafts are in private chats alone
        snapshot = await self._talks.conversations.snapshot(event.place.address, turns=1)
        shown = draft_id(snapshot.partial_id) if snapshot.partial_id else LINE_DRAFT
        if self._access.admits(person, person) and event.draft_id == shown:
            await self._talks.inbox.cancel(event.place.address, snapshot.partial_id)

    async def _refuse(self, event: FromPerson, event_id: str) -> None:
        """In a private chat a polite word; elsewhere silence."""
        if isinstance(event, events.Presses):
            await self._answering.sender.api.acknowledge_press(event.query_id, "")
            return
        place = event.origin.place
        if place.private and not place.business:
            words = catalog.text("not-admitted", await self._answering.language(event.origin))
            await self._answering.say(words, event.origin, event_id)
