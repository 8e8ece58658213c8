"""What a user may ask of the bot itself; the same in every channel.

A command does its work on the broker and returns an `Answer` in words: how it looks is the
channel's business. Running one again does no harm as long as nothing was asked in between: a second
"new" would take that, a second "stop" would stop it. So whoever may be asked for more before the
answer is said keeps the answer and says it again, instead of running the command again.
"""

import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from redis.asyncio import Redis

from bots import catalog
from bots.language import LANGUAGES
from bots.phrases import LANGUAGE_NAMES, MENU, help_text
from bots.words import about_receipt
from broker.conversation import Conversations
from broker.inbox import Inbox
from broker.messages import Address, UserMessage
from broker.preferences import Preferences
from broker.settings import Settings
from broker.waiting import Waiting

NAMES = tuple(MENU)
# In a group these concern everybody, so only who steers it may use them.
FOR_STEERERS = frozenset({"new", "model", "export", "forget"})


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks, and where. `event_id` is the platform's id of the asking, `language` his tag;
    `steers`: he may do what concerns everybody in the chat."""

    address: Address
    user_id: str
    event_id: str
    language: str = ""
    steers: bool = True

    @property
    def user_key(self) -> str:
        return self.message("").user_key

    def message(self, text: str) -> UserMessage:
        """A message of this person."""
        return UserMessage(
            self.address, self.event_id, self.user_id, text, time.time(), self.language
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: pressing it runs the command with the argument."""

    label: str
    command: str
    argument: str


@dataclass(frozen=True, slots=True)
class Document:
    """A file for the user."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """The bot's words, "" for none; with buttons or a file."""

    text: str = ""
    choices: tuple[Choice, ...] = ()
    document: Document | None = None


class Commands:
    """Runs commands for one channel. Raises RedisUnavailable."""

    def __init__(self, redis: Redis, settings: Settings, mark: str = "/") -> None:
        """`mark` is what stands before a command in help."""
        self._inbox = Inbox(redis, settings)
        self._conversations = Conversations(redis, settings)
        self._preferences = Preferences(redis, settings)
        self._waiting = Waiting(redis, settings)
        self._mark = mark
        self._run: dict[str, Callable[[Person, str], Awaitable[Answer]]] = {
            "start": self._start,
            "help": self._help,
            "new": self._new,
            "stop": self._stop,
            "regenerate": self._regenerate,
            "model": self._model,
            "language": self._language,
            "settings": self._settings,
            "export": self._export,
            "forget": self._forget,
        }

    async def run(self, name: str, argument: str, person: Person) -> Answer:
        """Do what was asked. An unknown command gets help, never the model."""
        if name in FOR_STEERERS and not person.steers:
            return Answer(catalog.text("admins-only", person.language))
        run = self._run.get(name)
        if run is None:
            unknown = catalog.text("unknown-command", person.language)
            return Answer(f"{unknown}\n\n{help_text(person.language, self._mark)}")
        return await run(person, argument.strip())

    async def _start(self, person: Person, _: str) -> Answer:
        welcome = catalog.text("welcome", person.language)
        return Answer(f"{welcome}\n\n{help_text(person.language, self._mark)}")

    async def _help(self, person: Person, _: str) -> Answer:
        return Answer(help_text(person.language, self._mark))

    async def _new(self, person: Person, _: str) -> Answer:
        await self._inbox.forget(person.address)
        return Answer(catalog.text("new", person.language))

    async def _stop(self, person: Person, _: str) -> Answer:
        state = await self._inbox.cancel(person.address)
        # The turn's own reply says that it was stopped.
        return Answer(catalog.text("nothing-to-stop", person.language) if state == "idle" else "")

    async def _regenerate(self, person: Person, _: str) -> Answer:
        asked = person.message("")
        receipt = await self._inbox.submit(
            UserMessage(
                asked.address,
                asked.message_id,
                asked.user_id,
                "",
                asked.sent_at,
                asked.language,
                action="regenerate",
            )
        )
        return Answer("" if receipt.kept else about_receipt(receipt, person.language))

    async def _model(self, person: Person, wanted: str) -> Answer:
        living = await self._waiting.models()
        choices = tuple(Choice(name, "model", name) for name in living)
        if not wanted:
            now = (await self._conversations.snapshot(person.address, turns=1)).model
            return Answer(catalog.text("choose-model", person.language, model=now), choices)
        if wanted not in living:
            return Answer(catalog.text("no-such-model", person.language), choices)
        await self._inbox.choose_model(person.address, wanted)
        return Answer(catalog.text("model-is", person.language, model=wanted))

    async def _language(self, person: Person, wanted: str) -> Answer:
        if wanted in LANGUAGES or wanted == "auto":
            chosen = "" if wanted == "auto" else wanted
            await self._preferences.choose_language(person.user_key, chosen)
            return Answer(catalog.text("language-is", chosen or person.language))
        choices = [Choice(LANGUAGE_NAMES[tag], "language", tag) for tag in LANGUAGES]
        choices.append(Choice(catalog.text("follow-me", person.language), "language", "auto"))
        return Answer(catalog.text("choose-language", person.language), tuple(choices))

    async def _settings(self, person: Person, _: str) -> Answer:
        snapshot = await self._conversations.snapshot(person.address, turns=1)
        chosen = (await self._preferences.of(person.user_key)).language
        names = {str(tag): name for tag, name in LANGUAGE_NAMES.items()}
        text = catalog.text(
            "settings",
            person.language,
            model=snapshot.model,
            tongue=names.get(chosen, catalog.text("follow-me", person.language)),
        )
        tongue = catalog.text("languages", person.language)
        return Answer(text, (Choice(snapshot.model, "model", ""), Choice(tongue, "language", "")))

    async def _export(self, person: Person, _: str) -> Answer:
        turns = (await self._conversations.snapshot(person.address, turns=10_000)).turns
        if not turns:
            return Answer(catalog.text("nothing-to-export", person.language))
        told = [
            {
                "said": [
                    {"text": said.text, "at": said.sent_at, "sender": said.sender}
                    for said in turn.said
                ],
                "answer": turn.text,
                "outcome": turn.outcome,
                "model": turn.model,
                "at": turn.created_at,
            }
            for turn in turns
        ]
        content = json.dumps(told, ensure_ascii=False, indent=2).encode()
        return Answer(
            catalog.text("export", person.language), document=Document("mersal.json", content)
        )

    async def _forget(self, person: Person, _: str) -> Answer:
        await self._inbox.forget(person.address)
        await self._preferences.forget(person.user_key)
        return Answer(catalog.text("forgotten", person.language))
