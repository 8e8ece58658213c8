"""Texts that wait for the language of their translation."""

import hashlib
import json
from typing import cast

from redis.asyncio import Redis

from bots.person import Person
from broker.preferences import Notes
from broker.settings import Settings

# Long enough to press a button, or to try another language.
KEEP_S = 600.0
_MOST = 5  # of a person in one conversation; then the oldest goes


class Unaimed:
    """Keeps each text under the mark of its asking, which the asking's buttons carry: so those
    under an older question mean its own text. Raises RedisUnavailable."""

    def __init__(self, redis: Redis, settings: Settings) -> None:
        self._notes = Notes(redis, settings, "translate")

    async def keep(self, text: str, person: Person) -> str:
        """Keep a text; returns its mark. The same asking again has the same one."""
        mark = hashlib.sha256(person.event_id.encode()).hexdigest()[:4]
        texts = await self._texts(person)
        texts.pop(mark, None)
        newest = [*texts.items(), (mark, text)][-_MOST:]
        await self._notes.write(_name(person), json.dumps(dict(newest)), KEEP_S)
        await self._notes.write(_open(person), mark, KEEP_S)
        return mark

    async def unanswered(self, person: Person) -> str:
        """The newest text, as long as nothing was translated since it was asked for its language;
        else ""."""
        mark = await self._notes.read(_open(person))
        return await self.text(person, mark) if mark else ""

    async def answered(self, person: Person) -> None:
        """Something was translated: what is asked for now is a new thing."""
        await self._notes.erase(_open(person))

    async def text(self, person: Person, mark: str) -> str:
        """The text of this mark, with none the newest; "" when there is none or its time is
        over."""
        texts = await self._texts(person)
        return texts.get(mark, "") if mark else next(reversed(texts.values()), "")

    async def forget(self, person: Person) -> None:
        await self.answered(person)
        await self._notes.erase(_name(person))

    async def _texts(self, person: Person) -> dict[str, str]:
        """By mark, the newest last."""
        kept = await self._notes.read(_name(person))
        return cast(dict[str, str], json.loads(kept)) if kept else {}


def _name(person: Person) -> str:
    return f"{person.address.conversation_id}:{person.user_key}"


def _open(person: Person) -> str:
    return f"open:{_name(person)}"
