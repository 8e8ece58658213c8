"""Tasks on Slack: which text is meant where none was written, and where the result goes.

What is typed in a thread is answered there. A slash command knows no thread, and a shortcut may
stand where the bot is not: their results come in the user's own messages, so that nobody in the
channel is disturbed, and go on there as a conversation.
"""

from dataclasses import replace

from bots import catalog
from bots.failures import Refused, Unreachable
from bots.slack.answering import Answering
from bots.slack.asker import Askers
from bots.slack.events import Commands, Origin, Shortcut
from bots.slack.place import Place
from bots.slack.rendering import words
from bots.slack.requests import Order, Requests
from bots.slack.thread import Threads
from bots.talks import Talks
from bots.tasks import NO_SOURCES, Asked, Sources, parse
from broker.messages import TASKS, Task
from broker.settings import Settings
from broker.text.script import arabic_share

TO_LATIN, TO_ARABIC = "arabizi", "3arabi"
# Message shortcuts, of which Slack allows an app five, and the command that each is.
SHORTCUTS = {
    "summarize_thread": "summarize",
    "translate": "translate",
    "explain": "explain",
    "sentiment": "sentiment",
    "letters": TO_LATIN,  # or back, where the text is in them
}
HEADINGS: dict[Task, str] = {
    "translate": "slack-translation",
    "summarize": "slack-summary",
    "explain": "slack-explanation",
    "sentiment": "slack-sentiment",
}


class SlackTasks:
    """Finds the text and the place for a task. Raises platform failures and broker errors."""

    def __init__(
        self,
        requests: Requests,
        talks: Talks,
        answering: Answering,
        askers: Askers,
        threads: Threads,
        settings: Settings,
    ) -> None:
        self._requests = requests
        self._conversations = talks.conversations
        self._answering = answering
        self._askers = askers
        self._threads = threads
        self._chars = settings.limits.message_chars

    async def typed(self, origin: Origin, name: str, argument: str, delivery: str) -> None:
        """A command, of whatever kind, typed as a message."""
        sources = await self._sources(origin, name, argument)
        if sources is None:
            await self._unread(origin, delivery)
        else:
            order = Order(origin, origin.place, name, argument, sources)
            await self._requests.run(order, delivery)

    async def command(self, asked: Commands, delivery: str) -> None:
        """A slash command, of whatever kind."""
        task = _task(asked.name)
        if task is None:
            await self._requests.command(asked, delivery)
            return
        sources = await self._sources(asked.origin, asked.name, asked.argument)
        if sources is None:
            await self._unread(asked.origin, delivery)
        elif sources.quoted or parse(task, asked.argument).text:
            await self._apart(asked.origin, task, asked.argument, delivery, sources)
        else:
            await self._requests.run(Order(asked.origin, asked.origin.place, task), delivery)

    async def shortcut(self, shortcut: Shortcut, delivery: str) -> None:
        """A shortcut of a message."""
        origin, name = shortcut.origin, SHORTCUTS.get(shortcut.task, shortcut.task)
        task = _task(name)
        text = await self._meant(shortcut, task)
        if text is None:
            await self._unread(origin, delivery)
        elif not text:
            language = await self._askers.language(origin.place.workspace, origin.user_id)
            await self._answering.say(catalog.text("text-only", language), origin, delivery)
        elif task:
            await self._apart(origin, task, "", delivery, Sources(text))
        else:
            name = TO_ARABIC if name == TO_LATIN and not arabic_share(text) else name
            order = Order(origin, origin.place, name, sources=Sources(text))
            await self._requests.run(order, delivery)

    async def _meant(self, shortcut: Shortcut, task: Task | None) -> str | None:
        """The thread or the message that a shortcut is about; None when it may not be read."""
        place = shortcut.origin.place
        if task == "summarize":
            return await self._threads.so_far(place, "", self._chars)
        return await self._threads.text(place, {"text": shortcut.text})

    async def _sources(self, origin: Origin, name: str, argument: str) -> Sources | None:
        """What is meant where no text was written: of a summary all that was said here, else the
        message before in the thread. None when the bot may not read it."""
        task, place = _task(name), origin.place
        asked = parse(task, argument) if task else Asked(argument)
        if asked.text or not (task or name in (TO_LATIN, TO_ARABIC)):
            return NO_SOURCES
        text: str | None = ""
        if task == "summarize" and (place.thread or not place.private):
            text = await self._threads.so_far(place, origin.message_id, self._chars, asked.last)
        elif task != "summarize" and place.thread and origin.message_id:
            text = await self._before(origin)
        if not text:
            return None if text is None else NO_SOURCES

        async def recent(_: int) -> str:
            return text

        return Sources(text, recent)

    async def _before(self, origin: Origin) -> str | None:
        """What was said before this message in its thread; an answer of ours is known whole."""
        place = origin.place
        try:
            message = await self._threads.last(place, origin.message_id)
        except (Refused, Unreachable):
            return None
        me = (await self._answering.sender.api.workspaces.find(place.workspace)).me
        if message.get("bot_id") == me.bot_id:
            snapshot = await self._conversations.snapshot(place.address, turns=1)
            if snapshot.turns and snapshot.turns[-1].text:
                return snapshot.turns[-1].text
        return await self._threads.text(place, message)

    async def _apart(
        self, origin: Origin, task: Task, argument: str, delivery: str, sources: Sources
    ) -> None:
        """Do it in the user's own messages."""
        language = await self._askers.language(origin.place.workspace, origin.user_id)
        heading = catalog.text(HEADINGS[task], language)
        place = await self._opened(origin, f"{delivery}/heading", heading)
        moved = replace(origin, place=place, response_url="")
        order = Order(moved, place, task, argument, sources)
        await self._requests.run(order, f"{delivery}/task")
        if not origin.place.private:
            told = catalog.text("slack-see-direct", language)
            await self._answering.say(told, origin, f"{delivery}/told")

    async def _opened(self, origin: Origin, delivery: str, heading: str) -> Place:
        """A thread in the user's own messages, under a heading."""
        workspace = origin.place.workspace
        sender = self._answering.sender
        direct = Place(workspace, await sender.api.direct(workspace, origin.user_id))
        await sender.send(delivery, 0, direct, words(heading))
        ts = (await sender.record.look(delivery, "0")).message_id
        return Place(workspace, direct.chat_id, ts)

    async def _unread(self, origin: Origin, delivery: str) -> None:
        language = await self._askers.language(origin.place.workspace, origin.user_id)
        told = catalog.text("slack-not-in-channel", language)
        await self._answering.say(told, origin, delivery)


def _task(name: str) -> Task | None:
    return next((task for task in TASKS if task == name), None)
