"""The bot's own words on their way to a user, in his language."""

import math
import time
from collections import OrderedDict

from bots.answers import Answer
from bots.person import Person
from bots.telegram.api import File
from bots.telegram.events import Origin
from bots.telegram.item import Item
from bots.telegram.keyboards import of_choices
from bots.telegram.rendering import plain_parts
from bots.telegram.sending import Sender
from bots.tongues import Manner, Tongues
from broker.settings import TelegramSettings

SAY_AGAIN_S = 5.0
REMEMBERED = 1000


class Answering:
    """Answers what was asked of the bot itself, once by the id of the event. Raises Unreachable,
    or broker errors."""

    def __init__(self, sender: Sender, tongues: Tongues, settings: TelegramSettings) -> None:
        self.sender = sender
        self._tongues = tongues
        self._text_units = settings.text_units
        self._said: OrderedDict[tuple[str, str], float] = OrderedDict()  # monotonic clock

    async def language(self, origin: Origin) -> str:
        """The tag of the language to address a user in."""
        return (await self.manner(origin, "")).language

    async def manner(self, origin: Origin, spoken: str) -> Manner:
        """How to answer what a user writes now."""
        user_key = Person(origin.place.address, origin.user_id, "").user_key
        return await self._tongues.manner(user_key, spoken, origin.tongue)

    async def answer(self, answer: Answer, origin: Origin, event_id: str) -> None:
        """Say it where it was asked."""
        place, after = origin.place, origin.message_id
        if answer.document is not None:
            file = File(answer.document, answer.text)
            await self.sender.send(Item(event_id, "document", place, file, after=after))
            return
        mentions = place.private or not answer.quotes
        parts = plain_parts(answer.text, self._text_units, mentions) if answer.text else ()
        for number, part in enumerate(parts):
            below = of_choices(answer.choices) if number == len(parts) - 1 else None
            await self.sender.send(Item(event_id, str(number), place, part, below, after=after))

    async def say(self, words: str, origin: Origin, event_id: str) -> None:
        """A polite word; for an album of ten pictures once."""
        said = (origin.place.address.conversation_id, words)
        if time.monotonic() - self._said.get(said, -math.inf) < SAY_AGAIN_S:
            return
        await self.answer(Answer(words), origin, event_id)
        self._said[said] = time.monotonic()
        self._said.move_to_end(said)
        if len(self._said) > REMEMBERED:
            self._said.popitem(last=False)
