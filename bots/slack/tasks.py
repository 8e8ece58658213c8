"""Tasks on Slack: which text is meant where none was written, and where the result goes.

What is typed in a thread is answered there. A slash command knows no thread, and a shortcut may
stand where the bot is not: their results come in the user's own messages, so that nobody in the
channel is disturbed, and go on there as a conversation.
"""

from dataclasses import dataclass, replace

from bots import catalog
from bots.failures import Refused, Unreachable
from bots.slack.answering import Answering
from bots.slack.asker import Askers
from bots.slack.buttons import rated
from bots.slack.events import Commands, Origin, Shortcut
from bots.slack.history import History
from bots.slack.place import Place
from bots.slack.rendering import words
from bots.slack.requests import Order, Requests
from bots.slack.shortcuts import LETTERS, SHORTCUTS
from bots.slack.typed import Typed
from bots.talks import Talks
from bots.tasks import NO_SOURCES, Asked, Sources, parse, task_named
from broker.messages import Task
from broker.settings import Settings
from broker.text.script import arabic_share

BACK = "3arabi"
HEADINGS: dict[Task, str] = {
    "translate": "slack-translation",
    "summarize": "slack-summary",
    "explain": "slack-explanation",
    "sentiment": "slack-sentiment",
}
FIRST_CHARS = 80  # of the text, shown above its result


@dataclass(frozen=True, slots=True)
class _Work:
    """A task and the text that it is about."""

    task: Task
    argument: str
    sources: Sources

    @property
    def text(self) -> str:
        return parse(self.task, self.argument).text or self.sources.quoted or ""


class SlackTasks:
    """Finds the text and the place for a task. Raises platform failures and broker errors."""

    def __init__(
        self,
        requests: Requests,
        talks: Talks,
        answering: Answering,
        askers: Askers,
        history: History,
        settings: Settings,
    ) -> None:
        self._requests = requests
        self._conversations = talks.conversations
        self._answering = answering
        self._askers = askers
        self._history = history
        self._chars = settings.limits.message_chars
        self._threaded = settings.slack.direct == "threads"

    async def typed(self, origin: Origin, typed: Typed, replaces: str, delivery: str) -> None:
        """A command typed as a message; one that is no task has no text to be found.
        `replaces`: the message that it is an edit of, "" none."""
        sources = await self._sources(origin, typed.name, typed.argument)
        if sources is None:
            await self._unread(origin, delivery)
            return
        order = Order(origin, origin.place, typed.name, typed.argument, sources, replaces)
        await self._requests.run(order, delivery)

    async def command(self, task: Task, asked: Commands, delivery: str) -> None:
        """A slash command that is a task."""
        sources = await self._sources(asked.origin, task, asked.argument)
        if sources is None:
            await self._unread(asked.origin, delivery)
        elif sources.quoted or parse(task, asked.argument).text:
            await self._apart(asked.origin, _Work(task, asked.argument, sources), delivery)
        else:
            await self._requests.run(Order(asked.origin, asked.origin.place, task), delivery)

    async def shortcut(self, shortcut: Shortcut, delivery: str) -> None:
        """A shortcut of a message."""
        origin, known = shortcut.origin, SHORTCUTS.get(shortcut.task)
        name = known.command if known else shortcut.task  # of an older manifest
        task = task_named(name)
        text = await self._meant(shortcut, task)
        if text is None:
            await self._unread(origin, delivery)
        elif not text:
            language = await self._askers.language(origin.place.workspace, origin.user_id)
            await self._answering.say(catalog.text("text-only", language), origin, delivery)
        elif task:
            await self._apart(origin, _Work(task, "", Sources(text)), delivery)
        else:
            name = BACK if name == LETTERS and not arabic_share(text) else name
            order = Order(origin, origin.place, name, sources=Sources(text))
            await self._requests.run(order, delivery)

    async def _meant(self, shortcut: Shortcut, task: Task | None) -> str | None:
        """The thread or the message that a shortcut is about; None when it may not be read."""
        place = shortcut.origin.place
        if task == "summarize":
            return await self._history.so_far(place, "", self._chars)
        return await self._history.text(place, {"text": shortcut.text})

    async def _sources(self, origin: Origin, name: str, argument: str) -> Sources | None:
        """What is meant where no text was written: of a summary all that was said here, else the
        message before in the thread. None when the bot may not read it."""
        task, place = task_named(name), origin.place
        asked = parse(task, argument) if task else Asked(argument)
        if asked.text or not (task or name in (LETTERS, BACK)):
            return NO_SOURCES
        text: str | None = ""
        if task == "summarize" and (place.thread or not place.private):
            where = replace(place, thread="") if _opens(origin) else place
            text = await self._history.so_far(where, origin.message_id, self._chars, asked.last)
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
            message = await self._history.last(place, origin.message_id)
        except (Refused, Unreachable):
            return None
        me = (await self._answering.sender.api.workspaces.find(place.workspace)).me
        if message.get("bot_id") == me.bot_id:
            reply_id = f"{place.address.conversation_id}/{rated(message.get('blocks') or ())}"
            snapshot = await self._conversations.snapshot(place.address)
            known = (turn.text for turn in snapshot.turns if turn.reply_id == reply_id)
            return next(known, "") or await self._history.text(place, message)
        return await self._history.text(place, message)

    async def _apart(self, origin: Origin, work: _Work, delivery: str) -> None:
        """Do it in the user's own messages."""
        workspace = origin.place.workspace
        language = await self._askers.language(workspace, origin.user_id)
        refusal = await self._refusal(origin, work, language)
        if refusal:
            await self._answering.say(refusal, origin, delivery)
            return
        heading = f"{catalog.text(HEADINGS[work.task], language)}\n{_first_words(work.text)}"
        place = await self._opened(origin, f"{delivery}/heading", heading)
        moved = replace(origin, place=place, response_url="")
        order = Order(moved, place, work.task, work.argument, work.sources, moves=self._threaded)
        await self._requests.run(order, f"{delivery}/task")
        if not origin.place.private:
            told = catalog.text("slack-see-direct", language)
            await self._answering.say(told, origin, f"{delivery}/told")

    async def _refusal(self, origin: Origin, work: _Work, language: str) -> str:
        """Why there is no use in beginning, as far as that is known; "" else."""
        if len(work.text) > self._chars:
            return catalog.text("message-too-long", language)
        model = await self._askers.preferred(origin)
        answer = await self._requests.cannot(work.task, model, language)
        return answer.text if answer else ""

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


def _opens(origin: Origin) -> bool:
    """Whether this message begins its thread, in a channel."""
    return origin.place.thread == origin.message_id and not origin.place.private


def _first_words(text: str) -> str:
    """As they are, in one line, without the marks of a quotation."""
    line = " ".join(word for one in text.splitlines() for word in one.removeprefix("> ").split())
    if len(line) <= FIRST_CHARS:
        return line
    return f"{line[:FIRST_CHARS].rpartition(' ')[0] or line[:FIRST_CHARS]} …"
