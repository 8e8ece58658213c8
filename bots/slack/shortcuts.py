"""Message shortcuts: "Summarise thread" and "Translate to …". They are answered in the user's own
messages, so that nobody in the channel is disturbed, and go on there as a conversation."""

from dataclasses import replace

from bots import catalog
from bots.language import known
from bots.slack.answering import Answering
from bots.slack.asker import Askers, user_key
from bots.slack.events import Origin, Shortcut
from bots.slack.place import Place, user_of
from bots.slack.rendering import words
from bots.slack.text import plain
from bots.slack.thread import Threads
from bots.slack.words import SUMMARISE, TRANSLATE
from bots.talks import Talks
from bots.words import about_receipt
from broker.messages import UserMessage
from broker.settings import Settings

SUMMARISE_THREAD = "summarise_thread"
TRANSLATE_TO = "translate_to_"  # and a language
MARGIN_CHARS = 500  # beside the text, for what we want of the model


class Shortcuts:
    """Does what a shortcut asks for. Raises platform failures and broker errors."""

    def __init__(
        self,
        talks: Talks,
        answering: Answering,
        askers: Askers,
        threads: Threads,
        settings: Settings,
    ) -> None:
        self._talks = talks
        self._answering = answering
        self._askers = askers
        self._threads = threads
        self._chars = settings.limits.message_chars - MARGIN_CHARS

    async def handle(self, shortcut: Shortcut, delivery: str) -> None:
        origin = shortcut.origin
        language = await self._askers.language(origin.place.workspace, origin.user_id)
        text = await self._text(shortcut)
        if not text:
            why = catalog.text("text-only", language)
            if text is None:
                why = catalog.text("slack-not-in-channel", language)
            await self._answering.say(why, origin, f"{delivery}/refused")
            return
        summary = shortcut.task == SUMMARISE_THREAD
        place = await self._opened(
            origin,
            delivery,
            catalog.text("slack-summary" if summary else "slack-translation", language),
        )
        tongue = known(language if summary else shortcut.task.removeprefix(TRANSLATE_TO))
        wish = (SUMMARISE if summary else TRANSLATE)[tongue]
        message = UserMessage(
            address=place.address,
            message_id=origin.event_id,
            user_id=user_of(place.workspace, origin.user_id),
            text=f"{wish}\n\n{text}",
            sent_at=origin.at,
            language=language,
        )
        await self._askers.begin(place, origin.user_id)
        receipt = await self._talks.inbox.submit(message)
        if receipt.kept:
            self._talks.working.start(place.address, language)
            await self._askers.asked(replace(origin, place=place))
            if receipt.status == "accepted":
                await self._askers.preferences.asked(user_key(place.workspace, origin.user_id))
            await self._answering.say(
                catalog.text("slack-see-direct", language), origin, f"{delivery}/told"
            )
        else:
            told = about_receipt(receipt, language)
            await self._answering.say(told, origin, f"{delivery}/refused")

    async def _text(self, shortcut: Shortcut) -> str | None:
        """What to work on; None when the bot may not read it."""
        origin = shortcut.origin
        if shortcut.task == SUMMARISE_THREAD:
            return await self._threads.so_far(origin.place, "", self._chars)
        names = await self._askers.names.of(origin.place.workspace, [shortcut.text])
        return plain(shortcut.text, names)[: self._chars].strip()

    async def _opened(self, origin: Origin, delivery: str, heading: str) -> Place:
        """A thread in the user's own messages, under a heading."""
        workspace = origin.place.workspace
        direct = Place(
            workspace, await self._answering.sender.api.direct(workspace, origin.user_id)
        )
        await self._answering.sender.send(delivery, 0, direct, words(heading))
        ts = (await self._answering.sender.record.look(delivery, "0")).message_id
        return Place(workspace, direct.chat_id, ts)
