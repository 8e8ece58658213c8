"""What a turn came to, and how it is put into the history and the outbox."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from broker.claims import Claim, Finished
from broker.messages import Notice, Outcome, Reply, Turn, UserMessage
from workers.running import Interruption
from workers.transcript import Question

_OUTCOMES: dict[Interruption, Outcome] = {
    "stop": "stopped",
    "merge": "interrupted",
    "deadline": "timed_out",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What was made of a question. `original`: what the model wrote, where `text` is that in other
    letters. `broken`: the engine failed, as no question should make it."""

    outcome: Outcome
    text: str = ""
    original: str = ""
    tokens: int = 0
    notices: tuple[Notice, ...] = ()
    refusal: str = ""
    broken: bool = False


def outcome_of(text: str, ended: bool, interruption: Interruption | None, refusal: str) -> Outcome:
    """How a turn whose engine did not fail has gone."""
    if refusal:
        return "refused"
    if interruption is not None and not ended:
        return _OUTCOMES.get(interruption, "stopped")
    return "answered" if text.strip() else "failed"  # an empty answer is none


def is_first(question: Question, older: bool, model: str) -> bool:
    """Whether the model has not answered in this conversation, as far as its turns tell; `older`:
    there are some before them."""
    if any(turn.text and turn.model == model for turn in question.turns):
        return False
    return bool(question.turns) or not older


def finished(claim: Claim, question: Question, answer: Answer, model: str) -> Finished:
    """The turn as it is committed."""
    notices = _notices(claim, question, answer)
    last = claim.messages[question.consumed - 1]
    reply = Reply(
        address=last.address,
        reply_id=claim.reply_id,
        message_ids=_known_ids(claim.messages[: question.consumed]),
        text=answer.text,
        outcome=answer.outcome,
        language=last.language,
        model=model,
        notices=notices,
        created_at=time.time(),
        tokens=answer.tokens,
        task=question.wish.task,
        refusal=answer.refusal,
    )
    # A regeneration that brought no text leaves the old answer where it is.
    remembers = bool(answer.text) or not (question.regenerates or claim.unreadable)
    return Finished(
        claim=claim,
        consumed=question.consumed,
        turn=_remembered(question, answer, reply) if remembers else None,
        reply=reply,
        replaces=claim.turns[-1].reply_id if question.regenerates and claim.turns else "",
        told=claim.told or "old_turns_dropped" in notices,
    )


def _notices(claim: Claim, question: Question, answer: Answer) -> tuple[Notice, ...]:
    """That old turns drop out is told once, whether the broker or the model left them out. A task
    is done without them."""
    others = tuple(notice for notice in answer.notices if notice != "old_turns_dropped")
    unread = claim.older and bool(answer.text) and not question.wish.task
    dropped = len(others) < len(answer.notices) or unread
    return ("old_turns_dropped", *others) if dropped and not claim.told else others


def _known_ids(messages: Sequence[UserMessage]) -> tuple[str, ...]:
    return tuple(message.message_id for message in messages if message.message_id)


def _remembered(question: Question, answer: Answer, reply: Reply) -> Turn:
    wish = question.wish
    return Turn(
        said=question.said,
        reply_id=reply.reply_id,
        text=reply.text,
        outcome=reply.outcome,
        model=reply.model,
        language=reply.language,
        notices=reply.notices,
        created_at=reply.created_at,
        original=answer.original if answer.original != reply.text else "",
        task=wish.task,
        target=wish.target,
        aside=bool(wish.task) and not wish.keeps,
        script=wish.script,
        refusal=answer.refusal,
    )
