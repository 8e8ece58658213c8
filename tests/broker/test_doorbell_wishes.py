"""What the user asks for besides an answer: stop, start anew, another model, merge."""

import pytest

from broker.settings import Settings
from tests.broker.doorbell import Doorbell, finished, ids_of


@pytest.fixture
def merging(bell: Doorbell) -> Settings:
    turn = bell.settings.turn.model_copy(update={"while_answering": "merge"})
    return bell.settings.model_copy(update={"turn": turn})


def test_a_running_turn_learns_of_the_stop_with_its_next_renewal(bell: Doorbell) -> None:
    bell.submit()
    claim = bell.taken()
    assert not claim.cancel
    assert bell.claims().renew([claim]) == ["kept"]
    assert bell.cancel() == "running"
    assert bell.claims().renew([claim]) == ["stop"]
    bell.commit(finished(claim, "so far", "stopped"))
    bell.submit(message_id="next")
    assert not bell.taken().cancel


def test_a_waiting_turn_ends_as_soon_as_it_is_taken(bell: Doorbell) -> None:
    bell.submit(message_id="m1")
    bell.submit(message_id="m2")
    assert bell.cancel() == "waiting"
    bell.submit(message_id="later")
    claim = bell.taken()
    assert claim.cancel
    assert ids_of(claim) == ("m1", "m2")
    bell.commit(finished(claim, "", "stopped"))
    after = bell.taken()
    assert (ids_of(after), after.cancel) == (("later",), False)


def test_a_stop_ends_more_messages_than_one_turn_takes(bell: Doorbell) -> None:
    most = bell.settings.turn.max_messages
    for number in range(most + 5):
        bell.submit(message_id=f"m{number}")
    bell.cancel()
    assert len(ids_of(bell.taken())) == most + 5


@pytest.mark.parametrize("end", ["commit", "forget"])
@pytest.mark.parametrize("running", [True, False])
def test_a_stop_that_comes_too_late_stops_no_other_answer(
    bell: Doorbell, end: str, running: bool
) -> None:
    bell.submit(message_id="m1")
    first = bell.taken()
    if end == "commit":
        bell.submit(message_id="m2")
        bell.commit(finished(first))
    else:
        bell.forget()
        bell.submit(message_id="m2")
    if running:
        second = bell.taken()
        assert bell.cancel(reply_id=first.reply_id) == "idle"
        assert bell.claims().renew([second]) == ["kept"]
        assert bell.cancel(reply_id=second.reply_id) == "running"
    else:
        assert bell.cancel(reply_id=first.reply_id) == "idle"
        assert not bell.taken().cancel


def test_a_stop_means_the_answer_also_when_it_is_made_anew(bell: Doorbell) -> None:
    bell.submit(message_id="m1")
    first = bell.taken()
    bell.submit(message_id="later")
    bell.kill_holders()
    assert bell.cancel(reply_id=first.reply_id) == "waiting"
    assert ids_of(bell.taken()) == ("m1",)


def test_nothing_to_stop_is_said_and_stops_nothing_later(bell: Doorbell) -> None:
    assert bell.cancel() == "idle"
    bell.submit()
    assert not bell.taken().cancel


def test_a_stop_of_a_forgotten_message_does_not_stop_the_next(bell: Doorbell) -> None:
    bell.submit()
    bell.forget()
    assert bell.cancel() == "idle"
    bell.submit()
    assert not bell.taken().cancel


def test_forgetting_forgets_a_stop(bell: Doorbell) -> None:
    bell.submit()
    bell.cancel()
    bell.forget()
    bell.submit()
    assert not bell.taken().cancel


def test_a_stop_survives_the_workers_death(bell: Doorbell) -> None:
    for ident in ("m1", "m2"):
        bell.submit(message_id=ident)
    bell.taken()
    bell.cancel()
    bell.submit(message_id="later")
    bell.kill_holders()
    claim = bell.taken()
    assert claim.cancel
    assert ids_of(claim) == ("m1", "m2")


