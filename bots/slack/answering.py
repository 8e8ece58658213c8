"""The bot's own words on their way to a user: into the thread, or for his eyes alone."""

import json
import logging
from collections.abc import Awaitable
from dataclasses import asdict

from bots.answers import Answer, Choice
from bots.failures import Later, PlatformFailure, Refused, Unreachable
from bots.slack.buttons import of_choices
from bots.slack.events import Origin
from bots.slack.place import Place
from bots.slack.rendering import words
from bots.slack.sending import Sender

logger = logging.getLogger(__name__)

EPHEMERAL, DOCUMENT, DONE = "ephemeral", "document", "done"


class Answering:
    """Answers what was asked of the bot itself, once by the name of the delivery."""

    def __init__(self, sender: Sender) -> None:
        self.sender = sender

    async def answer(self, answer: Answer, origin: Origin, delivery: str) -> None:
        """Say it where it was asked. Raises platform failures and broker errors."""
        if answer.document is not None:
            await self._upload(answer, origin, delivery)
        elif answer.text and origin.response_url:
            await self._respond(answer, origin, delivery)
        elif answer.text:
            part = words(answer.text).above(*of_choices(answer.choices))
            await self.sender.send(delivery, 0, origin.place, part)

    async def give(self, answer: Answer, delivery: str) -> None:
        """Keep the answer to something that was done, until it is said. A file is not kept:
        it is made again."""
        if answer.document is None:
            kept = json.dumps(asdict(answer), ensure_ascii=False)
            await self.sender.record.sent_as(delivery, DONE, kept)

    async def given(self, delivery: str) -> Answer | None:
        """What was kept of the answer, its words; None: nothing was done yet."""
        kept = (await self.sender.record.look(delivery, DONE)).message_id
        if not kept:
            return None
        answer = json.loads(kept)
        return Answer(answer["text"], tuple(Choice(**one) for one in answer["choices"]))

    async def say(self, text: str, origin: Origin, delivery: str) -> None:
        await self.answer(Answer(text), origin, delivery)

    async def _respond(self, answer: Answer, origin: Origin, delivery: str) -> None:
        """Words that vanish may come twice after a crash: nothing is looked for."""
        record = self.sender.record
        if (await record.look(delivery, EPHEMERAL)).state == "sent":
            return
        part = words(answer.text).above(*of_choices(answer.choices))
        try:
            await self.sender.api.respond(origin.response_url, part)
        except Later:
            raise
        except Refused as failure:  # half an hour has passed
            logger.info("no ephemeral message: %s", failure, extra={"delivery": delivery})
            await self.sender.send(delivery, 0, await self._direct(origin), part)
        await record.sent_as(delivery, EPHEMERAL, "1")

    async def _upload(self, answer: Answer, origin: Origin, delivery: str) -> None:
        """A file goes to the user's own messages, wherever he asked for it."""
        assert answer.document is not None  # checked by whoever asks
        record = self.sender.record
        if (await record.attempt(delivery, DOCUMENT)).state == "sent":
            return
        place = origin.place if origin.place.private else await self._direct(origin)
        try:
            await self.sender.api.upload(place, answer.document, answer.text)
        except (Refused, Unreachable) as failure:
            logger.warning("no file: %s", failure, extra={"delivery": delivery})
        await record.sent_as(delivery, DOCUMENT, "1")

    async def _direct(self, origin: Origin) -> Place:
        workspace = origin.place.workspace
        return Place(workspace, await self.sender.api.direct(workspace, origin.user_id))


async def quietly(what: str, call: Awaitable[object]) -> None:
    """Make a call whose failure is no matter."""
    try:
        await call
    except PlatformFailure as failure:
        logger.info("%s: %s", what, failure)
