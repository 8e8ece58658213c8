"""Submitting: known ids, limits, backpressure."""

from dataclasses import replace

import pytest

from broker.settings import Settings
from tests.broker.doorbell import Doorbell, conversation, finished, ids_of


def with_limits(settings: Settings, **limits: float) -> Settings:
    return settings.model_copy(update={"limits": settings.limits.model_copy(update=dict(limits))})


def test_a_submitted_message_waits_in_the_inbox_until_it_is_answered(bell: Doorbell) -> None:
    assert bell.submit(message_id="m1").status == "accepted"
    waiting = bell.snapshot()
    assert waiting.status == "ready"
    assert [m.message_id for m in waiting.pending] == ["m1"]
    bell.answer()
    answered = bell.snapshot()
    assert (answered.status, answered.pending) == ("idle", ())
    assert bell.history() == [("m1",)]


def test_a_redelivered_message_is_answered_once(bell: Doorbell) -> None:
    first = bell.submit(message_id="m1")
    while_waiting = bell.submit(message_id="m1")
    claim = bell.taken()
    while_running = bell.submit(message_id="m1")
    bell.commit(finished(claim))
    afterwards = bell.submit(message_id="m1")
    assert first.status == "accepted"
    for again in (while_waiting, while_running, afterwards):
        assert again.status == "duplicate"
        assert again.kept
    assert bell.take() is None
    assert bell.history() == [("m1",)]


def test_a_redelivery_after_the_user_started_anew_is_not_answered(bell: Doorbell) -> None:
    bell.submit(message_id="m1")
    bell.forget()
    assert bell.submit(message_id="m1").status == "duplicate"


def test_the_same_id_in_two_conversations_is_two_messages(bell: Doorbell) -> None:
    assert bell.submit("a", message_id="1").status == "accepted"
    assert bell.submit("b", message_id="1").status == "accepted"


def test_ids_of_seen_messages_are_forgotten_after_their_time(bell: Doorbell) -> None:
    bell.submit(message_id="old")
    seen = bell.keys("seen", conversation("c"))
    bell.redis.zadd(seen, {"old": 1.0})
    bell.submit(message_id="new")
    assert bell.redis.zrange(seen, 0, -1) == [b"new"]


def test_a_full_inbox_refuses_and_keeps_nothing_of_the_refused(bell: Doorbell) -> None:
    narrow = with_limits(bell.settings, pending_messages=2)
    statuses = [bell.submit(message_id=f"m{i}", settings=narrow).status for i in range(3)]
    assert statuses == ["accepted", "accepted", "inbox_full"]
    assert bell.answer() == ("c", ("m0", "m1"))
    # The refused message may be sent again: it is no duplicate.
    assert bell.submit(message_id="m2", settings=narrow).status == "accepted"


def test_a_full_inbox_is_one_conversations_own(bell: Doorbell) -> None:
    narrow = with_limits(bell.settings, pending_messages=1)
    bell.submit("a", settings=narrow)
    assert bell.submit("a", settings=narrow).status == "inbox_full"
    assert bell.submit("b", settings=narrow).status == "accepted"


def test_the_rate_limit_allows_a_burst_and_then_a_steady_pace(bell: Doorbell) -> None:
    limited = with_limits(bell.settings, messages_per_minute=3)
    statuses = [bell.submit(f"c{i}", settings=limited).status for i in range(4)]
    assert statuses == ["accepted"] * 3 + ["rate_limited"]


def test_a_rate_limited_user_is_told_when_to_try_again(bell: Doorbell) -> None:
    limited = with_limits(bell.settings, messages_per_minute=3)
    for number in range(3):
        bell.submit(f"c{number}", settings=limited)
    refused = bell.submit(message_id="late", settings=limited)
    assert 19 < refused.wait_s <= 20
    # Let that time pass, by moving the user's own clock back.
    rate = bell.keys("rate", "web:u")
    whole_at = float(bell.redis.get(rate) or 0)
    bell.redis.set(rate, repr(whole_at - refused.wait_s + 0.5), ex=61)
    assert bell.submit(message_id="late", settings=limited).status == "rate_limited"
    bell.redis.set(rate, repr(whole_at - refused.wait_s - 0.01), ex=61)
    assert bell.submit(message_id="late", settings=limited).status == "accepted"


