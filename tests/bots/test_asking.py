from typing import get_args

from bots.asking import is_last, may_be_asked_again
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
