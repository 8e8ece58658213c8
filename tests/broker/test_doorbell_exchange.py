"""Several turns in one step: each fenced for itself, and as many taken as are wanted."""

from tests.broker.doorbell import OWNER, Doorbell, chat_of, finished


def submit_all(bell: Doorbell, *chats: str) -> None:
    for chat in chats:
        bell.submit(chat, message_id=f"{chat}1", user=chat)


def test_turns_are_committed_together_in_their_order(bell: Doorbell) -> None:
    submit_all(bell, "a", "b", "c")
    _, claims = bell.claims().exchange(OWNER, [], 3)
    states, more = bell.claims().exchange(OWNER, [finished(claim) for claim in claims], 0)
    assert (states, more) == (["committed"] * 3, [])
    assert [reply.message_ids for reply in bell.replies()] == [("a1",), ("b1",), ("c1",)]
    assert [bell.snapshot(chat).status for chat in "abc"] == ["idle"] * 3


def test_one_that_lost_its_lease_changes_nothing_and_its_neighbours_are_committed(
    bell: Doorbell,
) -> None:
    submit_all(bell, "a", "b", "c")
    _, claims = bell.claims().exchange(OWNER, [], 3)
    bell.kill_holders("b")
    states, _ = bell.claims().exchange(OWNER, [finished(claim) for claim in claims], 0)
    assert states == ["committed", "fenced", "committed"]
    assert [reply.message_ids for reply in bell.replies()] == [("a1",), ("c1",)]
    assert (bell.history("b"), bell.snapshot("b").status) == ([], "ready")


def test_the_same_turn_twice_in_one_step_is_committed_once(bell: Doorbell) -> None:
    submit_all(bell, "a")
    done = finished(bell.taken())
    assert bell.claims().exchange(OWNER, [done, done], 0)[0] == ["committed", "fenced"]
    assert bell.history("a") == [("a1",)]


def test_as_many_are_taken_as_are_wanted_or_ready(bell: Doorbell, threads: int) -> None:
    submit_all(bell, "a", "b", "c")
    assert [chat_of(claim) for claim in bell.claims().exchange(OWNER, [], 2)[1]] == ["a", "b"]
    assert bell.ready_count() == 1
    assert [chat_of(claim) for claim in bell.claims().exchange(OWNER, [], 2)[1]] == ["c"]
    assert (bell.ready_count(), bell.rings()) == (0, 0)


def test_users_take_turns_within_one_step(bell: Doorbell) -> None:
    for chat in ("a1", "a2", "a3"):
        bell.submit(chat, user="anna")
    bell.submit("b1", user="badr")
    _, claims = bell.claims().exchange(OWNER, [], 4)
    assert [chat_of(claim) for claim in claims] == ["a1", "b1", "a2", "a3"]


def test_a_conversation_whose_turn_ends_is_taken_again_in_the_same_step(bell: Doorbell) -> None:
    submit_all(bell, "a")
    claim = bell.taken()
    bell.submit("a", message_id="a2", user="a")
    states, claims = bell.claims().exchange(OWNER, [finished(claim)], 2)
    assert (states, [chat_of(claim) for claim in claims]) == (["committed"], ["a"])
    assert claims[0].turns[0].said[0].message_id == "a1"


def test_claims_with_many_messages_and_turns_do_not_run_into_each_other(bell: Doorbell) -> None:
    for chat in ("a", "b"):
        for number in range(3):
            bell.submit(chat, message_id=f"{chat}{number}", user=chat)
            bell.answer()
    for chat in ("a", "b"):
        for number in range(3, 6):
            bell.submit(chat, message_id=f"{chat}{number}", user=chat)
    _, claims = bell.claims().exchange(OWNER, [], 2)
    for claim, chat in zip(claims, "ab", strict=True):
        assert chat_of(claim) == chat
        assert [message.message_id for message in claim.messages] == [
            f"{chat}{n}" for n in (3, 4, 5)
        ]
        assert [turn.said[0].message_id for turn in claim.turns] == [
            f"{chat}{n}" for n in (0, 1, 2)
        ]


def test_an_unreadable_message_does_not_shift_what_follows_it(bell: Doorbell) -> None:
    submit_all(bell, "a", "b")
    inbox = bell.keys("inbox", "web:a:")
    bell.redis.delete(inbox)
    bell.redis.rpush(inbox, b"{", b"[]")
    _, claims = bell.claims().exchange(OWNER, [], 2)
    assert [claim.unreadable for claim in claims] == [True, False]
    assert claims[1].messages[0].message_id == "b1"


def test_fewer_taken_than_committed_call_other_threads(bell: Doorbell, threads: int) -> None:
    """Idle threads elsewhere are needed for what is still ready."""
    names = [f"c{number}" for number in range(threads + 3)]
    submit_all(bell, *names)
    _, claims = bell.claims().exchange(OWNER, [], threads)
    bell.redis.delete(bell.keys("ring", "demo"))
    bell.claims().exchange(OWNER, [finished(claim) for claim in claims[:3]], 1)
    assert (bell.ready_count(), bell.rings()) == (2, 2)


def test_the_time_of_every_turn_is_learned(bell: Doorbell) -> None:
    submit_all(bell, "a", "b")
    _, claims = bell.claims().exchange(OWNER, [], 2)
    bell.redis.hset(bell.keys("clock", "demo"), "turn_s", "100")
    bell.claims().exchange(OWNER, [finished(claim) for claim in claims], 0)
    assert 81 <= float(bell.redis.hget(bell.keys("clock", "demo"), "turn_s") or 0) < 82
