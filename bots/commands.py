"""What a user may ask of the bot itself; the same in every channel.

A command does its work on the broker and returns an `Answer` in words: how it looks is the
channel's business. Running one again does no harm as long as nothing was asked in between: a second
"new" would take that, a second "stop" would stop it. So whoever may be asked for more before the
answer is said keeps the answer and says it again, instead of running the command again.
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace

from redis.asyncio import Redis

from bots import catalog
from bots.answers import Answer, Document
from bots.choosing import Choosing
from bots.menu import MENU, help_text
from bots.person import Person
from bots.script import wanted
from bots.tasks import NO_SOURCES, Sources, Tasks, task_named
from bots.words import about_receipt
from broker.conversation import Conversations
from broker.inbox import Inbox, Receipt
from broker.messages import Task, Turn
from broker.preferences import Preferences
from broker.settings import Settings
from broker.text.arabizi import to_arabic
from broker.text.arabizi_latin import to_latin
from broker.text.cleaning import clean

_ALSO = {"arabi": "3arabi"}  # for those who write no digits
# All that is understood: the menu, and what is behind its buttons.
NAMES = (*MENU, "tasks", *_ALSO)
# In a group these concern everybody, so only who steers it may use them.
FOR_STEERERS = frozenset({"new", "model", "export", "forget"})


class Commands:
    """Runs commands for one channel. Raises RedisUnavailable."""

    def __init__(self, redis: Redis, settings: Settings, mark: str = "/") -> None:
        """`mark` is what stands before a command in help."""
        self._inbox = Inbox(redis, settings)
        self._conversations = Conversations(redis, settings)
        self._preferences = Preferences(redis, settings)
        self._tasks = Tasks(redis, settings, mark)
        self._longest = settings.limits.message_chars
        self._mark = mark
        choosing = Choosing(redis, settings)
        self._choose: dict[str, Callable[[Person, str], Awaitable[Answer]]] = {
            "model": choosing.model,
            "language": choosing.language,
            "script": choosing.script,
            "tasks": choosing.tasks,
            "settings": choosing.settings,
        }
        self._do: dict[str, Callable[[Person], Awaitable[Answer]]] = {
            "start": self._start,
            "help": self._help,
            "new": self._new,
            "stop": self._stop,
            "regenerate": self._regenerate,
            "export": self._export,
            "forget": self._forget,
        }
        self._spell = {"arabizi": to_latin, "3arabi": to_arabic}

    async def run(
        self, name: str, argument: str, person: Person, sources: Sources = NO_SOURCES
    ) -> Answer:
        """Do what was asked, to the text behind it or to what `sources` give; capitals in the name
        do not matter. An unknown command gets help, never the model."""
        name, argument = name.lower(), argument.strip()
        name = _ALSO.get(name, name)
        if name in FOR_STEERERS and not person.steers:
            return Answer(catalog.text("admins-only", person.language))
        task = task_named(name)
        if task:
            return await self._tasks.run(task, argument, person, sources)
        if name in self._spell:
            return self._spelled(name, argument or sources.quoted or "", person, sources)
        if name in self._choose:
            return await self._choose[name](person, argument)
        if name in self._do:
            return await self._do[name](person)
        unknown = catalog.text("unknown-command", person.language)
        return Answer(f"{unknown}\n\n{await self._help_text(person)}")

    async def cannot(self, task: Task, model: str, language: str) -> Answer | None:
        """That this model was not made for a task; None when all is well."""
        return await self._tasks.cannot(task, model, language)

    async def _start(self, person: Person) -> Answer:
        welcome = catalog.text("welcome", person.language)
        return Answer(f"{welcome}\n\n{await self._help_text(person)}")

    async def _help(self, person: Person) -> Answer:
        return Answer(await self._help_text(person))

    async def _help_text(self, person: Person) -> str:
        return help_text(person.language, self._mark, await self._tasks.offered(person))

    async def _new(self, person: Person) -> Answer:
        await self._inbox.forget(person.address)
        return Answer(catalog.text("new", person.language))

    async def _stop(self, person: Person) -> Answer:
        state = await self._inbox.cancel(person.address)
        # The turn's own reply says that it was stopped.
        return Answer(catalog.text("nothing-to-stop", person.language) if state == "idle" else "")

    async def _regenerate(self, person: Person) -> Answer:
        choices = await self._preferences.of(person.user_key)
        script = wanted(choices.script, "", choices.spoken)
        message = replace(person.message(""), action="regenerate", script=script)
        receipt = await self._inbox.submit(message)
        words = "" if receipt.kept else about_receipt(receipt, person.language)
        return Answer(words, receipt=receipt)

    def _spelled(self, name: str, text: str, person: Person, sources: Sources) -> Answer:
        """The text in other letters, without a model."""
        if not text.strip():
            ident = "task-no-text" if sources.quoted is None else "task-no-reply"
            return Answer(catalog.text(ident, person.language, command=f"{self._mark}{name}"))
        if len(text) > self._longest:
            too_long = Receipt("too_long")
            return Answer(about_receipt(too_long, person.language), receipt=too_long)
        return Answer(self._spell[name](clean(text)), quotes=True)

    async def _export(self, person: Person) -> Answer:
        turns = (await self._conversations.snapshot(person.address, turns=10_000)).turns
        if not turns:
            return Answer(catalog.text("nothing-to-export", person.language))
        content = json.dumps([_told(turn) for turn in turns], ensure_ascii=False, indent=2).encode()
        return Answer(
            catalog.text("export", person.language), document=Document("mersal.json", content)
        )

    async def _forget(self, person: Person) -> Answer:
        await self._inbox.forget(person.address)
        await self._preferences.forget(person.user_key)
        await self._tasks.forget(person)
        return Answer(catalog.text("forgotten", person.language))


def _told(turn: Turn) -> dict[str, object]:
    """A turn for its user."""
    return {
        "said": [
            {"text": said.text, "at": said.sent_at, "sender": said.sender} for said in turn.said
        ],
        **({"task": turn.task} if turn.task else {}),
        "answer": turn.text,
        "outcome": turn.outcome,
        "model": turn.model,
        "at": turn.created_at,
    }
