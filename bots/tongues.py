"""The language to address a user in: what he chose, else what he wrote last, else his client's."""

from bots.language import guess
from broker.preferences import Preferences


class Tongues:
    """Remembers what users write. Raises RedisUnavailable."""

    def __init__(self, preferences: Preferences) -> None:
        self._preferences = preferences

    async def of(self, user_key: str, spoken: str, client: str) -> str:
        """The tag for a user. `spoken` is what he writes now, "" nothing; `client` the language
        that his program shows, "" unknown."""
        choices = await self._preferences.of(user_key)
        now = guess(spoken, choices.spoken or client) if spoken else choices.spoken
        if now and now != choices.spoken:
            await self._preferences.spoke(user_key, now)
        return choices.language or now or client
