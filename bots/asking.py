"""Whether an edit of a question asks again, and whether a deleted one is still waited for."""

from broker.conversation import Snapshot


def still_matters(snapshot: Snapshot, message_id: str) -> bool:
    """An edit asks again when its message is unanswered or was answered last."""
    last = [said.message_id for turn in snapshot.turns for said in turn.said]
    waiting = [one.message_id for one in snapshot.pending]
    waiting += [one.replaces for one in snapshot.pending]
    return message_id in last or message_id in waiting


def nothing_left(snapshot: Snapshot, deleted: set[str]) -> bool:
    """Whether all that waits for an answer was taken back."""
    pending = {message.message_id for message in snapshot.pending}
    return bool(pending) and pending <= deleted
