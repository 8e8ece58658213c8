"""What happens with each event: to the inbox, to a command, or a polite word."""

import logging
import re
from dataclasses import dataclass
from typing import Any

from bots.asking import nothing_left, still_matters
from bots.commands import NAMES, Answer, Commands
from bots.failures import PlatformFailure, Unreachable
from bots.phrases import phrase
from bots.slack import events
from bots.slack.access import SlackAccess
from bots.slack.answering import Answering, quietly
from bots.slack.asker import Askers, user_key
from bots.slack.events import Event, Origin, lane_of
from bots.slack.hearing import Hearing
from bots.slack.home import Home
from bots.slack.names import Names
from bots.slack.place import Place, user_of
from bots.slack.pressing import Pressing
from bots.slack.sending import Sender
from bots.slack.shortcuts import Shortcuts
from bots.slack.text import plain
from bots.slack.thread import Threads
from bots.words import about_receipt
from bots.working import Working
from broker.conversation import Conversations
from broker.inbox import Inbox
from broker.messages import UserMessage
from broker.settings import Settings

logger = logging.getLogger(__name__)

# Slack keeps slash commands out of threads; there "!new" does the same.
_TYPED = re.compile(r"[!/](\w+)(?:\s+(.*))?", re.DOTALL)
TITLE_CHARS = 60
HANDLED = "handled"
READ_TRIES = 3


@dataclass(frozen=True, slots=True)
class Desk:
    """What handling needs."""

    settings: Settings
    hearing: Hearing
    inbox: Inbox
    conversations: Conversations
    commands: Commands
    sender: Sender
    answering: Answering
    askers: Askers
    names: Names
    threads: Threads
    home: Home
    shortcuts: Shortcuts
    pressing: Pressing
    working: Working
    access: SlackAccess


