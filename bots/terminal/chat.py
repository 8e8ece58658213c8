"""One person's conversation in the terminal."""

import asyncio
import locale
import os
import uuid
from dataclasses import replace

from redis.asyncio import Redis

from bots import catalog
from bots.answers import Choice
from bots.commands import Commands
from bots.ending import end
from bots.language import known
from bots.person import Person
from bots.relay import Relay
from bots.terminal.answer import Answer
from bots.terminal.channel import TerminalChannel
from bots.terminal.paper import Paper
from bots.terminal.silence import NoAnswer, Patience, Silence
from bots.tongues import Tongues
from bots.words import about_receipt
from broker.conversation import Conversations
from broker.errors import RedisUnavailable, ScriptFailed
from broker.inbox import Inbox
from broker.live import Live
from broker.messages import Address, Outcome
from broker.outbox import Outbox
from broker.preferences import Preferences
from broker.settings import Settings

CHANNEL = "terminal"


class Chat:
    """Says things and waits for the answers, one at a time."""

    def __init__(self, redis: Redis, settings: Settings, paper: Paper, patience: Patience) -> None:
        # Several machines may share a Redis, and their users have the same numbers.
        self._user = f"{os.uname().nodename}.{os.getuid()}"
        self._address = Address(CHANNEL, self._user)
        self._paper = paper
        # Of the computer, until the person has written.
        self._language: str = known(locale.getlocale()[0] or "en")
        self._user_key = self._person().user_key
        self._tongues = Tongues(Preferences(redis, settings))
        self._commands = Commands(redis, settings)
        self._inbox = Inbox(redis, settings)
        self._conversations = Conversations(redis, settings)
        self._channel = TerminalChannel(self._address, self._conversations)
        self._silence = Silence(redis, settings, self._address, patience)
        # One reader for all processes: what a dead one had read is read by the next at once.
        outbox = Outbox(redis, settings, CHANNEL, reader=CHANNEL)
        relay = Relay(outbox, self._channel, Live(redis, settings, CHANNEL))
        self._relaying = asyncio.create_task(relay.run())

    def words(self, ident: str, **values: str | int) -> str:
        """What the terminal says, in the language that the person wrote last."""
        return catalog.text(ident, self._language, **values)

    async def remembered(self) -> int:
        """The number of turns that the conversation has, as far as a bot sees them."""
        return len((await self._conversations.snapshot(self._address)).turns)

    async def say(self, text: str) -> Outcome | None:
        """Say something and show the answer. None when it was refused, and the person told.

        Raises RedisUnavailable when it could not be handed over, NoAnswer when none came.
        """
        manner = await self._tongues.manner(self._user_key, text, self._language)
        self._language = manner.language
        person = self._person()
        answer = self._channel.awaited = Answer(person.event_id, manner.language, self._paper)
        receipt = await self._inbox.submit(replace(person.message(text), script=manner.script))
        words = about_receipt(receipt, manner.language)
        if words:
            self._paper.remark(words)
        if not receipt.kept:
            return None
        return await self._outcome(answer)

    async def stop(self) -> None:
        """Stop the answer; what it has said so far stays."""
        try:
            awaited = self._channel.awaited
            await self._inbox.cancel(self._address, awaited.reply_id if awaited else "")
        except RedisUnavailable:
            self._paper.remark(self.words("terminal-away-no-stop"))
        except ScriptFailed as error:
            self._paper.remark(self.words("terminal-failed-no-stop", error=str(error)))

    async def command(self, name: str, argument: str) -> Outcome | None:
        """Run a command of the bots. None when it needs no answer of the model.

        Raises RedisUnavailable, or NoAnswer like `say`.
        """
        self._language = await self._tongues.of(self._user_key, "", self._language)
        person = self._person()
        awaited = self._channel.awaited = Answer(person.event_id, self._language, self._paper)
        answer = await self._commands.run(name, argument, person)
        if answer.document is not None:
            self._paper.write(answer.document.content.decode() + "\n")
        elif answer.text:
            self._paper.remark(answer.text)
        for choice in answer.choices:
            self._paper.remark(_typed(choice))
        return await self._outcome(awaited) if answer.awaited else None

    async def forget(self) -> None:
        """Begin anew."""
        await self._inbox.forget(self._address)

    async def choose_model(self, model: str) -> None:
        await self._inbox.choose_model(self._address, model)

    def _person(self) -> Person:
        """The person, who asks for something new."""
        return Person(self._address, self._user, uuid.uuid4().hex, self._language)

    async def _outcome(self, answer: Answer) -> Outcome:
        """Raises NoAnswer; nobody waits for it then, so it is not to be written either."""
        try:
            return await self._silence.outcome(answer, self._paper)
        except NoAnswer:
            await self.stop()
            raise

    async def close(self) -> None:
        await end(self._relaying)


def _typed(choice: Choice) -> str:
    """A button as a command to type."""
    command = f"  /{choice.command} {choice.argument}".rstrip()
    return command if choice.label == choice.argument else f"{command} — {choice.label}"
