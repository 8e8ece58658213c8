"""Tasks as people ask for them: translate, summarize, explain, and what feeling a text has.

The work itself is a model's: what is asked here goes through the queue like any message.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import cast

from redis.asyncio import Redis

from bots import catalog
from bots.answers import Answer, Choice
from bots.language import LANGUAGE_NAMES, guess
from bots.person import Person
from bots.script import wanted
from bots.targets import TARGETS, Target, with_target
from bots.unaimed import Unaimed
from bots.words import about_receipt
from broker.conversation import Conversations
from broker.inbox import Inbox
from broker.messages import TASKS, AnswerScript, Task
from broker.preferences import Choices, Preferences
from broker.settings import Settings
from broker.text.detection import detect
from broker.waiting import Waiting

# What a button under the question for a language carries: it, and the mark of the asking.
_PRESSED = re.compile(rf"({'|'.join(TARGETS)}) #([0-9a-f]{{4}})")


@dataclass(frozen=True, slots=True)
class Sources:
    """What a task may be about when no text stands behind it.

    `quoted`: the message that was answered with the command, "" none, None where a channel has no
    answers to messages. `recent` gives the latest messages of the chat, as many as asked for (0:
    all that are known), one a line; "" when there are none.
    """

    quoted: str | None = None
    recent: Callable[[int], Awaitable[str]] | None = None


NO_SOURCES = Sources()


@dataclass(frozen=True, slots=True)
class Asked:
    """What an argument means. `target`: the language named; `last`: so many messages are meant, 0:
    all, None: a text is; `mark` that of a text that waits, "" none."""

    text: str
    target: Target | None = None
    last: int | None = None
    mark: str = ""


def parse(task: Task, argument: str) -> Asked:
    """Read `[language] text` of a translation, `[number | text]` of a summary, else text."""
    argument = argument.strip()
    if task == "translate":
        pressed = _PRESSED.fullmatch(argument)
        if pressed:
            return Asked("", cast(Target, pressed[1]), mark=pressed[2])
        target, rest = with_target(argument)
        return Asked(rest.strip(), target)
    if task == "summarize" and (not argument or argument.isdecimal()):
        return Asked("", last=int(argument[:9] or 0))
    return Asked(argument)


def task_named(name: str) -> Task | None:
    """The task that a command is."""
    return next((task for task in TASKS if task == name), None)


class Tasks:
    """Has tasks done for one channel. Raises RedisUnavailable."""

    def __init__(self, redis: Redis, settings: Settings, mark: str) -> None:
        """`mark` is what stands before a command."""
        self._inbox = Inbox(redis, settings)
        self._conversations = Conversations(redis, settings)
        self._preferences = Preferences(redis, settings)
        self._waiting = Waiting(redis, settings)
        self._unaimed = Unaimed(redis, settings)
        self._mark = mark
        self._longest = settings.limits.message_chars

    async def run(self, task: Task, argument: str, person: Person, sources: Sources) -> Answer:
        """Submit a task, or say what is missing. The same event again does no harm."""
        asked = parse(task, argument)
        text = asked.text or await self._found(asked, person, sources)
        if not text.strip():
            return Answer(self._nothing(task, person.language, sources))
        snapshot = await self._conversations.snapshot(person.address, turns=1)
        cannot = await self.cannot(task, snapshot.model, person.language, person.steers)
        if cannot is not None:
            return cannot
        choices = await self._preferences.of(person.user_key)
        target: str = asked.target or ""
        if task == "translate":
            target = target or _usual(choices.target, text)
            if not target:
                return await self._which_target(text, person)
        message = replace(
            person.message(text),
            task=task,
            target=target,
            keeps=choices.keeps,
            script=_script(choices, text, person.language),
        )
        receipt = await self._inbox.submit(message)
        if receipt.kept and target:
            await self._preferences.choose_target(person.user_key, target)
            await self._unaimed.answered(person)
        return Answer(about_receipt(receipt, person.language), receipt=receipt)

    async def offered(self, person: Person) -> frozenset[Task]:
        """The tasks that the person's model can do."""
        snapshot = await self._conversations.snapshot(person.address, turns=1)
        return await self._waiting.tasks(snapshot.model)

    async def forget(self, person: Person) -> None:
        """The text that waits for its language."""
        await self._unaimed.forget(person)

    async def _found(self, asked: Asked, person: Person, sources: Sources) -> str:
        """The text that is meant where none was written. A language alone answers the question for
        one, whatever message that answer stands under."""
        if asked.target and not asked.mark:
            waiting = await self._unaimed.unanswered(person)
            if waiting:
                return waiting
        if sources.quoted and not asked.last and not asked.mark:
            return sources.quoted
        if asked.last is not None:
            recent = await sources.recent(asked.last) if sources.recent else ""
            return _newest(recent, self._longest)
        return await self._unaimed.text(person, asked.mark) if asked.target else ""

    def _nothing(self, task: Task, language: str, sources: Sources) -> str:
        command = f"{self._mark}{task}"
        if task == "summarize" and sources.recent is not None:
            return catalog.text("task-no-messages", language, command=command)
        ident = "task-no-text" if sources.quoted is None else "task-no-reply"
        return catalog.text(ident, language, command=command)

    async def cannot(
        self, task: Task, model: str, language: str, steers: bool = False
    ) -> Answer | None:
        """That the model was not made for it, and which others are, with buttons for who `steers`;
        None when all is well, or when no worker tells what it can."""
        if task in await self._waiting.tasks(model):
            return None
        able = []
        for other in await self._waiting.models():
            if task in await self._waiting.tasks(other):
                able.append(other)
        if not able:
            return Answer(catalog.text("task-nobody-can", language))
        names = ", ".join(able)
        buttons = (Choice(other, "model", other) for other in able if steers)
        return Answer(catalog.text("task-others-can", language, models=names), tuple(buttons))

    async def _which_target(self, text: str, person: Person) -> Answer:
        """Ask for the language; the text waits for the answer."""
        if len(text) > self._longest:
            return Answer(catalog.text("message-too-long", person.language))
        mark = await self._unaimed.keep(text, person)
        source = detect(text).language
        buttons = tuple(
            Choice(LANGUAGE_NAMES[target], "translate", f"{target} #{mark}")
            for target in TARGETS
            if target != source
        )
        return Answer(catalog.text("task-which-language", person.language), buttons)


def _newest(lines: str, chars: int) -> str:
    """As many of the last lines as so many characters hold."""
    if len(lines) <= chars:
        return lines
    return lines[-chars:].partition("\n")[2] or lines[-chars:]


def _usual(remembered: str, text: str) -> str:
    """The language of the latest translation, unless the text is in it already."""
    return "" if detect(text).language == remembered else remembered


def _script(choices: Choices, text: str, language: str) -> AnswerScript:
    """The letters of the result: those that the person writes, whoever wrote the text."""
    return wanted(choices.script, "", choices.spoken or guess(text, language))
