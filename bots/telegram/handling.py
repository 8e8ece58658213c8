"""What happens with each event: to the inbox, to a command, or a polite word."""

import logging
import math
import time
from collections import OrderedDict

from redis.asyncio import Redis

from bots.access import Access
from bots.asking import nothing_left, still_matters
from bots.commands import Answer, Commands, Person
from bots.phrases import phrase
from bots.telegram import events
from bots.telegram.api import File
from bots.telegram.business import Businesses
from bots.telegram.events import Event, Origin
from bots.telegram.failures import Unreachable
from bots.telegram.keyboards import COMMAND, DOWN, REGENERATE, UP, of_choices
from bots.telegram.moves import Moves
from bots.telegram.preview import draft_id
from bots.telegram.rendering import plain_parts
from bots.telegram.sending import Item, Sender
from bots.telegram.typing import LINE_DRAFT
from bots.tongues import Tongues
from bots.words import about_receipt
from bots.working import Working
from broker.conversation import Conversations
from broker.inbox import Inbox
from broker.preferences import Preferences, Thumb
from broker.settings import Settings

logger = logging.getLogger(__name__)

SAY_AGAIN_S = 5.0


class Handler:
    """Handles events one by one; the same event again does no harm. Raises broker errors."""

    def __init__(
        self,
        redis: Redis,
        settings: Settings,
        sender: Sender,
        moves: Moves,
        working: Working,
        access: Access,
        businesses: Businesses,
    ) -> None:
        self._inbox = Inbox(redis, settings)
        self._conversations = Conversations(redis, settings)
        self._preferences = Preferences(redis, settings)
        self._commands = Commands(redis, settings)
        self._tongues = Tongues(self._preferences)
        self._sender = sender
        self._moves = moves
        self._working = working
        self._access = access
        self._businesses = businesses
        self._text_units = settings.telegram.text_units
        self._said: OrderedDict[tuple[str, str], float] = OrderedDict()  # monotonic clock

    async def handle(self, event: Event, event_id: str) -> None:
        """Do what an event asks for. `event_id` names the update for the record of answers."""
        try:
            await self._dispatch(event, event_id)
        except Unreachable as failure:
            logger.info("not answered event=%s: %s", event_id, failure)

    async def _dispatch(self, event: Event, event_id: str) -> None:
        match event:
            case events.Connected():
                await self._businesses.connected(event)
            case events.OwnerWrote():
                await self._businesses.owner_wrote(event.place)
                await self._inbox.cancel(event.place.address)
            case events.Deleted():
                await self._deleted(event)
            case events.Stops():
                await self._stops(event)
            case events.Moved():
                await self._moves.moved(event.old, event.new)
            case _:
                await self._from_person(event, event_id)

    async def _from_person(
        self,
        event: events.Says | events.Commands | events.Presses | events.Unreadable,
        event_id: str,
    ) -> None:
        origin = event.origin
        await self._sender.saw(origin.place, origin.message_id)
        chats = (str(origin.place.chat_id), str(origin.place.home))
        if not self._access.admits(origin.user_id, *chats):
            await self._refuse(event, event_id)
            return
        if origin.place.business:
            await self._businesses.customer_wrote(origin.place, origin.at)
            if not await self._businesses.may_answer(origin.place):
                return
        if isinstance(event, events.Says):
            await self._says(event, event_id)
            return
        language = await self._language(origin, "")
        if isinstance(event, events.Presses):
            await self._press(event, event_id, language)
        elif isinstance(event, events.Commands):
            await self._command(event.name, event.argument, origin, event_id, language)
        elif not origin.place.business:
            await self._say(phrase("text_only", language), origin, event_id)

    async def _says(self, event: events.Says, event_id: str) -> None:
        origin = event.origin
        if event.replaces:
            snapshot = await self._conversations.snapshot(origin.place.address, turns=1)
            if not still_matters(snapshot, event.replaces):
                return
        language = await self._language(origin, event.spoken)
        receipt = await self._inbox.submit(event.to_user_message(language))
        if receipt.kept:
            self._working.start(origin.place.address, language)
        elif not origin.place.business:
            await self._say(about_receipt(receipt, language), origin, event_id)

    async def _press(self, event: events.Presses, event_id: str, language: str) -> None:
        origin = event.origin
        what, _, rest = event.data.partition(":")
        if what in (UP, DOWN):
            reply_id = f"{origin.place.address.conversation_id}/{rest}"
            thumb: Thumb = "up" if what == UP else "down"
            user_key = self._person(origin, language).user_key
            await self._preferences.rate(user_key, reply_id, thumb)
            await self._sender.api.acknowledge_press(event.query_id, phrase("thanks", language))
            return
        await self._sender.api.acknowledge_press(event.query_id, "")
        if what == REGENERATE:
            await self._command("regenerate", "", origin, event_id, language)
        elif what == COMMAND:
            name, _, argument = rest.partition(":")
            await self._command(name, argument, origin, event_id, language)

    async def _command(
        self, name: str, argument: str, origin: Origin, event_id: str, language: str
    ) -> None:
        answer = await self._commands.run(name, argument, self._person(origin, language))
        await self._answer(answer, origin, event_id)
        if name == "regenerate" and not answer.text:
            self._working.start(origin.place.address, language)

    async def _deleted(self, event: events.Deleted) -> None:
        """What a customer took back and nobody answered yet needs no answer."""
        snapshot = await self._conversations.snapshot(event.place.address, turns=1)
        if nothing_left(snapshot, set(event.message_ids)):
            await self._inbox.cancel(event.place.address, snapshot.partial_id)

    async def _stops(self, event: events.Stops) -> None:
        """Stop the answer that the draft shows, or the waiting that it tells of; no later one."""
        person = str(event.place.chat_id)  # drafts are in private chats alone
        snapshot = await self._conversations.snapshot(event.place.address, turns=1)
        shown = draft_id(snapshot.partial_id) if snapshot.partial_id else LINE_DRAFT
        if self._access.admits(person, person) and event.draft_id == shown:
            await self._inbox.cancel(event.place.address, snapshot.partial_id)

    async def _refuse(self, event: Event, event_id: str) -> None:
        """In a private chat a polite word; elsewhere silence."""
        if isinstance(event, events.Presses):
            await self._sender.api.acknowledge_press(event.query_id, "")
        elif isinstance(event, events.Says | events.Commands | events.Unreadable):
            place = event.origin.place
            if place.private and not place.business:
                words = phrase("not_admitted", await self._language(event.origin, ""))
                await self._say(words, event.origin, event_id)

    async def _language(self, origin: Origin, spoken: str) -> str:
        user_key = Person(origin.place.address, origin.user_id, "").user_key
        return await self._tongues.of(user_key, spoken, origin.tongue)

    def _person(self, origin: Origin, language: str) -> Person:
        return Person(
            address=origin.place.address,
            user_id=origin.user_id,
            event_id=origin.event_id,
            language=language,
            steers=self._access.steers(origin.user_id, origin.place.private),
        )

    async def _answer(self, answer: Answer, origin: Origin, event_id: str) -> None:
        place, after = origin.place, origin.message_id
        if answer.document is not None:
            file = File(answer.document, answer.text)
            await self._sender.send(Item(event_id, "document", place, file, after=after))
            return
        parts = plain_parts(answer.text, self._text_units) if answer.text else ()
        for number, part in enumerate(parts):
            below = of_choices(answer.choices) if number == len(parts) - 1 else None
            await self._sender.send(Item(event_id, str(number), place, part, below, after=after))

    async def _say(self, words: str, origin: Origin, event_id: str) -> None:
        """A polite word; for an album of ten pictures once."""
        said = (origin.place.address.conversation_id, words)
        if time.monotonic() - self._said.get(said, -math.inf) < SAY_AGAIN_S:
            return
        await self._answer(Answer(words), origin, event_id)
        self._said[said] = time.monotonic()
        self._said.move_to_end(said)
        if len(self._said) > 1000:
            self._said.popitem(last=False)
