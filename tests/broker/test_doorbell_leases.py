"""Leases and fences: who holds a conversation, and who no longer does."""

import time

import pytest

from broker.claims import Claim
from tests.broker.doorbell import Doorbell, conversation, delta, finished, ids_of

STALE = "w1.1"
NEW = "w2.1"


@pytest.fixture
def stale(bell: Doorbell) -> Claim:
    """A claim whose lease ran out and was swept; the conversation is ready again."""
    bell.submit(message_id="m1")
    claim = bell.taken(STALE)
    assert bell.kill_holders().expired == 1
    return claim


def everything(bell: Doorbell) -> dict[str, object]:
    """All keys and their contents."""
    return {name: bell.redis.dump(name) for name in sorted(bell.key_names())}


def assert_powerless(bell: Doorbell, stale: Claim) -> None:
    """Whatever the stale owner tries, nothing changes."""
    before = everything(bell)
    assert bell.commit(finished(stale), STALE) == "fenced"
    assert bell.claims().publish(stale, delta(stale)) is False
    assert bell.claims().release(STALE, stale) is False
    assert bell.claims().renew([stale]) == ["lost"]
    assert everything(bell) == before


def test_a_stale_owner_changes_nothing(bell: Doorbell, stale: Claim) -> None:
    assert_powerless(bell, stale)


def test_a_stale_owner_changes_nothing_of_the_new_owners_turn(bell: Doorbell, stale: Claim) -> None:
    new = bell.taken(NEW)
    assert bell.claims().publish(new, delta(new, "new"))
    assert_powerless(bell, stale)
    assert bell.commit(finished(new), NEW) == "committed"
    assert bell.history() == [("m1",)]
    assert [reply.reply_id for reply in bell.replies()] == [new.reply_id]


def test_a_stale_claim_is_fenced_even_for_the_same_thread(bell: Doorbell, stale: Claim) -> None:
    new = bell.taken(STALE)
    assert bell.commit(finished(stale), STALE) == "fenced"
    assert bell.commit(finished(new), STALE) == "committed"


def test_another_thread_cannot_commit_with_the_right_fence(bell: Doorbell) -> None:
    bell.submit()
    claim = bell.taken(STALE)
    assert bell.commit(finished(claim), NEW) == "fenced"
    assert bell.claims().release(NEW, claim) is False
    assert bell.commit(finished(claim), STALE) == "committed"


def test_a_second_commit_of_the_same_turn_is_refused(bell: Doorbell) -> None:
    bell.submit("c", message_id="m1")
    claim = bell.taken()
    bell.submit("c", message_id="m2")
    assert bell.commit(finished(claim)) == "committed"
    assert bell.commit(finished(claim)) == "fenced"
    assert bell.history() == [("m1",)]
    assert len(bell.replies()) == 1
    assert bell.answer() == ("c", ("m2",))


def test_a_lease_that_ran_out_but_was_not_swept_still_stands(bell: Doorbell) -> None:
    """Nobody else took it: the late answer is the answer."""
    bell.submit()
    claim = bell.taken()
    bell.redis.zadd(bell.keys("leases", "demo"), {claim.conversation_id: 1.0}, xx=True)
    assert bell.claims().renew([claim]) == ["kept"]
    assert bell.sweep().expired == 0
    assert bell.commit(finished(claim)) == "committed"


def test_who_could_not_renew_because_redis_was_away_gets_a_moment(bell: Doorbell) -> None:
    bell.submit()
    claim = bell.taken()
    bell.sweep()
    bell.redis.zadd(bell.keys("leases", "demo"), {claim.conversation_id: 1.0}, xx=True)
    bell.redis.hset(bell.keys("clock", "demo"), "swept_at", time.time() - 3)
    assert bell.sweep().expired == 0
    assert bell.sweep().expired == 0
    due = bell.redis.zscore(bell.keys("leases", "demo"), claim.conversation_id)
    assert due is not None
    assert due <= time.time() + 1  # no longer than a moment
    assert bell.claims().renew([claim]) == ["kept"]
    assert bell.commit(finished(claim)) == "committed"


def seldom_swept(bell: Doorbell, claim: Claim) -> int:
    """Sweep more than a second after the last time, when the lease has run out; how many did."""
    bell.redis.zadd(bell.keys("leases", "demo"), {claim.conversation_id: 1.0}, xx=True)
    bell.redis.hset(bell.keys("clock", "demo"), "swept_at", time.time() - 1.2)
    return bell.sweep().expired


def test_a_lease_gets_one_moment_however_seldom_sweeps_are(bell: Doorbell) -> None:
    bell.submit()
    for number in range(2):
        claim = bell.taken(f"w{number}.1")
        assert [seldom_swept(bell, claim) for _ in range(2)] == [0, 1]


