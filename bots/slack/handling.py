"""What happens with each event: who may ask, asks; each event once."""

import logging
from dataclasses import dataclass, replace
from typing import Any

from bots import catalog
from bots.answers import Answer
from bots.failures import Unreachable
from bots.slack import events
from bots.slack.access import SlackAccess
from bots.slack.answering import Answering, quietly
from bots.slack.asker import Askers
from bots.slack.channel import SlackChannel
from bots.slack.events import Event, Origin
from bots.slack.hearing import Hearing
from bots.slack.home import Home
from bots.slack.place import Place
from bots.slack.questions import Questions
from bots.slack.requests import Requests
from bots.slack.tasks import SlackTasks
from bots.slack.text import plain
from bots.tasks import task_named

logger = logging.getLogger(__name__)

HANDLED = "handled"


@dataclass(frozen=True, slots=True)
class Desks:
    """Who does what."""

    questions: Questions
    channel: SlackChannel
    requests: Requests
    tasks: SlackTasks
    home: Home


class Handler:
    """Handles events one by one; used by bots.journal.JournalReader."""

    def __init__(
        self,
        hearing: Hearing,
        access: SlackAccess,
        askers: Askers,
        answering: Answering,
        desks: Desks,
    ) -> None:
        self._hearing = hearing
        self._access = access
        self._askers = askers
        self._answering = answering
        self._desks = desks

    def lane_of(self, event: dict[str, Any]) -> str:
        return self._hearing.lane_of(event)

    async def handle(self, event: dict[str, Any], event_id: str) -> None:
        """Do what an event asks for. A mention may come a second time as a message, with another
        id: what was said is known by its workspace, channel and timestamp."""
        meaning = await self._hearing.understand(event)
        if meaning is None:
            return
        delivery = _delivery(meaning, event_id)
        record = self._answering.sender.record
        if (await record.look(delivery, HANDLED)).state == "sent":
            return
        try:
            ours = await self._dispatch(meaning, delivery)
        except Unreachable as failure:
            logger.info("not answered: %s", failure, extra={"event": event_id})
            ours = True
        if ours:
            await record.sent_as(delivery, HANDLED, "1")

    async def _dispatch(self, event: Event, delivery: str) -> bool:
        """Whether it concerned us at all."""
        desks = self._desks
        match event:
            case events.Says():
                if not await desks.questions.concerns(event):
                    return False
                await self._asked(event, delivery)
            case events.Commands() | events.Presses() | events.Shortcut():
                await self._asked(event, delivery)
            case events.Deleted():
                await desks.channel.deleted(event.place, event.message_id)
            case events.Stops():
                if self._access.admits(event.place, event.user_id):
                    await desks.questions.stop(event)
            case events.Opened():
                await self._opened(event)
            case events.Uninstalled():
                await self._answering.sender.api.workspaces.forget(event.workspace)
        return True

    async def _asked(
        self,
        event: events.Says | events.Commands | events.Presses | events.Shortcut,
        delivery: str,
    ) -> None:
        """A user wants something of the bot."""
        origin = event.origin
        if not await self._admits(origin, delivery):
            return
        await self._askers.strangers.met(origin.place.workspace, origin.user_id, origin.team)
        desks = self._desks
        match event:
            case events.Says():
                await desks.questions.handle(event, delivery)
            case events.Commands():
                await self._commanded(event, delivery)
            case events.Presses():
                await desks.requests.press(event, delivery)
            case events.Shortcut():
                await desks.tasks.shortcut(event, delivery)

    async def _commanded(self, asked: events.Commands, delivery: str) -> None:
        """A slash command, whose text is in Slack's markup."""
        names = await self._askers.names.of(asked.origin.place.workspace, [asked.argument])
        asked = replace(asked, argument=plain(asked.argument, names))
        task = task_named(asked.name)
        if task:
            await self._desks.tasks.command(task, asked, delivery)
        else:
            await self._desks.requests.command(asked, delivery)

    async def _opened(self, event: events.Opened) -> None:
        home = self._desks.home
        if not self._access.admits(Place(event.workspace, event.chat_id), event.user_id):
            return
        if event.tab == "home":
            await home.publish(event.workspace, event.user_id)
        elif event.chat_id:
            await quietly("no prompts", home.suggest(event))

    async def _admits(self, origin: Origin, delivery: str) -> bool:
        """Whether the user may ask; else he is told, where nobody else sees it."""
        if self._access.admits(origin.place, origin.user_id):
            return True
        if origin.place.private or origin.response_url:
            language = await self._askers.language(origin.place.workspace, origin.user_id)
            answer = Answer(catalog.text("not-admitted", language))
            await self._answering.answer(answer, origin, delivery)
        return False


def _delivery(event: Event, event_id: str) -> str:
    """The name of the record of what was done for an event."""
    if not isinstance(event, events.Says):
        return f"event/{event_id}"
    place = event.origin.place
    return f"event/{place.workspace.team}/{place.chat_id}/{event.origin.event_id}"
