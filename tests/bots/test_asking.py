from typing import get_args

from bots.asking import is_last, may_be_asked_again, was_in_flight
from broker.conversation import Snapshot
from broker.messages import Action, Address, Outcome, Reply, Said, Turn, UserMessage

AMINA = Address("telegram", "77")
OLD, LAST, NEWER = (f"telegram:77:/{fence}" for fence in (10, 20, 30))


def snapshot(*pending: Action) -> Snapshot:
    """After two answers, with messages of these kinds still unanswered."""
    turns = tuple(Turn((Said("1", "?", 0.0),), ident, "!", "answered") for ident in (OLD, LAST))
    waiting = tuple(UserMessage(AMINA, "2", "77", "?", 0.0, action=one) for one in pending)
    return Snapshot("idle", "demo", turns, waiting, "", "")


def test_only_the_last_answer_can_be_made_anew() -> None:
    assert not is_last(snapshot(), OLD)
    assert is_last(snapshot(), LAST)
    assert is_last(snapshot(), NEWER)  # it had no text, and is not remembered


def test_while_a_newer_question_waits_no_answer_is_the_last() -> None:
    assert not is_last(snapshot("say"), LAST)
    assert not is_last(snapshot("regenerate", "edit"), LAST)
    assert is_last(snapshot("regenerate"), LAST)


def test_of_a_forgotten_conversation_any_answer_may_be_asked_for() -> None:
    """The reply then says that there is nothing to make anew."""
    assert is_last(Snapshot("idle", "demo", (), (), "", ""), OLD)


def test_another_answer_is_offered_where_there_was_a_question_to_answer() -> None:
    offered = {
        outcome
        for outcome in get_args(Outcome)
        if may_be_asked_again(Reply(AMINA, LAST, ("1",), "", outcome))
    }
    assert offered == {"answered", "stopped", "timed_out", "failed"}


def test_a_stop_means_what_was_in_flight_at_that_time() -> None:
    """An answer ended at 10; two messages, sent at 9 and 20, wait for the next one."""
    done = Turn((Said("1", "?", 0.0),), OLD, "!", "answered", created_at=10.0)
    nine, twenty = (UserMessage(AMINA, str(at), "77", "?", float(at)) for at in (9, 20))
    both = Snapshot("leased", "demo", (done,), (nine, twenty), NEWER, "")
    assert [at for at in (8, 9, 11, 21) if was_in_flight(both, at)] == [11, 21]
    late = Snapshot("ready", "demo", (done,), (twenty,), "", "")
    assert [at for at in (11, 21) if was_in_flight(late, at)] == [21]
    assert not was_in_flight(Snapshot("idle", "demo", (done,), (), "", ""), 99.0)
