"""What its user took back is not answered; what stands around it is."""

import pytest

from broker.settings import Settings
from tests.broker.doorbell import Doorbell, finished, ids_of


def submit(bell: Doorbell, *idents: str) -> None:
    for ident in idents:
        bell.submit(message_id=ident)


@pytest.fixture
def merging(bell: Doorbell) -> Settings:
    turn = bell.settings.turn.model_copy(update={"while_answering": "merge"})
    return bell.settings.model_copy(update={"turn": turn})


@pytest.mark.parametrize("gone", ["m1", "m2", "m3"])
def test_of_several_that_wait_one_is_taken_back(bell: Doorbell, gone: str) -> None:
    submit(bell, "m1", "m2", "m3")
    assert bell.withdraw(gone) == "waiting"
    assert set(ids_of(bell.taken())) == {"m1", "m2", "m3"} - {gone}


def test_an_edit_goes_with_the_message_that_it_replaces(bell: Doorbell) -> None:
    submit(bell, "m1", "m2")
    bell.submit(message_id="m1.edit", action="edit", replaces="m1")
    assert bell.withdraw("m1") == "waiting"
    assert ids_of(bell.taken()) == ("m2",)


def test_a_redelivery_does_not_bring_it_back(bell: Doorbell) -> None:
    submit(bell, "m1", "m2")
    bell.withdraw("m1")
    assert bell.submit(message_id="m1").status == "duplicate"
    assert ids_of(bell.taken()) == ("m2",)


def test_when_all_is_taken_back_nobody_waits_any_more(bell: Doorbell, threads: int) -> None:
    submit(bell, "m1", "m2")
    assert bell.withdraw("m1", "m2") == "emptied"
    assert bell.snapshot().status == "idle"
    assert bell.ready_count() == 0 and not bell.redis.exists(bell.keys("ready", "demo"))
    assert bell.take() is None
    bell.submit(message_id="m3")
    assert bell.answer() == ("c", ("m3",))


def test_others_wait_on_when_one_conversation_is_taken_back(bell: Doorbell) -> None:
    for chat in ("a", "b", "c"):
        bell.submit(chat, message_id="m", user="anna" if chat != "c" else "badr")
    assert bell.withdraw("m", chat="a") == "emptied"
    assert bell.ready_count() == 2
    assert {bell.answer()[0], bell.answer()[0]} == {"b", "c"}


def test_there_is_room_again_where_one_was_taken_back(bell: Doorbell) -> None:
    most = bell.settings.limits.pending_messages
    submit(bell, *(f"m{number}" for number in range(most)))
    assert bell.submit(message_id="too many").status == "inbox_full"
    bell.withdraw("m0")
    assert bell.submit(message_id="fits").status == "accepted"


def test_who_takes_everything_back_does_not_overtake(bell: Doorbell) -> None:
    """Anna was served; were that forgotten, her next conversation would go before Badr's."""
    for chat in ("a1", "a2"):
        bell.submit(chat, message_id="m", user="anna")
    bell.submit("b", user="badr")
    assert bell.answer()[0] == "a1"
    bell.withdraw("m", chat="a2")
    bell.submit("a3", user="anna")
    assert [bell.answer()[0] for _ in range(2)] == ["b", "a3"]


def test_what_is_being_answered_stays_and_what_waits_behind_it_goes(bell: Doorbell) -> None:
    submit(bell, "m1", "m2")
    claim = bell.taken()
    submit(bell, "m3", "m4")
    assert bell.withdraw("m2", "m3") == "running"
    assert bell.claims().renew([claim]) == ["kept"]
    assert bell.commit(finished(claim)) == "committed"
    assert bell.answer() == ("c", ("m4",))
    assert bell.history() == [("m1", "m2"), ("m4",)]


def test_the_answer_to_what_was_taken_back_is_stopped_and_what_waits_is_answered(
    bell: Doorbell,
) -> None:
    submit(bell, "m1", "m2")
    claim = bell.taken()
    submit(bell, "m3")
    bell.withdraw("m1")
    assert bell.withdraw("m1", "m2") == "running"
    assert bell.claims().renew([claim]) == ["stop"]
    bell.commit(finished(claim, "", "stopped"))
    after = bell.taken()
    assert (ids_of(after), after.cancel) == (("m3",), False)


def test_an_answer_goes_on_when_the_edit_that_broke_it_off_is_taken_back(
    bell: Doorbell, merging: Settings
) -> None:
    submit(bell, "m1")
    claim = bell.taken()
    bell.submit(message_id="m2", settings=merging)
    assert bell.claims().renew([claim]) == ["merge"]
    bell.withdraw("m2")
    assert bell.claims().renew([claim]) == ["kept"]


def test_a_stop_means_no_later_message_when_one_that_it_meant_is_taken_back(
    bell: Doorbell,
) -> None:
    submit(bell, "m1", "m2")
    bell.cancel()
    submit(bell, "later")
    bell.withdraw("m1")
    claim = bell.taken()
    assert (ids_of(claim), claim.cancel) == (("m2",), True)


def test_a_stop_of_an_answer_whose_questions_are_gone_stops_no_other(bell: Doorbell) -> None:
    submit(bell, "m1")
    claim = bell.taken()
    bell.kill_holders()
    submit(bell, "m2")
    bell.withdraw("m1")
    assert bell.cancel(reply_id=claim.reply_id) == "idle"
    assert not bell.taken().cancel


def test_what_killed_workers_and_was_taken_back_leaves_no_suspicion(bell: Doorbell) -> None:
    submit(bell, "poison")
    for _ in range(3):
        bell.taken()
        bell.kill_holders()
    submit(bell, "harmless", "more")
    assert bell.redis.llen(bell.keys("suspects", "demo")) == 1
    assert bell.withdraw("poison") == "waiting"
    assert not bell.redis.exists(bell.keys("suspects", "demo"))
    claim = bell.taken()
    assert (claim.tries, ids_of(claim)) == (0, ("harmless", "more"))


def test_after_a_death_those_that_were_in_flight_still_go_one_at_a_time(bell: Doorbell) -> None:
    submit(bell, "m1", "m2", "m3")
    bell.taken()
    bell.kill_holders()
    submit(bell, "m4")
    bell.withdraw("m1")
    assert [bell.answer()[1] for _ in range(3)] == [("m2",), ("m3",), ("m4",)]


def test_nothing_happens_to_what_is_not_there(bell: Doorbell) -> None:
    assert bell.withdraw("m1") == "idle"
    submit(bell, "m1")
    assert bell.withdraw("another") == "waiting"
    assert bell.answer() == ("c", ("m1",))
    assert bell.withdraw("m1") == "idle"
    assert bell.history() == [("m1",)]


def test_what_cannot_be_read_is_no_obstacle(bell: Doorbell) -> None:
    submit(bell, "m1", "m2")
    bell.redis.lpush(bell.keys("inbox", "web:c:"), "no json", "7")
    assert bell.withdraw("m1") == "waiting"
    assert bell.redis.llen(bell.keys("inbox", "web:c:")) == 3


def test_an_empty_id_is_nobodys(bell: Doorbell) -> None:
    submit(bell, "m1", "m2")
    assert bell.withdraw("", "m2") == "waiting"
    assert ids_of(bell.taken()) == ("m1",)
