"""Buttons: thumbs, once more, and the choices of commands."""

from bots.commands import Commands
from bots.phrases import phrase
from bots.slack.answering import Answering
from bots.slack.asker import Askers, user_key
from bots.slack.buttons import COMMAND, FEEDBACK, REGENERATE, UP
from bots.slack.events import Presses
from bots.slack.home import Home
from bots.working import Working
from broker.preferences import Thumb


class Pressing:
    """Does what a button says. Raises platform failures and broker errors."""

    def __init__(
        self,
        commands: Commands,
        answering: Answering,
        askers: Askers,
        home: Home,
        working: Working,
    ) -> None:
        self._commands = commands
        self._answering = answering
        self._askers = askers
        self._home = home
        self._working = working

    async def handle(self, press: Presses, delivery: str) -> None:
        origin, what = press.origin, press.action.partition(":")[0]
        language = await self._askers.language(origin.place.workspace, origin.user_id)
        if what == FEEDBACK:
            await self._rate(press)
            await self._answering.say(phrase("thanks", language), origin, delivery)
        elif what == REGENERATE:
            await self._run(press, "regenerate", "", language, delivery)
        elif what == COMMAND:
            name, _, argument = press.value.partition(":")
            if name == "language" or not press.home:  # at home there is no conversation
                await self._run(press, name, argument, language, delivery)

    async def _rate(self, press: Presses) -> None:
        place = press.origin.place
        what, _, fence = press.value.partition(":")
        thumb: Thumb = "up" if what == UP else "down"
        reply_id = f"{place.address.conversation_id}/{fence}"
        user = user_key(place.workspace, press.origin.user_id)
        await self._askers.preferences.rate(user, reply_id, thumb)

    async def _run(
        self, press: Presses, name: str, argument: str, language: str, delivery: str
    ) -> None:
        origin = press.origin
        place = origin.place if name == "regenerate" else await self._askers.meant(origin)
        person = self._askers.person(origin, language, place)
        answer = await self._commands.run(name, argument, person)
        if name == "regenerate" and not answer.text:
            self._working.start(place.address, language)
        if press.home:
            await self._home.publish(place.workspace, origin.user_id)
        else:
            await self._answering.answer(answer, origin, delivery)