def test_renewing_tells_each_claim_its_own_fate(bell: Doorbell) -> None:
    for chat in ("a", "b", "c"):
        bell.submit(chat)
    a, b, c = (bell.taken(f"w1.{number}") for number in range(3))
    assert (a.conversation_id, b.conversation_id) == (conversation("a"), conversation("b"))
    bell.kill_holders("a")
    bell.cancel("b")
    assert bell.claims().renew([a, b, c]) == ["lost", "stop", "kept"]


def test_a_fence_grows_even_when_the_state_expired_in_between(bell: Doorbell) -> None:
    fences = []
    for _ in range(3):
        bell.submit()
        claim = bell.taken()
        fences.append(int(claim.fence))
        bell.commit(finished(claim))
        bell.redis.delete(bell.keys("state", claim.conversation_id))
    assert sorted(set(fences)) == fences


def test_a_fence_grows_even_when_the_clock_stands_still(bell: Doorbell) -> None:
    bell.submit()
    claim = bell.taken()
    far = int(claim.fence) + 10**9
    bell.redis.hset(bell.keys("state", claim.conversation_id), "fence", far)
    bell.kill_holders()
    assert int(bell.taken().fence) == far + 1


def test_a_lease_outliving_its_conversations_state_is_dropped(bell: Doorbell) -> None:
    """The state expired under the lease and the user came back meanwhile."""
    bell.submit("c", message_id="m1")
    claim = bell.taken()
    bell.redis.delete(
        bell.keys("state", claim.conversation_id), bell.keys("inbox", claim.conversation_id)
    )
    bell.submit("c", message_id="m2")
    bell.kill_holders()
    assert bell.ready_count() == 1
    assert bell.answer() == ("c", ("m2",))
    assert bell.take() is None


def test_choosing_a_model_for_an_expired_conversation_breaks_no_sweep(bell: Doorbell) -> None:
    bell.submit("c")
    claim = bell.taken()
    bell.submit("d")
    other = bell.taken()
    bell.redis.delete(bell.keys("state", claim.conversation_id))
    bell.choose("other", "c")
    assert bell.kill_holders().ready == 1
    assert bell.taken().conversation_id == other.conversation_id


def test_a_commit_is_history_outbox_and_inbox_in_one_step(bell: Doorbell) -> None:
    bell.submit("c", message_id="m1")
    bell.submit("c", message_id="m2")
    claim = bell.taken()
    bell.submit("c", message_id="m3")
    assert bell.commit(finished(claim, "answer")) == "committed"
    after = bell.snapshot()
    assert bell.history() == [("m1", "m2")]
    assert [m.message_id for m in after.pending] == ["m3"]
    assert after.status == "ready"
    (reply,) = bell.replies()
    assert (reply.message_ids, reply.text) == (("m1", "m2"), "answer")


def test_a_commit_may_consume_only_the_first_messages(bell: Doorbell) -> None:
    for number in range(3):
        bell.submit("c", message_id=f"m{number}")
    bell.commit(finished(bell.taken(), consumed=1))
    assert bell.answer() == ("c", ("m1", "m2"))
    assert bell.history() == [("m0",), ("m1", "m2")]


def test_commit_and_next_claim_are_one_step(bell: Doorbell) -> None:
    bell.submit("a")
    bell.submit("b")
    first = bell.taken()
    state, second = bell.claims().step("w1.1", finished(first), True)
    assert state == "committed"
    assert second is not None
    assert second.conversation_id == conversation("b")
    state, third = bell.claims().step("w1.1", finished(second), True)
    assert (state, third) == ("committed", None)


def test_a_fenced_commit_still_takes_the_next(bell: Doorbell, stale: Claim) -> None:
    state, claim = bell.claims().step(STALE, finished(stale), True)
    assert state == "fenced"
    assert claim is not None
    assert ids_of(claim) == ("m1",)
    assert claim.tries == 1


def test_a_conversation_is_answered_by_one_thread_at_a_time(bell: Doorbell) -> None:
    bell.submit("c", message_id="m1")
    claim = bell.taken("w1.1")
    bell.submit("c", message_id="m2")
    bell.submit("c", message_id="m3")
    assert bell.take("w2.1") is None
    bell.commit(finished(claim), "w1.1")
    assert ids_of(bell.taken("w2.1")) == ("m2", "m3")


def test_a_released_conversation_is_next_again_and_costs_no_try(bell: Doorbell) -> None:
    for chat in ("a", "b"):
        bell.submit(chat, user="anna")
    claim = bell.taken("w1.1")
    assert bell.claims().publish(claim, delta(claim))
    assert bell.claims().release("w1.1", claim)
    assert bell.snapshot("a").status == "ready"
    again = bell.taken("w2.1")
    assert (again.conversation_id, again.tries) == (claim.conversation_id, 0)
    assert again.fence != claim.fence
    assert bell.snapshot("a").partial == ""