def test_a_stop_of_a_turn_that_is_handed_back_stops_nothing_sent_later(bell: Doorbell) -> None:
    bell.submit(message_id="m1")
    claim = bell.taken()
    bell.cancel()
    bell.submit(message_id="later")
    bell.claims().release("w1.1", claim)
    again = bell.taken()
    assert again.cancel
    assert ids_of(again) == ("m1",)
    bell.commit(finished(again, "", "stopped"))
    assert not bell.taken().cancel


def test_a_turn_taken_to_be_stopped_renews_like_any_other(bell: Doorbell) -> None:
    bell.submit()
    bell.cancel()
    claim = bell.taken()
    assert claim.cancel
    assert bell.claims().renew([claim]) == ["stop"]


def test_a_new_message_interrupts_a_running_turn_when_merging(
    bell: Doorbell, merging: Settings
) -> None:
    bell.submit(message_id="m1", settings=merging)
    claim = bell.taken()
    assert bell.claims().renew([claim]) == ["kept"]
    bell.submit(message_id="m2", settings=merging)
    assert bell.claims().renew([claim]) == ["merge"]
    bell.commit(finished(claim, "so far", "interrupted"))
    bell.submit(message_id="m3", settings=merging)
    after = bell.taken()
    assert (ids_of(after), after.cancel) == (("m2", "m3"), False)


def test_a_task_waits_for_the_running_turn_also_when_merging(
    bell: Doorbell, merging: Settings
) -> None:
    bell.submit(settings=merging)
    claim = bell.taken()
    bell.submit(settings=merging, task="explain")
    assert bell.claims().renew([claim]) == ["kept"]


def test_a_running_task_is_finished_also_when_merging(bell: Doorbell, merging: Settings) -> None:
    bell.submit(message_id="m1", settings=merging, task="explain")
    claim = bell.taken()
    bell.submit(settings=merging)
    assert bell.claims().renew([claim]) == ["kept"]
    bell.submit(settings=merging, task="explain", action="edit", replaces="m1")
    assert bell.claims().renew([claim]) == ["merge"]


def test_a_new_message_waits_for_the_running_turn_by_default(bell: Doorbell) -> None:
    bell.submit()
    claim = bell.taken()
    bell.submit()
    assert bell.claims().renew([claim]) == ["kept"]


def test_a_stop_is_not_undone_by_a_new_message(bell: Doorbell, merging: Settings) -> None:
    bell.submit(settings=merging)
    claim = bell.taken()
    bell.cancel()
    bell.submit(settings=merging)
    assert bell.claims().renew([claim]) == ["stop"]


@pytest.mark.parametrize("end", ["death", "release"])
def test_messages_to_merge_are_not_stopped_when_their_worker_goes(
    bell: Doorbell, merging: Settings, end: str
) -> None:
    bell.submit(message_id="m1", settings=merging)
    claim = bell.taken()
    bell.submit(message_id="m2", settings=merging)
    if end == "death":
        bell.kill_holders()
    else:
        bell.claims().release("w1.1", claim)
    again = bell.taken()
    assert not again.cancel
    assert bell.claims().renew([again]) == ["kept"]


def test_forgetting_ends_what_is_remembered_and_what_waits(bell: Doorbell) -> None:
    bell.submit(message_id="m1")
    bell.answer()
    bell.submit(message_id="m2")
    assert bell.forget() == 1
    assert bell.history() == []
    assert bell.take() is None
    bell.submit(message_id="m3")
    assert bell.answer() == ("c", ("m3",))
    assert bell.history() == [("m3",)]


def test_forgetting_while_ready_leaves_room_for_the_next_message(bell: Doorbell) -> None:
    bell.submit(message_id="m1")
    bell.forget()
    bell.submit(message_id="m2")
    assert bell.ready_count() == 1
    assert bell.answer() == ("c", ("m2",))
    assert bell.take() is None


def test_forgetting_fences_the_running_turn_off(bell: Doorbell) -> None:
    bell.submit(message_id="m1")
    claim = bell.taken()
    bell.forget()
    assert bell.claims().renew([claim]) == ["lost"]
    assert bell.commit(finished(claim)) == "fenced"
    assert bell.history() == []
    assert bell.snapshot().status == "idle"
    bell.submit(message_id="m2")
    assert bell.commit(finished(claim)) == "fenced"
    assert bell.answer() == ("c", ("m2",))


