"""What the person is told while no answer comes."""

import asyncio
from dataclasses import dataclass

from redis.asyncio import Redis

from bots import catalog
from bots.terminal.answer import Answer
from bots.terminal.paper import Paper
from bots.words import about_line, duration
from broker.conversation import Conversations
from broker.errors import RedisUnavailable, ScriptFailed
from broker.messages import Address, Outcome
from broker.settings import Settings
from broker.waiting import Waiting

TICK_S = 0.25


class NoAnswer(Exception):
    """Raised when no sign of an answer came for so long that nobody waits any more."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds without a sign of an answer: until one says why, until one gives up (0: never)."""

    tell_s: float = 5.0
    end_s: float = 0.0


class Silence:
    """Waits for answers in one conversation."""

    def __init__(
        self, redis: Redis, settings: Settings, address: Address, patience: Patience
    ) -> None:
        self._conversations = Conversations(redis, settings)
        self._waiting = Waiting(redis, settings)
        self._address = address
        self._patience = patience

    async def outcome(self, answer: Answer, paper: Paper) -> Outcome:
        """Wait for the end, and say once why nothing comes. Raises NoAnswer."""
        told = False
        while True:
            try:
                async with asyncio.timeout(TICK_S):
                    return await answer.outcome()
            except TimeoutError:
                silent_s = answer.silent_s
            if 0 < self._patience.end_s < silent_s:
                why = await self._reason(answer.language)
                silent = duration(silent_s, answer.language)
                raise NoAnswer(
                    catalog.text("terminal-no-answer", answer.language, time=silent, why=why)
                )
            if not told and silent_s > self._patience.tell_s:
                told = True
                why = await self._reason(answer.language)
                paper.remark(catalog.text("terminal-waiting", answer.language, why=why))

    async def _reason(self, language: str) -> str:
        try:
            model = (await self._conversations.snapshot(self._address, turns=1)).model
            living = await self._waiting.models()
            if model not in living:
                return _no_worker(model, living, language)
            line = await self._waiting.line(model, self._address)
        except RedisUnavailable as error:
            return catalog.text("terminal-why-away", language, error=str(error))
        except ScriptFailed as error:
            return catalog.text("terminal-why-failed", language, error=str(error))
        why = catalog.text("terminal-why-line", language, model=model)
        return f"{about_line(line, language)} {why}" if line.in_front else why


def _no_worker(model: str, living: tuple[str, ...], language: str) -> str:
    why = catalog.text("terminal-why-nobody", language, model=model)
    if not living:
        return why
    others = ", ".join(f"/model {name}" for name in living)
    return f"{why} {catalog.text('terminal-others', language, commands=others)}"
