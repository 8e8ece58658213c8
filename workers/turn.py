"""One turn: the claim's messages in, a finished turn out, pieces shown on the way."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from broker.claims import Claim, Finished
from broker.errors import BrokerError
from broker.messages import Notice, Outcome, Reply, ReplyDelta, Turn, UserMessage
from broker.settings import Settings
from inference.engine import Completion, CompletionRequest, Engine, Sampling
from inference.errors import EngineDied, InvalidRequest, PromptTooLong
from workers.probe import still_works
from workers.running import Interruption, RunningTurn
from workers.transcript import Question, next_question, to_chat

logger = logging.getLogger(__name__)

Publish = Callable[[Claim, ReplyDelta], bool]

# Pieces are shown at most this often: faster than reading, slower than tokens.
SHOW_EVERY_S = 0.04
# A second answer to the same question must differ from the first, also from a greedy model.
REGENERATE_TEMPERATURE = 0.7
REGENERATE_TOP_P = 0.9
# So many turns in a row in which the engine failed, and the engine itself is asked.
DOUBTFUL_FAILURES = 3

_OUTCOMES: dict[Interruption, Outcome] = {
    "stop": "stopped",
    "merge": "interrupted",
    "deadline": "timed_out",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the engine made of a question. `broken`: it failed, as no question should make it."""

    outcome: Outcome
    text: str = ""
    tokens: int = 0
    notices: tuple[Notice, ...] = ()
    broken: bool = False


class TurnRunner:
    """Runs turns on one engine; safe from many threads."""

    def __init__(
        self, engine: Engine, sampling: Sampling, settings: Settings, publish: Publish
    ) -> None:
        self._engine = engine
        most = settings.worker.max_new_tokens or sampling.max_new_tokens
        least = min(sampling.min_new_tokens, most)
        self._sampling = replace(sampling, max_new_tokens=most, min_new_tokens=least)
        self._cuts = settings.worker.long_message == "cut"
        self._system_prompt = settings.worker.system_prompt
        self._max_tries = settings.turn.max_tries
        self._publish = publish
        self._failures_in_a_row = 0
        self.engine_works = True

    def run(self, turn: RunningTurn) -> Finished | None:
        """Answer the claim; None when it must be handed back or is no longer ours."""
        claim, started = turn.claim, time.monotonic()
        question = next_question(claim)
        answer = self._without_model(claim, question) or self._with_model(turn, question)
        if turn.interruption in ("lost", "shutdown"):
            return None
        self._watch_engine(answer)
        logger.info(
            "turn",
            extra={
                "conversation": claim.conversation_id,
                "reply": claim.reply_id,
                "outcome": answer.outcome,
                "messages": question.consumed,
                "tokens": answer.tokens,
                "seconds": round(time.monotonic() - started, 3),
            },
        )
        return self._finish(claim, question, answer)

    def give_up(self, turn: RunningTurn) -> Finished:
        """The engine hangs: what has been said so far is the answer."""
        return self._finish(turn.claim, next_question(turn.claim), Answer("timed_out", turn.text))

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
        return None

    def _with_model(self, turn: RunningTurn, question: Question) -> Answer:
        try:
            completion = self._generate(turn, question)
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
        return _read_answer(completion, turn)

    def _generate(self, turn: RunningTurn, question: Question) -> Completion:
        chat = to_chat(question, self._system_prompt)
        user = turn.claim.messages[0].user_key
        request = CompletionRequest(chat, self._sampling_for(question), user, self._cuts)
        stream = self._engine.submit(request)
        turn.attach(stream)
        shown, shown_at = 0, time.monotonic()  # an answer that is there at once needs no preview
        for piece in stream:
            turn.text += piece.text
            now = time.monotonic()
            if now - shown_at >= SHOW_EVERY_S and turn.interruption is None:
                shown, shown_at = self._show(turn, shown), now
        return stream.completion

    def _show(self, turn: RunningTurn, shown: int) -> int:
        claim, text = turn.claim, turn.text
        delta = ReplyDelta(claim.conversation_id, claim.reply_id, shown, text[shown:])
        try:
            if not self._publish(claim, delta):
                turn.interrupt("lost")
        except BrokerError as error:
            logger.debug("delta not shown: %s", error, extra={"reply": claim.reply_id})
            return shown
        return len(text)

    def _sampling_for(self, question: Question) -> Sampling:
        if not question.regenerates or question.edited or self._sampling.temperature > 0:
            return self._sampling
        return replace(self._sampling, temperature=REGENERATE_TEMPERATURE, top_p=REGENERATE_TOP_P)

    def _finish(self, claim: Claim, question: Question, answer: Answer) -> Finished:
        notices = _notices(claim, answer)
        last = claim.messages[question.consumed - 1]
        reply = Reply(
            address=last.address,
            reply_id=claim.reply_id,
            message_ids=_known_ids(claim.messages[: question.consumed]),
            text=answer.text,
            outcome=answer.outcome,
            language=last.language,
            model=self._engine.model_id,
            notices=notices,
            created_at=time.time(),
            tokens=answer.tokens,
        )
        # A regeneration that brought no text leaves the old answer where it is.
        remembers = bool(answer.text) or not (question.regenerates or claim.unreadable)
        return Finished(
            claim=claim,
            consumed=question.consumed,
            turn=_remembered(question, reply) if remembers else None,
            reply=reply,
            replaces=claim.turns[-1].reply_id if question.regenerates and claim.turns else "",
            told=claim.told or "old_turns_dropped" in notices,
        )


def _notices(claim: Claim, answer: Answer) -> tuple[Notice, ...]:
    """That old turns drop out is told once, whether the broker or the model left them out."""
    others = tuple(notice for notice in answer.notices if notice != "old_turns_dropped")
    dropped = len(others) < len(answer.notices) or (claim.older and bool(answer.text))
    return ("old_turns_dropped", *others) if dropped and not claim.told else others


def _known_ids(messages: Sequence[UserMessage]) -> tuple[str, ...]:
    return tuple(message.message_id for message in messages if message.message_id)


def _read_answer(completion: Completion, turn: RunningTurn) -> Answer:
    outcome: Outcome = "answered"
    if turn.interruption is not None and completion.finish_reason == "cancelled":
        outcome = _OUTCOMES.get(turn.interruption, "stopped")
    notices: list[Notice] = []
    if completion.dropped_turns:
        notices.append("old_turns_dropped")
    if completion.cut:
        notices.append("message_cut")
    if completion.finish_reason == "length":
        notices.append("cut_at_length")
    if outcome == "answered" and not completion.text.strip():
        outcome = "failed"  # an empty answer is none
    return Answer(outcome, completion.text, completion.completion_tokens, tuple(notices))


def _remembered(question: Question, reply: Reply) -> Turn:
    return Turn(
        said=question.said,
        reply_id=reply.reply_id,
        text=reply.text,
        outcome=reply.outcome,
        model=reply.model,
        language=reply.language,
        notices=reply.notices,
        created_at=reply.created_at,
    )
