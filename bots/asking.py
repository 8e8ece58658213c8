"""Whether an edit of a question asks again, what a stop means, and whether an answer can be made
anew."""

from broker.conversation import Snapshot
from broker.messages import Outcome, Reply, fence_of

_TRIED = frozenset[Outcome]({"answered", "stopped", "timed_out", "failed"})


def still_matters(snapshot: Snapshot, message_id: str) -> bool:
    """An edit asks again when its message is unanswered or was answered last."""
    last = [said.message_id for turn in snapshot.turns for said in turn.said]
    waiting = [one.message_id for one in snapshot.pending]
    waiting += [one.replaces for one in snapshot.pending]
    return message_id in last or message_id in waiting


def was_in_flight(snapshot: Snapshot, at: float) -> bool:
    """Whether what is in flight was so at that time, in seconds since 1970: some of it was asked
    before, and no other answer has ended since."""
    ended_at = snapshot.turns[-1].created_at if snapshot.turns else 0.0
    return ended_at <= at and any(message.sent_at <= at for message in snapshot.pending)


def may_be_asked_again(reply: Reply) -> bool:
    """Whether another answer to the same question makes sense: not where there was nothing to
    answer, nor where the next answer follows at once."""
    return reply.outcome in _TRIED


def is_last(snapshot: Snapshot, reply_id: str) -> bool:
    """Whether a regeneration would make this reply anew, and not one that is newer or still comes.

    A reply that is not remembered, being without text, stands for the one before it."""
    newest = snapshot.turns[-1].reply_id if snapshot.turns else ""
    waits = any(message.action != "regenerate" for message in snapshot.pending)
    return not waits and _fence(reply_id) >= _fence(newest)


def _fence(reply_id: str) -> int:
    return int(fence_of(reply_id) or 0)
