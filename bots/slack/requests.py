"""What is asked of the bot itself: slash commands, and buttons with thumbs, once more, choices."""

from dataclasses import dataclass, replace

from bots import catalog
from bots.answers import Answer
from bots.asking import is_last
from bots.commands import Commands
from bots.person import Person
from bots.slack import events
from bots.slack.answering import Answering
from bots.slack.asker import Askers, user_key
from bots.slack.buttons import COMMAND, FEEDBACK, REGENERATE, UP
from bots.slack.channel import SlackChannel
from bots.slack.events import Origin, Presses
from bots.slack.home import TARGET, Home
from bots.slack.place import Place
from bots.talks import Talks
from bots.targets import TARGETS
from bots.tasks import NO_SOURCES, Sources
from bots.words import about_outcome
from broker.messages import TASKS, Task
from broker.preferences import Thumb

# What a model answers, or what shows which one does.
BEGINNING = frozenset({"model", "settings", *TASKS})
AT_HOME = frozenset({"language", "script", "tasks"})
ANEW = ("new", "forget")  # after them no reply comes to what was asked before


@dataclass(frozen=True, slots=True)
class Order:
    """A command and where it came from, for the conversation at a place; it works on the text
    behind it, or on what `sources` give. `replaces` is the message that it is an edit of; `moves`:
    what the user asks for next, without saying where, means this conversation."""

    origin: Origin
    place: Place
    name: str
    argument: str = ""
    sources: Sources = NO_SOURCES
    replaces: str = ""
    moves: bool = True


class Requests:
    """Does what was asked. Raises platform failures and broker errors."""

    def __init__(
        self,
        commands: Commands,
        answering: Answering,
        askers: Askers,
        home: Home,
        talks: Talks,
        channel: SlackChannel,
    ) -> None:
        self._commands = commands
        self._answering = answering
        self._askers = askers
        self._home = home
        self._talks = talks
        self._channel = channel

    async def command(self, asked: events.Commands, delivery: str) -> None:
        """A slash command, for the conversation that its user means."""
        place = await self._askers.meant(asked.origin)
        await self.run(Order(asked.origin, place, asked.name, asked.argument), delivery)

    async def cannot(self, task: Task, model: str, language: str) -> Answer | None:
        """That this model was not made for a task; None when all is well."""
        return await self._commands.cannot(task, model, language)

    async def press(self, press: Presses, delivery: str) -> None:
        """A button."""
        origin, what = press.origin, press.action.partition(":")[0]
        if what == FEEDBACK:
            await self._rate(press)
            language = await self._askers.language(origin.place.workspace, origin.user_id)
            await self._answering.say(catalog.text("thanks", language), origin, delivery)
        elif what == REGENERATE:
            await self._again(press, delivery)
        elif what == COMMAND and press.home:
            await self._choose_at_home(press)
        elif what == COMMAND:
            name, _, argument = press.value.partition(":")
            place = await self._askers.meant(origin)
            await self.run(Order(origin, place, name, argument), delivery)

    async def run(self, order: Order, delivery: str) -> None:
        """Run a command, and answer where it was asked."""
        answer = await self._answering.given(delivery)
        if answer is None:
            answer = await self._do(order, delivery)
        await self._answering.answer(answer, order.origin, delivery)

    async def _do(self, order: Order, delivery: str) -> Answer:
        """Done once, however often its answer must be said again: while that waits for Slack, the
        user goes on asking, and a second "new" would take what he asked since."""
        origin, place, name = order.origin, order.place, order.name
        language = await self._askers.language(place.workspace, origin.user_id)
        person = replace(self._askers.person(origin, language, place), replaces=order.replaces)
        if name == "regenerate" and await self._is_empty(place):
            # A worker would say so for everybody to read.
            return Answer(about_outcome("nothing_to_regenerate", language))
        if name in BEGINNING:
            await self._askers.begin(place, origin.user_id)
        answer = await self._commands.run(name, order.argument, person, order.sources)
        if name == "model" and person.steers:
            await self._prefer(person, order.argument.strip())
        await self._answering.give(answer, delivery)
        if answer.awaited:
            self._talks.working.start(place.address, language)
        if answer.awaited and name in TASKS:
            # Who had a thread of others summarized did not ask us to join it.
            asked = replace(origin, place=place)
            await self._askers.asked(asked, joins=place.private, moves=order.moves)
            await self._askers.preferences.asked(person.user_key)
        if name in ANEW and person.steers:
            await self._channel.forgotten(place)
        return answer

    async def _prefer(self, person: Person, model: str) -> None:
        """What he chose holds for what he begins too: a command knows no thread where he has not
        asked yet, and each direct message begins one."""
        if model and (await self._talks.conversations.snapshot(person.address, 1)).model == model:
            await self._askers.preferences.choose_model(person.user_key, model)

    async def _is_empty(self, place: Place) -> bool:
        snapshot = await self._talks.conversations.snapshot(place.address, turns=1)
        return not (snapshot.turns or snapshot.pending)

    async def _again(self, press: Presses, delivery: str) -> None:
        """Another answer instead of the last one; the button under an older one is told so."""
        origin, address = press.origin, press.origin.place.address
        snapshot = await self._talks.conversations.snapshot(address, turns=1)
        if is_last(snapshot, f"{address.conversation_id}/{press.value}"):
            await self.run(Order(origin, origin.place, "regenerate"), delivery)
            return
        language = await self._askers.language(origin.place.workspace, origin.user_id)
        await self._answering.say(catalog.text("only-last", language), origin, delivery)

    async def _choose_at_home(self, press: Presses) -> None:
        """What is chosen at home, where there is no conversation, holds for all of them."""
        origin = press.origin
        name, _, argument = press.value.partition(":")
        language = await self._askers.language(origin.place.workspace, origin.user_id)
        person = self._askers.person(origin, language, origin.place)
        if name in AT_HOME:
            await self._commands.run(name, argument, person)
        elif name == TARGET and argument in TARGETS:
            await self._askers.preferences.choose_target(person.user_key, argument)
        else:
            return
        await self._home.publish(origin.place.workspace, origin.user_id)

    async def _rate(self, press: Presses) -> None:
        place = press.origin.place
        what, _, fence = press.value.partition(":")
        thumb: Thumb = "up" if what == UP else "down"
        reply_id = f"{place.address.conversation_id}/{fence}"
        user = user_key(place.workspace, press.origin.user_id)
        await self._askers.preferences.rate(user, reply_id, thumb)
