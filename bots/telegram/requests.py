"""What is asked of the bot itself: commands, and buttons with thumbs, once more, choices."""

from dataclasses import replace

from redis.asyncio import Redis

from bots import catalog
from bots.access import Access
from bots.asking import is_last, still_matters
from bots.commands import Commands
from bots.person import Person
from bots.talks import Talks
from bots.tasks import Sources
from bots.telegram import events
from bots.telegram.answering import Answering
from bots.telegram.events import Origin
from bots.telegram.keyboards import COMMAND, DOWN, REGENERATE, UP
from bots.telegram.place import Place
from bots.telegram.preview import Previews
from broker.messages import Address
from broker.preferences import Preferences, Thumb
from broker.recents import Heard, Recents
from broker.settings import Settings

ANEW = ("new", "forget")  # after them no reply comes to what was asked before
INTRODUCING = ("start", "help")


class Requests:
    """Does what was asked. Raises Unreachable, or broker errors."""

    def __init__(
        self,
        redis: Redis,
        settings: Settings,
        talks: Talks,
        answering: Answering,
        previews: Previews,
        access: Access,
    ) -> None:
        self._commands = Commands(redis, settings)
        self._preferences = Preferences(redis, settings)
        self._talks = talks
        self._answering = answering
        self._api = answering.sender.api
        self._previews = previews
        self._access = access
        self._hears_all = settings.telegram.group_messages == "all"
        self._recent_messages = settings.telegram.recent_messages
        self._recents = Recents(redis, settings, self._recent_messages)

    async def command(self, asked: events.Commands, event_id: str) -> None:
        """A command that somebody wrote, or made of what he wrote."""
        if asked.replaces:
            address = asked.origin.place.address
            snapshot = await self._talks.conversations.snapshot(address, turns=1)
            if not still_matters(snapshot, asked.replaces):
                return
        await self._run(
            asked.name, asked.argument, asked.origin, event_id, asked.quoted, asked.replaces
        )

    async def heard(self, origin: Origin, text: str) -> None:
        """Keep what was said in a group, for who asks for a summary."""
        if self._recent_messages and not origin.place.private:
            name = origin.place.name_of(origin.message_id)
            heard = Heard(name, origin.event_id, origin.name, text, origin.at)
            await self._recents.keep(origin.place.address, heard)

    async def press(self, press: events.Presses, event_id: str) -> None:
        """A button. It stops blinking before its command runs."""
        what, _, rest = press.data.partition(":")
        if what == REGENERATE:
            await self._make_anew(press, rest, event_id)
            return
        thanks = ""
        if what in (UP, DOWN):
            await self._rate(press.origin, "up" if what == UP else "down", rest)
            thanks = catalog.text("thanks", await self._answering.language(press.origin))
        await self._api.acknowledge_press(press.query_id, thanks)
        if what == COMMAND:
            name, _, argument = rest.partition(":")
            await self._run(name, argument, press.origin, event_id)

    async def forgotten(self, address: Address) -> None:
        """No reply comes to what was asked there: it begins anew, or nothing is left."""
        await self._talks.working.done(address.conversation_id)
        await self._previews.forgotten(address)

    async def _make_anew(self, press: events.Presses, fence: str, event_id: str) -> None:
        """Another answer instead of the one above the button, if that is the last. A button that
        names none is from before there were names."""
        address = press.origin.place.address
        snapshot = await self._talks.conversations.snapshot(address, turns=1)
        if fence and not is_last(snapshot, f"{address.conversation_id}/{fence}"):
            language = await self._answering.language(press.origin)
            await self._api.acknowledge_press(press.query_id, catalog.text("only-last", language))
            return
        await self._api.acknowledge_press(press.query_id, "")
        if not snapshot.pending:  # else it is under way: people press twice
            await self._run("regenerate", "", press.origin, event_id)

    async def _rate(self, origin: Origin, thumb: Thumb, fence: str) -> None:
        reply_id = f"{origin.place.address.conversation_id}/{fence}"
        await self._preferences.rate(self._person(origin, "").user_key, reply_id, thumb)

    async def _run(
        self,
        name: str,
        argument: str,
        origin: Origin,
        event_id: str,
        quoted: str = "",
        replaces: str = "",
    ) -> None:
        """Run a command on the conversation in which it was asked, and answer there."""
        language = await self._answering.language(origin)
        person, place = self._person(origin, language, replaces), origin.place
        answer = await self._commands.run(name, argument, person, self._sources(place, quoted))
        if name in ANEW and person.steers:
            await self.forgotten(place.address)
        if name == "forget" and person.steers:
            await self._recents.forget(place.address)
        if name in INTRODUCING and not place.private and not self._hears_all:
            call = catalog.text("in-group", language, bot=f"@{self._api.username}")
            answer = replace(answer, text=f"{answer.text}\n\n{call}")
        await self._answering.answer(answer, origin, event_id)
        if answer.awaited:
            self._talks.working.start(place.address, language)

    def _sources(self, place: Place, quoted: str) -> Sources:
        async def recent(count: int) -> str:
            said = await self._recents.latest(place.address, count)
            return "\n".join(f"{sender}: {text}" for sender, text in said)

        return Sources(quoted, None if place.private else recent)

    def _person(self, origin: Origin, language: str, replaces: str = "") -> Person:
        return Person(
            address=origin.place.address,
            user_id=origin.user_id,
            event_id=origin.event_id,
            language=language,
            steers=self._access.steers(origin.user_id, origin.place.private),
            replaces=replaces,
        )
