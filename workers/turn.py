"""One turn: the claim's messages in, a finished turn out, pieces shown on the way."""

import logging
import time
import traceback
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
from workers.transcript import Question, without_words
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
        self._hooked = bool(settings.safeguards.hook)
        self._withholds = self._hooked or settings.safeguards.mask == "history"
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
        claim = turn.claim
        if claim.unreadable or claim.tries >= self._max_tries:
            # What may have killed workers is looked at by nothing any more.
            return Answer("stopped") if claim.cancel else _set_aside(claim)
        guard = self._read(turn)
        if claim.cancel:
            return Answer("stopped")
        if guard is None:
            return Answer("failed")
        return self._without_model(turn.question) or self._with_model(turn, guard)

    def _read(self, turn: RunningTurn) -> Guard | None:
        """Put the question in the words that the model will read. None when the safeguards fail,
        which may be the operator's own."""
        try:
            guard = self._guards()
            turn.question = self._writer.read(turn.question, guard)
        except Exception as error:  # noqa: BLE001
            _log_without_words("safeguards failed", turn.claim, error)
            return None
        turn.is_read = True
        return guard

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

    def _without_model(self, question: Question) -> Answer | None:
        if question.regenerates and not any(one.text for one in question.said):
            return Answer("nothing_to_regenerate")
        return None if self._writer.can(question) else Answer("cannot")

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
        except Exception as error:  # noqa: BLE001 - whatever a model does, its user gets a reply
            if self._hooked:
                _log_without_words("model or safeguards failed", turn.claim, error)
            else:
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
        question = self._remembered(turn)
        return finished(turn.claim, question, answer, self._engine.model_id)

    def _remembered(self, turn: RunningTurn) -> Question:
        """As the history keeps it: without words that were not read, where safeguards have a say in
        what is kept."""
        if turn.is_read:
            return self._writer.remembered(turn.question)
        return without_words(turn.question) if self._withholds else turn.question


def _set_aside(claim: Claim) -> Answer:
    logger.error(
        "set aside",
        extra={
            "conversation": claim.conversation_id,
            "message_ids": ",".join(message.message_id for message in claim.messages),
            "tries": claim.tries,
        },
    )
    return Answer("set_aside")


def _log_without_words(what: str, claim: Claim, error: Exception) -> None:
    """With a traceback, but without the error's own message: it may hold what a user wrote."""
    where = "".join(traceback.format_tb(error.__traceback__))
    extra = {"conversation": claim.conversation_id}
    logger.error("%s: %s\n%s", what, type(error).__name__, where, extra=extra)
