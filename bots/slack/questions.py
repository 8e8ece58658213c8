"""What is said to the bot: to the inbox, to a command typed in a thread, or a polite word."""

import asyncio
import logging

from bots import catalog
from bots.asking import still_matters, was_in_flight
from bots.failures import PlatformFailure
from bots.seldom import Seldom
from bots.slack.answering import Answering, quietly
from bots.slack.asker import Askers, user_key
from bots.slack.events import Says, Stops
from bots.slack.history import History
from bots.slack.place import Place, user_of
from bots.slack.sending import STREAM
from bots.slack.tasks import SlackTasks
from bots.slack.text import plain
from bots.slack.typed import typed
from bots.talks import Talks
from bots.tasks import task_named
from bots.tongues import Manner
from bots.words import about_receipt
from broker.conversation import Snapshot
from broker.messages import UserMessage
from broker.settings import Settings

logger = logging.getLogger(__name__)

TITLE_CHARS = 60
READ_TRIES = 3
READ_S = 10.0


class Questions:
    """Handles what users say. Raises platform failures and broker errors."""

    def __init__(
        self,
        talks: Talks,
        answering: Answering,
        askers: Askers,
        history: History,
        tasks: SlackTasks,
        settings: Settings,
    ) -> None:
        self._talks = talks
        self._answering = answering
        self._askers = askers
        self._history = history
        self._tasks = tasks
        self._refusals = Seldom()
        self._slack = settings.slack
        self._message_chars = settings.limits.message_chars

    async def concerns(self, said: Says) -> bool:
        """Whether it is for us: what is said in a thread is, where the bot takes part."""
        if said.addressed == "yes":
            return True
        if self._slack.threads == "mention":
            return False
        return bool(await self._askers.first_asked(said.origin.place))

    async def handle(self, said: Says, delivery: str) -> None:
        """Something was said to the bot."""
        origin, place = said.origin, said.origin.place
        names = await self._askers.names.of(place.workspace, [said.text])
        text = plain(said.text, names)
        command, is_edit = typed(text), bool(said.replaces) and not said.called
        if is_edit and not await self._still_matters(said):
            return
        if command:
            # Of commands only a task is done anew: what was said of another one stays said.
            if not is_edit or task_named(command.name):
                await self._tasks.typed(origin, command, said.replaces, delivery)
        elif not text and said.files:
            language = await self._askers.language(place.workspace, origin.user_id)
            await self._answering.say(catalog.text("text-only", language), origin, delivery)
        else:
            await self._submit(said, text, delivery)

    async def stop(self, stops: Stops) -> None:
        """A user pressed Slack's stop button: what it stood beside ends, and no later answer."""
        address = stops.place.address
        snapshot = await self._talks.conversations.snapshot(address, turns=1)
        if await self._is_meant(stops, snapshot):
            await self._talks.inbox.cancel(address, snapshot.partial_id)

    async def _is_meant(self, stops: Stops, snapshot: Snapshot) -> bool:
        """Whether what is in flight was shown when the button was pressed. Slack names the streams
        that showed then, or none: then the time tells."""
        if stops.streams:
            stream = await self._stream_of(snapshot.partial_id)
            if stream:
                return stream in stops.streams
            if (
                snapshot.turns
                and await self._stream_of(snapshot.turns[-1].reply_id) in stops.streams
            ):
                return False
        return was_in_flight(snapshot, stops.at)

    async def _stream_of(self, reply_id: str) -> str:
        """The message in which this reply is or was streamed; "" when there is none."""
        return (await self._answering.sender.record.look(reply_id, STREAM)).message_id

    async def _still_matters(self, said: Says) -> bool:
        snapshot = await self._talks.conversations.snapshot(said.origin.place.address, turns=1)
        return still_matters(snapshot, said.replaces)

    async def _submit(self, said: Says, text: str, delivery: str) -> None:
        origin, place, workspace = said.origin, said.origin.place, said.origin.place.workspace
        manner = await self._askers.manner(workspace, origin.user_id, text)
        language = manner.language
        message = await self._message(said, text, manner)
        await self._askers.begin(place, origin.user_id)
        receipt = await self._talks.inbox.submit(message)
        if not receipt.kept:
            why = about_receipt(receipt, language)
            await self._refusals.say(
                f"{user_of(workspace, origin.user_id)} {receipt.status}",
                lambda: self._answering.say(why, origin, delivery),
            )
            return
        self._talks.working.start(place.address, language)
        await self._askers.asked(origin)
        if receipt.status == "accepted":
            await self._askers.preferences.asked(user_key(workspace, origin.user_id))
        if place.private and place.thread and not said.in_thread:
            await quietly("no title", self._entitle(place, text))
        if receipt.nobody:
            await self._answering.say(about_receipt(receipt, language), origin, delivery)

    async def _message(self, said: Says, text: str, manner: Manner) -> UserMessage:
        """In a channel with who said it, and what was said there before the bot was asked."""
        origin, place, workspace = said.origin, said.origin.place, said.origin.place.workspace
        sender = ""
        if not place.private:
            sender = (await self._askers.names.user(workspace, origin.user_id)).name
        before = await self._before(said, len(text)) if text else ""
        return UserMessage(
            address=place.address,
            message_id=origin.event_id,
            user_id=user_of(workspace, origin.user_id),
            text=f"{before}\n\n{text}" if before else text,
            sent_at=origin.at,
            language=manner.language,
            sender=sender,
            action="edit" if said.replaces else "say",
            replaces=said.replaces,
            script=manner.script,
        )

    async def _before(self, said: Says, chars: int) -> str:
        """What was said in the thread before the bot was first asked there, by this message."""
        place, message_id = said.origin.place, said.origin.message_id
        if place.private or not said.in_thread or not self._slack.thread_chars:
            return ""
        if await self._askers.first_asked(place) not in ("", message_id):
            return ""
        room = min(self._slack.thread_chars, self._message_chars - chars - 2)
        try:
            async with asyncio.timeout(READ_S):
                return await self._read(place, message_id, room)
        except TimeoutError:
            logger.warning("thread not read in time", extra={"chat": place.chat_id})
            return ""  # better an answer that knows less than none

    async def _read(self, place: Place, message_id: str, room: int) -> str:
        for _ in range(READ_TRIES):
            try:
                return await self._history.so_far(place, message_id, room) or ""
            except PlatformFailure as failure:
                logger.warning("thread not read: %s", failure, extra={"chat": place.chat_id})
        return ""

    async def _entitle(self, place: Place, text: str) -> None:
        title = " ".join(text.split())[:TITLE_CHARS]
        body = {"thread_ts": place.thread, "title": title}
        method = "assistant.threads.setTitle"
        await self._answering.sender.api.call(place, method, body, "spare", named="channel_id")
