"""How settings must fit together: each may be fine by itself, and lose something with another."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from broker.settings import Settings

# Between two renewals of a lifetime a little more may pass than the settings say: a worker
# gives an engine that hangs some seconds beyond the deadline, a sweep comes when it comes.
MARGIN_S = 60


def misfits(settings: "Settings") -> Iterator[str]:
    """Yield what does not fit: the setting, its bound, and the settings that the bound is of."""
    keep, turn = settings.retention, settings.turn
    # The lifetimes of a conversation begin anew with a message and with a commit. In between it
    # may wait, and several workers may die over it.
    turns_s = turn.max_tries * (turn.deadline_s + turn.lease_s)
    if keep.conversation_s < settings.limits.wait_s + turns_s + MARGIN_S:
        yield _too_short(
            "RETENTION__CONVERSATION_S",
            settings.limits.wait_s + turns_s + MARGIN_S,
            "a message must outlive its wait and all its tries (MERSAL_LIMITS__WAIT_S, "
            "MERSAL_TURN__MAX_TRIES, MERSAL_TURN__DEADLINE_S, MERSAL_TURN__LEASE_S)",
        )
    if keep.partial_s < turn.deadline_s + MARGIN_S:
        yield _too_short(
            "RETENTION__PARTIAL_S",
            turn.deadline_s + MARGIN_S,
            "the text so far must outlive its turn (MERSAL_TURN__DEADLINE_S)",
        )
    if keep.history_turns <= turn.history_turns:
        yield _too_short(
            "RETENTION__HISTORY_TURNS",
            turn.history_turns + 1,
            "with no turn more than the model gets, nobody could be told that old ones drop out; "
            "to keep less, lower MERSAL_TURN__HISTORY_TURNS too",
        )
    for name, give_up_s in (
        ("TELEGRAM", settings.telegram.give_up_s),
        ("SLACK", settings.slack.give_up_s),
    ):
        if keep.dedup_s < give_up_s + MARGIN_S:
            yield _too_short(
                "RETENTION__DEDUP_S",
                give_up_s + MARGIN_S,
                "what was sent of a reply must be remembered while it is tried "
                f"(MERSAL_{name}__GIVE_UP_S)",
            )


def _too_short(name: str, least_s: float, why: str) -> str:
    return f"MERSAL_{name}: should be at least {least_s:.0f}: {why}"