class Handler:
    """Handles events one by one, each once; used by bots.journal.JournalReader."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._slack = desk.settings.slack

    def lane_of(self, event: dict[str, Any]) -> str:
        return lane_of(event)

    async def handle(self, event: dict[str, Any], event_id: str) -> None:
        """Do what an event asks for. A mention may come a second time as a message, with another
        id: what was said is known by its workspace, channel and timestamp."""
        meaning = await self._desk.hearing.understand(event)
        if meaning is None:
            return
        delivery = _delivery(meaning, event_id)
        record = self._desk.sender.record
        if (await record.look(delivery, HANDLED)).state == "sent":
            return
        try:
            await self._dispatch(meaning, delivery)
        except Unreachable as failure:
            logger.info("not answered event=%s: %s", event_id, failure)
        await record.sent_as(delivery, HANDLED, "1")

    async def _dispatch(self, event: Event, delivery: str) -> None:
        match event:
            case events.Says():
                await self._says(event, delivery)
            case events.Commands() | events.Presses() | events.Shortcut():
                await self._asked(event, delivery)
            case events.Deleted():
                await self._deleted(event)
            case events.Opened():
                await self._opened(event)
            case events.Stops():
                await self._desk.inbox.cancel(event.place.address)
            case events.Uninstalled():
                await self._desk.sender.api.workspaces.forget(event.workspace)

    async def _asked(
        self, event: events.Commands | events.Presses | events.Shortcut, delivery: str
    ) -> None:
        """Something was asked of the bot itself."""
        if not await self._admits(event.origin, delivery):
            return
        if isinstance(event, events.Presses):
            await self._desk.pressing.handle(event, delivery)
        elif isinstance(event, events.Shortcut):
            await self._desk.shortcuts.handle(event, delivery)
        else:
            place = await self._desk.askers.meant(event.origin)
            await self._run(event.origin, place, event.name, event.argument, delivery)

    async def _opened(self, event: events.Opened) -> None:
        desk = self._desk
        if not desk.access.admits(Place(event.workspace, event.chat_id), event.user_id):
            return
        if event.tab == "home":
            await desk.home.publish(event.workspace, event.user_id)
        elif event.chat_id:
            await quietly("no prompts", desk.home.suggest(event))

    async def _says(self, event: events.Says, delivery: str) -> None:
        origin, desk = event.origin, self._desk
        if event.addressed == "perhaps" and not await self._follows(origin.place):
            return
        if not await self._admits(origin, delivery):
            return
        names = await desk.names.of(origin.place.workspace, [event.text])
        text = plain(event.text, names)
        typed = _TYPED.fullmatch(text)
        if typed and typed[1].lower() in NAMES and not event.replaces:
            await self._run(origin, origin.place, typed[1].lower(), typed[2] or "", delivery)
            return
        if not text and event.files:
            language = await desk.askers.language(origin.place.workspace, origin.user_id)
            await desk.answering.say(phrase("text_only", language), origin, delivery)
            return
        if event.replaces:
            snapshot = await desk.conversations.snapshot(origin.place.address, turns=1)
            if not still_matters(snapshot, event.replaces):
                return
        await self._submit(event, text, delivery)

    async def _submit(self, event: events.Says, text: str, delivery: str) -> None:
        origin, desk = event.origin, self._desk
        place, workspace = origin.place, origin.place.workspace
        language = await desk.askers.language(workspace, origin.user_id, text)
        sender = "" if place.private else (await desk.names.user(workspace, origin.user_id)).name
        before = await self._before(event, len(text)) if text else ""
        receipt = await desk.inbox.submit(
            UserMessage(
                address=place.address,
                message_id=origin.event_id,
                user_id=user_of(workspace, origin.user_id),
                text=f"{before}\n\n{text}" if before else text,
                sent_at=origin.at,
                language=language,
                sender=sender,
                action="edit" if event.replaces else "say",
                replaces=event.replaces,
            )
        )
        if not receipt.kept:
            await desk.answering.say(about_receipt(receipt, language), origin, delivery)
            return
        desk.working.start(place.address, language)
        await desk.askers.asked(origin)
        if receipt.status == "accepted":
            await desk.askers.preferences.asked(user_key(workspace, origin.user_id))
        if place.private and place.thread and not event.in_thread:
            await quietly("no title", self._entitle(place, text))

    async def _before(self, event: events.Says, chars: int) -> str:
        """What was said in the thread before the bot was first asked there."""
        place, desk = event.origin.place, self._desk
        if place.private or not event.in_thread or event.replaces or not self._slack.thread_chars:
            return ""
        if await desk.askers.takes_part(place):
            return ""
        room = min(self._slack.thread_chars, desk.settings.limits.message_chars - chars - 2)
        for _ in range(READ_TRIES):
            try:
                return await desk.threads.so_far(place, event.origin.message_id, room) or ""
            except PlatformFailure as failure:
                logger.warning("thread not read chat=%s: %s", place.chat_id, failure)
        return ""  # better an answer that knows less than none

    async def _entitle(self, place: Place, text: str) -> None:
        title = " ".join(text.split())[:TITLE_CHARS]
        body = {"thread_ts": place.thread, "title": title}
        method = "assistant.threads.setTitle"
        await self._desk.sender.api.call(place, method, body, "spare", named="channel_id")

    async def _follows(self, place: Place) -> bool:
        """Whether what is said in this thread is for us without a mention."""
        return self._slack.threads == "follow" and await self._desk.askers.takes_part(place)

    async def _run(
        self, origin: Origin, place: Place, name: str, argument: str, delivery: str
    ) -> None:
        desk = self._desk
        language = await desk.askers.language(place.workspace, origin.user_id)
        person = desk.askers.person(origin, language, place)
        answer = await desk.commands.run(name, argument, person)
        if name == "regenerate" and not answer.text:
            desk.working.start(place.address, language)
        await desk.answering.answer(answer, origin, delivery)

    async def _deleted(self, event: events.Deleted) -> None:
        """What was taken back before it was answered needs no answer."""
        address, ts = event.place.address, event.message_id
        snapshot = await self._desk.conversations.snapshot(address, turns=1)
        gone = {one.message_id for one in snapshot.pending if ts in (one.message_id, one.replaces)}
        if nothing_left(snapshot, gone):
            await self._desk.inbox.cancel(address)

    async def _admits(self, origin: Origin, delivery: str) -> bool:
        """Whether the user may ask; else he is told, where nobody else sees it."""
        desk = self._desk
        if desk.access.admits(origin.place, origin.user_id):
            return True
        if origin.place.private or origin.response_url:
            language = await desk.askers.language(origin.place.workspace, origin.user_id)
            answer = Answer(phrase("not_admitted", language))
            await desk.answering.answer(answer, origin, delivery)
        return False


def _delivery(event: Event, event_id: str) -> str:
    """The name of the record of what was done for an event."""
    if not isinstance(event, events.Says):
        return f"event/{event_id}"
    place = event.origin.place
    return f"event/{place.workspace.team}/{place.chat_id}/{event.origin.event_id}"
