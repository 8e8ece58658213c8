"""What all tabs share: it takes what a page asks for, and tells what can be asked."""

from dataclasses import replace

from redis.asyncio import Redis

from bots.commands import Commands
from bots.person import Person
from bots.tasks import Tasks
from bots.tongues import Tongues
from bots.web import frames
from bots.web.browser import Browser
from bots.web.choices import settings
from bots.web.offers import offers
from bots.web.requests import Choose, Regenerate, Say, to_user_message
from bots.web.visitors import Visitors
from broker.conversation import Conversations
from broker.inbox import Inbox, Receipt
from broker.messages import Address
from broker.preferences import Preferences
from broker.settings import Settings


class Desk:
    """Serves all sessions. Raises RedisUnavailable and ScriptFailed."""

    def __init__(self, redis: Redis, settings: Settings, visitors: Visitors) -> None:
        self.inbox = Inbox(redis, settings)
        self.conversations = Conversations(redis, settings)
        self._visitors = visitors
        self._preferences = Preferences(redis, settings)
        self._tongues = Tongues(self._preferences)
        self._commands = Commands(redis, settings)
        self._tasks = Tasks(redis, settings, "/")

    async def receipt(
        self, request: Say | Regenerate, browser: Browser, address: Address, language: str
    ) -> str:
        """Submit what was written, or run the command that it is; the frame that says so.

        `language`: the one that the user had before.
        """
        person = Person(address, browser.session, request.id, language)
        wait_s = self._visitors.messages.spend(browser.network)
        if wait_s:
            refused = to_user_message(request, person)
            return frames.receipt_frame(refused, Receipt("rate_limited", wait_s))
        if isinstance(request, Say) and request.command:
            return await self._obey(*request.command, person, browser)
        spoken = request.text if isinstance(request, Say) else ""
        manner = await self._tongues.manner(person.user_key, spoken, language)
        person = replace(person, language=manner.language)
        message = to_user_message(request, person, manner.script)
        return frames.receipt_frame(message, await self.inbox.submit(message))

    async def choose(self, choice: Choose, browser: Browser, address: Address) -> str:
        """Keep a user's choice; what there is to choose now."""
        person = Person(address, browser.session, "", browser.language)
        await self._commands.run(choice.name, choice.value, person)
        return await self.about(browser, address)

    async def about(self, browser: Browser, address: Address) -> str:
        """What can be asked for here, and what the user chose."""
        person = Person(address, browser.session, "", browser.language)
        tasks = await self._tasks.offered(person)
        choices = await self._preferences.of(person.user_key)
        return frames.about_frame(
            offers(tasks, choices.target, browser.language), settings(choices, browser.language)
        )

    async def _obey(self, name: str, argument: str, person: Person, browser: Browser) -> str:
        """A command is no sign of the user's language: its text is anybody's."""
        tongue = await self._tongues.of(person.user_key, "", person.language)
        answer = await self._commands.run(name, argument, replace(person, language=tongue))
        if answer.receipt is not None:
            return frames.asked_frame(person.event_id, answer.receipt, answer.text, tongue)
        return frames.answer_frame(person.event_id, name, argument, answer, browser.language)
