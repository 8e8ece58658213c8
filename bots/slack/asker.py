"""Who asks: his language, what he may do, and the conversation that he means."""

from dataclasses import replace

from redis.asyncio import Redis

from bots.person import Person
from bots.slack.access import SlackAccess
from bots.slack.events import Origin
from bots.slack.names import Names
from bots.slack.place import CHANNEL, Place, Workspace, user_of
from bots.slack.strangers import Strangers
from bots.tongues import Manner, Tongues
from broker.inbox import Inbox
from broker.messages import Address, UserMessage
from broker.preferences import Notes, Preferences
from broker.routing import Routes
from broker.settings import Settings


class Askers:
    """Remembers where users and the bot talk. Raises RedisUnavailable."""

    def __init__(
        self, redis: Redis, settings: Settings, notes: Notes, names: Names, access: SlackAccess
    ) -> None:
        self.preferences = Preferences(redis, settings)
        self._inbox = Inbox(redis, settings)
        self._routes = Routes(settings)
        self._tongues = Tongues(self.preferences)
        self._notes = notes
        self.names = names
        self._access = access
        self._keep_s = settings.retention.conversation_s
        self.strangers = Strangers(notes, self._keep_s)
        self._language = settings.slack.language

    async def language(self, workspace: Workspace, user_id: str) -> str:
        """The tag of the language to address a user in."""
        return (await self.manner(workspace, user_id, "")).language

    async def manner(self, workspace: Workspace, user_id: str, spoken: str) -> Manner:
        """How to answer what a user writes now."""
        user = user_key(workspace, user_id)
        manner = await self._tongues.manner(user, spoken, self._language)
        if manner.language:
            return manner
        return replace(manner, language=(await self.names.user(workspace, user_id)).tongue)

    def person(self, origin: Origin, language: str, place: Place) -> Person:
        return Person(
            address=place.address,
            user_id=user_of(origin.place.workspace, origin.user_id),
            event_id=origin.event_id,
            language=language,
            steers=self._access.steers(place, origin.user_id),
        )

    async def first_asked(self, place: Place) -> str:
        """The message with which the bot was first asked in this thread; "" when it never was."""
        return await self._notes.read(f"part:{place.address.conversation_id}")

    async def begin(self, place: Place, user_id: str) -> None:
        """What this user begins at this place is answered by the model that he prefers, but where
        others choose for everybody. What has begun keeps its own."""
        if await self.first_asked(place) or not self._access.steers(place, user_id):
            return
        model = (await self.preferences.of(user_key(place.workspace, user_id))).model
        if model:
            await self._inbox.choose_model(place.address, model)

    async def preferred(self, origin: Origin) -> str:
        """The model that answers what this user begins in his own messages."""
        user = user_key(origin.place.workspace, origin.user_id)
        return (await self.preferences.of(user)).model or self._routes.model("")

    async def asked(self, origin: Origin, joins: bool = True, moves: bool = True) -> None:
        """A message was taken: the bot takes part there from now on if it `joins`, and there this
        user talks with the bot from now on if that `moves`."""
        place = origin.place
        if joins:
            first = await self.first_asked(place) or origin.message_id or origin.event_id
            await self._notes.write(f"part:{place.address.conversation_id}", first, self._keep_s)
        if not moves:
            return
        await self._notes.write(_latest(place, origin.user_id), place.thread or "-", self._keep_s)
        if place.private:
            note = _direct(place.workspace, origin.user_id)
            await self._notes.write(note, place.address.conversation_id, self._keep_s)

    async def direct(self, workspace: Workspace, user_id: str) -> Address | None:
        """Where this user asked last in his direct messages; None when he never did."""
        conversation_id = await self._notes.read(_direct(workspace, user_id))
        return Address.of_conversation(conversation_id) if conversation_id else None

    async def meant(self, origin: Origin) -> Place:
        """The conversation that a slash command means, which Slack sends without its thread: the
        one of this channel in which the user asked last."""
        place = origin.place
        if place.thread:
            return place
        thread = await self._notes.read(_latest(place, origin.user_id))
        return Place(place.workspace, place.chat_id, thread.strip("-"))


def user_key(workspace: Workspace, user_id: str) -> str:
    """The user across this workspace's conversations."""
    nowhere = Address(CHANNEL, "0")
    return UserMessage(nowhere, "", user_of(workspace, user_id), "", 0.0).user_key


def _direct(workspace: Workspace, user_id: str) -> str:
    return f"direct:{workspace.team}:{user_id}"


def _latest(place: Place, user_id: str) -> str:
    return f"latest:{place.workspace.team}:{place.chat_id}:{user_id}"