def test_the_rate_limit_is_each_users_own(bell: Doorbell) -> None:
    limited = with_limits(bell.settings, messages_per_minute=1)
    assert bell.submit(user="u1", settings=limited).status == "accepted"
    assert bell.submit(user="u1", settings=limited).status == "rate_limited"
    assert bell.submit(user="u2", settings=limited).status == "accepted"


def test_refusals_and_duplicates_cost_nothing_of_the_allowance(bell: Doorbell) -> None:
    limited = with_limits(bell.settings, messages_per_minute=2, pending_messages=1)
    bell.submit("a", message_id="m1", settings=limited)
    for _ in range(3):
        assert bell.submit("a", message_id="m1", settings=limited).status == "duplicate"
        assert bell.submit("a", message_id="m2", settings=limited).status == "inbox_full"
    assert bell.submit("b", settings=limited).status == "accepted"


def test_a_message_that_would_wait_too_long_is_refused_with_the_wait(bell: Doorbell) -> None:
    bell.sweep(worker="w1", threads=2)
    bell.redis.hset(bell.keys("clock", "demo"), "turn_s", "10")
    impatient = with_limits(bell.settings, wait_s=12)
    waits = [bell.submit(f"c{i}", settings=impatient) for i in range(4)]
    assert [receipt.status for receipt in waits] == ["accepted"] * 3 + ["overloaded"]
    assert [receipt.wait_s for receipt in waits] == [0, 5, 10, 15]
    # Who already waits in line does not lengthen it.
    assert bell.submit("c0", settings=impatient).status == "accepted"


def test_one_users_many_conversations_lock_nobody_out(bell: Doorbell) -> None:
    """Users take turns: who comes with a first question is served soon, and so is not refused."""
    bell.sweep(worker="w1", threads=1)
    bell.redis.hset(bell.keys("clock", "demo"), "turn_s", "6")
    impatient = with_limits(bell.settings, wait_s=120)
    flood = [bell.submit(f"c{i}", user="flooder", settings=impatient).status for i in range(25)]
    assert flood == ["accepted"] * 21 + ["overloaded"] * 4
    newcomer = bell.submit("new", user="newcomer", settings=impatient)
    assert (newcomer.status, newcomer.wait_s) == ("accepted", 6)
    assert bell.line("new").in_front == 1
    assert (bell.line("c20").in_front, bell.line("c20").wait_s) == (21, 126)


def test_the_expected_wait_is_learned_from_turns(bell: Doorbell) -> None:
    bell.submit()
    claim = bell.taken()
    earlier = replace(claim, fence=str(int(claim.fence) - 8_000_000))  # a time in microseconds
    bell.redis.hset(bell.keys("state", claim.conversation_id), "fence", earlier.fence)
    assert bell.commit(finished(earlier)) == "committed"
    assert 8 <= float(bell.redis.hget(bell.keys("clock", "demo"), "turn_s") or 0) < 9


@pytest.mark.parametrize(("text", "status"), [(" \n\t", "empty"), ("x" * 101, "too_long")])
def test_nothing_to_answer_and_too_much_are_refused(bell: Doorbell, text: str, status: str) -> None:
    short = with_limits(bell.settings, message_chars=100)
    assert bell.submit(text=text, settings=short).status == status
    assert bell.key_names() == []


def test_pending_messages_are_taken_together_in_their_order(bell: Doorbell) -> None:
    for number in range(5):
        bell.submit(message_id=f"m{number}")
    assert ids_of(bell.taken()) == ("m0", "m1", "m2", "m3", "m4")


def test_what_hides_in_a_message_is_taken_out_before_anybody_reads_it(bell: Doorbell) -> None:
    bell.submit(text="\u202eش\u200bحال\U000e0041 👩‍👩‍👧", message_id="m1")
    (message,) = bell.snapshot().pending
    assert message.text == "شحال 👩‍👩‍👧"
    assert bell.submit(text="\u3164\u200b", message_id="m2").status == "empty"
