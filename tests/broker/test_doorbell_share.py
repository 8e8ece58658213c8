"""One user's turns at a time: a thread is left for whoever comes next."""

import pytest

from broker.claims import Claim
from tests.broker.doorbell import MODEL, Doorbell, chat_of, finished

ENDS = ["commit", "release", "death", "forget"]


def flood(bell: Doorbell, conversations: int, user: str = "flooder") -> None:
    for number in range(conversations):
        bell.submit(f"{user}{number}", user=user)


def take_all(bell: Doorbell, model: str = MODEL) -> list[Claim]:
    """Everything that there is to take now, none of it answered."""
    claims = []
    while (claim := bell.take(model=model)) is not None:
        claims.append(claim)
    return claims


def end(bell: Doorbell, how: str, claim: Claim) -> None:
    match how:
        case "commit":
            bell.commit(finished(claim))
        case "release":
            assert bell.claims().release("w1.1", claim)
        case "death":
            bell.kill_holders(chat_of(claim))
            bell.sweep(worker="w1", threads=8)
        case "forget":
            bell.forget(chat_of(claim))


def test_many_long_turns_of_one_user_leave_a_thread_for_others(
    bell: Doorbell, threads: int
) -> None:
    flood(bell, 20)
    assert len(take_all(bell)) == threads - 1
    bell.submit("late", user="newcomer")
    assert bell.rings() == 1
    assert chat_of(bell.taken()) == "late"


def test_nobody_is_called_for_what_is_held(bell: Doorbell, threads: int) -> None:
    """Else idle threads would be woken for nothing, and look stuck."""
    flood(bell, 20)
    take_all(bell)
    bell.submit("flooder20", user="flooder")
    sweep = bell.sweep(worker="w1", threads=threads)
    assert (sweep.ready, sweep.leased, bell.rings()) == (0, threads - 1, 0)


@pytest.mark.parametrize("how", ENDS)
def test_a_turn_that_ends_lets_the_users_next_one_go(
    bell: Doorbell, threads: int, how: str
) -> None:
    flood(bell, 20)
    end(bell, how, take_all(bell)[0])
    assert bell.rings() >= 1
    assert len(take_all(bell)) == 1


def test_of_two_users_with_many_conversations_each_gets_his_half(
    bell: Doorbell, threads: int
) -> None:
    flood(bell, 20, "anna")
    flood(bell, 20, "badr")
    taken = [chat_of(bell.taken())[:4] for _ in range(threads)]
    assert (taken.count("anna"), taken.count("badr")) == (threads // 2, threads // 2)


def test_where_there_is_one_thread_everybody_may_use_it(bell: Doorbell) -> None:
    bell.sweep(worker="w1", threads=1)
    flood(bell, 3)
    for number in range(3):
        (claim,) = take_all(bell)
        assert chat_of(claim) == f"flooder{number}"
        bell.commit(finished(claim))


def test_a_lower_limit_may_be_set(bell: Doorbell) -> None:
    limits = bell.settings.limits.model_copy(update={"user_turns": 2})
    bell.settings = bell.settings.model_copy(update={"limits": limits})
    bell.sweep(worker="w1", threads=8)
    flood(bell, 20)
    assert len(take_all(bell)) == 2


def test_more_workers_let_more_go_and_fewer_less(bell: Doorbell, threads: int) -> None:
    flood(bell, 40)
    claims = take_all(bell)
    bell.sweep(worker="w2", threads=threads)
    claims += take_all(bell)
    assert len(claims) == 2 * threads - 1
    bell.claims().sweep("w2", 0, 0.0)  # it leaves
    for claim in claims[:threads]:
        bell.commit(finished(claim))
        assert bell.take() is None
    bell.commit(finished(claims[threads]))
    assert len(take_all(bell)) == 1


@pytest.mark.parametrize("noted", [None, 100, -100])
def test_the_counts_of_turns_heal(bell: Doorbell, threads: int, noted: int | None) -> None:
    serving, held = bell.keys("serving", MODEL), bell.keys("held", MODEL)
    flood(bell, 20)
    claims = take_all(bell)
    bell.redis.delete(serving, held)
    if noted is not None:
        bell.redis.hset(serving, "web:flooder", noted)
        bell.redis.sadd(held, "web:somebody")
    bell.sweep(worker="w1", threads=threads)
    assert bell.take() is None
    for claim in claims:
        bell.commit(finished(claim))
    assert len(take_all(bell)) == threads - 1
    assert bell.redis.smembers(held) == {b"web:flooder"}


def test_what_is_held_goes_to_another_models_queue(bell: Doorbell, threads: int) -> None:
    flood(bell, 20)
    claims = take_all(bell)
    bell.choose("other", "flooder19")
    assert bell.ready_count() == 0
    (moved,) = take_all(bell, "other")
    assert chat_of(moved) == "flooder19"
    for claim in claims:
        bell.commit(finished(claim))
    served = {chat_of(claim) for claim in take_all(bell)}
    assert len(served) == threads - 1
    assert "flooder19" not in served


def test_a_lane_that_expired_holds_nobody_up(bell: Doorbell, threads: int) -> None:
    flood(bell, threads - 1)
    for _ in range(threads - 2):
        bell.taken()
    bell.submit("last", user="flooder")
    bell.redis.delete(bell.keys("lane", f"{MODEL}:web:flooder"))
    bell.submit("other", user="other")
    assert [chat_of(claim) for claim in take_all(bell)] == ["other"]


def test_whoever_is_held_is_told_what_stands_in_front_of_him(bell: Doorbell, threads: int) -> None:
    flood(bell, 20)
    take_all(bell)
    assert bell.line("flooder19").in_front == 20 - (threads - 1) - 1
    assert bell.line("newcomer").in_front == 0
