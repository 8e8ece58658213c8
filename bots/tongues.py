"""The language to address a user in: what he chose, else what he wrote last, else his client's;
and the letters to answer him in."""

from dataclasses import dataclass

from bots.language import guess
from bots.script import wanted
from broker.messages import AnswerScript
from broker.preferences import Preferences


@dataclass(frozen=True, slots=True)
class Manner:
    """How to answer a user: the tag of the language of the bot's words, and the letters of the
    model's."""

    language: str
    script: AnswerScript = ""


class Tongues:
    """Remembers what users write. Raises RedisUnavailable."""

    def __init__(self, preferences: Preferences) -> None:
        self._preferences = preferences

    async def of(self, user_key: str, spoken: str, client: str) -> str:
        """The tag for a user. `spoken` is what he writes now, "" nothing; `client` the language
        that his program shows, "" unknown."""
        return (await self.manner(user_key, spoken, client)).language

    async def manner(self, user_key: str, spoken: str, client: str) -> Manner:
        """How to answer what a user writes now; the arguments are those of `of`."""
        choices = await self._preferences.of(user_key)
        before = choices.spoken or client
        now = guess(spoken, before) if spoken else choices.spoken
        if now and now != choices.spoken:
            await self._preferences.spoke(user_key, now)
        return Manner(choices.language or now or client, wanted(choices.script, spoken, before))