def test_forgetting_an_unknown_conversation_does_nothing(bell: Doorbell) -> None:
    assert bell.forget("nobody") == 0
    assert bell.key_names() == []


def test_a_chosen_model_answers_from_the_next_turn_on(bell: Doorbell) -> None:
    bell.choose("other")
    bell.submit(message_id="m1")
    assert bell.snapshot().model == "other"
    assert bell.take(model="demo") is None
    assert bell.answer(model="other") == ("c", ("m1",))


def test_a_waiting_conversation_moves_to_the_chosen_model_at_the_take(bell: Doorbell) -> None:
    bell.sweep("other", "w2", 4)
    bell.submit(message_id="m1")
    bell.choose("other")
    assert bell.take(model="demo") is None
    assert bell.ready_count() == 0
    assert bell.rings("other") == 1
    assert bell.answer(model="other") == ("c", ("m1",))


def test_a_waiting_conversation_needs_no_worker_of_its_old_model(bell: Doorbell) -> None:
    bell.submit("a", message_id="m1")
    bell.submit("b")
    bell.choose("other", "a")
    assert (bell.ready_count(), bell.ready_count("other")) == (1, 1)
    assert bell.answer(model="other") == ("a", ("m1",))
    assert bell.answer(model="demo")[0] == "b"
    assert bell.take(model="demo") is None


def test_a_suspect_stays_a_suspect_with_its_new_model(bell: Doorbell) -> None:
    bell.submit()
    for _ in range(2):
        bell.taken()
        bell.kill_holders()
    bell.choose("other")
    assert bell.ready_count() == 0
    assert bell.redis.llen(bell.keys("suspects", "other")) == 1
    assert bell.taken(model="other").tries == 2


def test_only_a_chosen_model_is_kept_and_the_default_follows_the_settings(bell: Doorbell) -> None:
    worker = bell.settings.worker.model_copy(update={"model": "new-default"})
    changed = bell.settings.model_copy(update={"worker": worker})
    for chat in ("chosen", "default", "waiting"):
        bell.submit(chat, user=chat)
    bell.choose("demo", "chosen")
    for chat in ("chosen", "default"):
        assert bell.answer()[0] == chat
    for chat in ("chosen", "default", "waiting"):
        bell.submit(chat, user=chat, settings=changed)
    assert bell.answer(model="demo")[0] == "chosen"
    assert {bell.answer(model="new-default")[0] for _ in range(2)} == {"default", "waiting"}
    assert bell.take(model="demo") is None


def test_moving_one_conversation_does_not_stop_the_take(bell: Doorbell) -> None:
    bell.submit("a")
    bell.submit("b")
    bell.choose("other", "a")
    assert bell.answer()[0] == "b"


def test_a_running_turn_ends_on_its_model_and_the_rest_moves(bell: Doorbell) -> None:
    bell.sweep("other", "w2", 4)
    bell.submit(message_id="m1")
    claim = bell.taken(model="demo")
    bell.submit(message_id="m2")
    bell.choose("other")
    assert bell.claims("demo").renew([claim]) == ["kept"]
    assert bell.commit(finished(claim)) == "committed"
    assert bell.take(model="demo") is None
    assert bell.rings("other") == 1
    assert bell.answer(model="other") == ("c", ("m2",))


def test_a_dead_workers_conversation_moves_to_the_chosen_model(bell: Doorbell) -> None:
    bell.submit(message_id="m1")
    bell.taken(model="demo")
    bell.choose("other")
    bell.kill_holders()
    assert bell.take(model="demo") is None
    claim = bell.taken(model="other")
    assert (ids_of(claim), claim.tries) == (("m1",), 1)


def test_a_released_conversation_moves_to_the_chosen_model(bell: Doorbell) -> None:
    bell.submit(message_id="m1")
    claim = bell.taken(model="demo")
    bell.choose("other")
    bell.claims("demo").release("w1.1", claim)
    assert bell.take(model="demo") is None
    assert bell.answer(model="other") == ("c", ("m1",))
