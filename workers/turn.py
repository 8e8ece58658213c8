"""One turn: the claim's messages in, a finished turn out, pieces shown on the way."""

import logging
import time
from collections.abc import Callable

from broker.claims import Claim, Finished
from broker.messages import Notice
from broker.settings import Settings
from inference.cards import ModelCard
from inference.engine import Engine
from inference.errors import EngineDied, InvalidRequest, PromptTooLong
from workers.answer import Answer, finished, is_first, outcome_of
from workers.asking import Asking
from workers.guard import Guard, Unguarded
from workers.letters import letters_for
from workers.probe import still_works
from workers.running import RunningTurn
from workers.telling import Publish, Telling
from workers.transcript import Question
from workers.writer import Writer

logger = logging.getLogger(__name__)

# So many turns in a row in which the engine failed, and the engine itself is asked.
DOUBTFUL_FAILURES = 3


class TurnRunner:
    """Runs turns on the engine of one card; safe from many threads. Each turn has a guard."""

    def __init__(
        self,
        engine: Engine,
        card: ModelCard,
        settings: Settings,
        publish: Publish,
        guards: Callable[[], Guard] = Unguarded,
    ) -> None:
        self._engine = engine
        self._writer = Writer(card, engine, settings)
        self._disclaims = card.disclaimer
        self._max_tries = settings.turn.max_tries
        self._publish = publish
        self._guards = guards
        self._failures_in_a_row = 0
        self.engine_works = True

    def run(self, turn: RunningTurn) -> Finished | None:
        """Answer the claim; None when it must be handed back or is no longer ours."""
        claim, started = turn.claim, time.monotonic()
        answer = self._answer(turn)
        if turn.interruption in ("lost", "shutdown"):
            return None
        self._watch_engine(answer)
        logger.info(
            "turn",
            extra={
                "conversation": claim.conversation_id,
                "reply": claim.reply_id,
                "outcome": answer.outcome,
                "messages": turn.question.consumed,
                "tokens": answer.tokens,
                "seconds": round(time.monotonic() - started, 3),
            },
        )
        return self._finished(turn, answer)

    def give_up(self, turn: RunningTurn) -> Finished:
        """The engine hangs: what has been said so far is the answer."""
        return self._finished(turn, Answer("timed_out", turn.text, turn.original))

    def _answer(self, turn: RunningTurn) -> Answer:
        try:
            guard = self._guards()
            turn.question = self._writer.read(turn.question, guard)
        except Exception:  # noqa: BLE001 - safeguards may be the operator's own
            logger.exception(
                "safeguards failed", extra={"conversation": turn.claim.conversation_id}
            )
            return Answer("failed")
        return self._without_model(turn.claim, turn.question) or self._with_model(turn, guard)

    def _watch_engine(self, answer: Answer) -> None:
        """A model that fails turn after turn may be broken for good (a CUDA error, say), or one
        user may have found words that it fails at. So the engine itself is asked."""
        if answer.broken:
            self._failures_in_a_row += 1
        elif answer.text:
            self._failures_in_a_row = 0
        if self._failures_in_a_row >= DOUBTFUL_FAILURES:
            self._failures_in_a_row = 0
            self.engine_works = self.engine_works and still_works(self._engine)

    def _without_model(self, claim: Claim, question: Question) -> Answer | None:
        if claim.cancel:
            return Answer("stopped")
        if claim.unreadable or claim.tries >= self._max_tries:
            logger.error(
                "set aside",
                extra={
                    "conversation": claim.conversation_id,
                    "message_ids": ",".join(message.message_id for message in claim.messages),
                    "tries": claim.tries,
                },
            )
            return Answer("set_aside")
        if not question.said:
            return Answer("nothing_to_regenerate")
        if not self._writer.can(question):
            return Answer("cannot")
        return None

    def _with_model(self, turn: RunningTurn, guard: Guard) -> Answer:
        try:
            return self._written(turn, turn.question, guard)
        except PromptTooLong:
            return Answer("too_long")
        except InvalidRequest:
            logger.exception("model refused", extra={"conversation": turn.claim.conversation_id})
            return Answer("failed")
        except EngineDied:
            logger.critical("engine died", extra={"conversation": turn.claim.conversation_id})
            self.engine_works = False
            turn.interrupt("lost")  # its lease runs out, and another process answers
            return Answer("failed")
        except Exception:  # noqa: BLE001 - whatever a model does, its user gets a reply
            logger.exception("model failed", extra={"conversation": turn.claim.conversation_id})
            return Answer("failed", broken=True)

    def _written(self, turn: RunningTurn, question: Question, guard: Guard) -> Answer:
        refusal = guard.before(question)
        if refusal:
            return Answer("refused", refusal=refusal)
        asking = Asking(self._engine, turn)
        telling = Telling(turn, guard, letters_for(question.wish), self._publish)
        for piece in self._writer.pieces(question, asking):
            telling.feed(piece)
        telling.end()
        outcome = outcome_of(turn.text, asking.ended, turn.interruption, guard.refusal)
        notices = (*asking.notices, *self._disclaimer(turn, question))
        return Answer(outcome, turn.text, turn.original, asking.tokens, notices, guard.refusal)

    def _disclaimer(self, turn: RunningTurn, question: Question) -> tuple[Notice, ...]:
        """Once a conversation, where the model's makers ask for it."""
        wanted = self._disclaims and bool(turn.text)
        first = wanted and is_first(question, turn.claim.older, self._engine.model_id)
        return ("disclaimer",) if first else ()

    def _finished(self, turn: RunningTurn, answer: Answer) -> Finished:
        question = self._writer.remembered(turn.question)
        return finished(turn.claim, question, answer, self._engine.model_id)
