"""Messages that kill their worker are found, set aside and told; innocents go free."""

import random
import time

import pytest

from broker.messages import UserMessage
from tests.broker.doorbell import (
    GONE_S,
    MODEL,
    OWNER,
    Doorbell,
    chat_of,
    conversation,
    finished,
    ids_of,
)

MAX_TRIES = 4
THREADS = 8


def test_a_death_counts_a_try_and_puts_the_conversation_at_the_head(bell: Doorbell) -> None:
    for chat in ("a", "b"):
        bell.submit(chat, user="anna")
    bell.taken()
    bell.kill_holders()
    again = bell.taken()
    assert (chat_of(again), again.tries) == ("a", 1)


def test_after_a_death_messages_are_taken_one_at_a_time(bell: Doorbell) -> None:
    for number in range(3):
        bell.submit(message_id=f"m{number}")
    assert len(bell.taken().messages) == 3
    bell.kill_holders()
    claim = bell.taken()
    assert ids_of(claim) == ("m0",)
    bell.commit(finished(claim))
    bell.submit(message_id="later")
    claim = bell.taken()
    assert (ids_of(claim), claim.tries) == (("m1",), 0)
    bell.commit(finished(claim))
    bell.answer()
    bell.submit(message_id="much later")
    bell.submit(message_id="at last")
    assert bell.answer() == ("c", ("later", "much later", "at last"))


def test_a_poison_behind_many_innocents_costs_few_deaths(bell: Doorbell) -> None:
    for number in range(10):
        bell.submit(message_id=f"m{number}")
    bell.submit(message_id="poison")
    bell.submit(message_id="after")
    deaths = 0
    answered: list[str] = []
    while (claim := bell.take()) is not None:
        if claim.tries >= MAX_TRIES:
            bell.commit(finished(claim, "", "set_aside"))
        elif "poison" in ids_of(claim):
            deaths += 1
            bell.kill_holders()
        else:
            answered += ids_of(claim)
            bell.commit(finished(claim))
    assert answered == [f"m{number}" for number in range(10)] + ["after"]
    assert deaths == MAX_TRIES + 1


def test_a_sweep_counts_only_leases_that_ran_out(bell: Doorbell) -> None:
    for chat in ("a", "b"):
        bell.submit(chat)
    bell.taken("w1.1")
    other = bell.taken("w1.2")
    sweep = bell.kill_holders("a")
    assert (sweep.expired, sweep.ready, sweep.leased) == (1, 1, 1)
    assert bell.commit(finished(other), "w1.2") == "committed"


def test_suspects_run_one_at_a_time_beside_the_others(bell: Doorbell) -> None:
    for chat in ("a", "b", "c"):
        bell.submit(chat, user=chat)
    for _ in range(2):
        for thread in range(3):
            bell.taken(f"w1.{thread}")
        bell.kill_holders()
    bell.submit("innocent", user="new")
    first, second = bell.taken("w1.0"), bell.taken("w1.1")
    assert first.tries == 2
    assert chat_of(second) == "innocent"
    assert bell.take("w1.2") is None
    bell.commit(finished(first), "w1.0")
    assert bell.taken("w1.2").tries == 2


def test_the_death_of_a_suspect_makes_room_for_the_next(bell: Doorbell) -> None:
    bell.two_suspects()
    first = bell.taken("w1.0")
    bell.kill_holders()
    second = bell.taken("w1.0")
    assert chat_of(second) != chat_of(first)
    assert (second.tries, bell.take("w1.1")) == (2, None)


def make_suspect(bell: Doorbell, chat: str) -> None:
    bell.submit(chat, user=chat)
    for _ in range(2):
        while chat_of(bell.taken("doomed.1")) != chat:
            pass
        bell.kill_holders(chat)


def test_an_acquitted_suspect_does_not_hold_up_the_next(bell: Doorbell) -> None:
    make_suspect(bell, "a")
    bell.commit(finished(bell.taken()))
    bell.submit("a", user="a")
    assert bell.taken("w1.1").tries == 0
    make_suspect(bell, "b")
    assert bell.taken("w1.2").tries == 2


def test_a_forgotten_suspect_does_not_hold_up_the_next(bell: Doorbell) -> None:
    make_suspect(bell, "a")
    assert bell.taken().tries == 2
    bell.forget("a")
    bell.submit("a", user="a")
    assert bell.taken("w1.1").tries == 0
    make_suspect(bell, "b")
    assert bell.taken("w1.2").tries == 2


@pytest.mark.parametrize("end", ["death", "release"])
def test_a_suspect_forgotten_while_it_waits_does_not_hold_up_the_next(
    bell: Doorbell, end: str
) -> None:
    make_suspect(bell, "a")
    claim = bell.taken()
    if end == "death":
        bell.kill_holders()
    else:
        bell.claims().release(OWNER, claim)
    bell.forget("a")
    bell.submit("a", user="a")
    assert bell.taken("w1.1").tries == 0
    make_suspect(bell, "b")
    assert bell.taken("w1.2").tries == 2


def test_a_released_suspect_stays_a_suspect(bell: Doorbell) -> None:
    make_suspect(bell, "a")
    claim = bell.taken()
    bell.claims().release(OWNER, claim)
    assert bell.redis.llen(bell.keys("suspects", "demo")) == 1
    assert bell.taken().tries == 2


def test_forgetting_ends_the_care_after_a_death(bell: Doorbell) -> None:
    for _ in range(2):
        bell.submit()
    bell.taken()
    bell.kill_holders()
    bell.forget()
    for _ in range(2):
        bell.submit()
    assert len(bell.taken().messages) == 2


def test_a_poison_is_set_aside_and_its_conversation_goes_on(bell: Doorbell) -> None:
    bell.submit(message_id="poison")
    bell.submit(message_id="next")
    for tries in range(MAX_TRIES):
        assert bell.taken().tries == tries
        bell.kill_holders()
    claim = bell.taken()
    assert (ids_of(claim), claim.tries) == (("poison",), MAX_TRIES)
    bell.commit(finished(claim, "", "set_aside"))
    kept = bell.redis.lrange(bell.keys("aside", conversation("c")), 0, -1)
    assert [UserMessage.from_json(raw).message_id for raw in kept] == ["poison"]
    assert bell.sweep().set_aside == 1
    assert [reply.outcome for reply in bell.replies()] == ["set_aside"]
    claim = bell.taken()
    assert (ids_of(claim), claim.tries) == (("next",), 0)


def poison(bell: Doorbell, user: str = "u") -> None:
    """A message of this user that kills its worker until it is set aside."""
    chat = f"poison of {user}"
    assert bell.submit(chat, user=user).status == "accepted"
    for _ in range(MAX_TRIES):
        bell.taken()
        bell.kill_holders(chat)
    bell.commit(finished(bell.taken(), "", "set_aside"))


def test_whoever_kills_workers_again_and_again_must_pause(bell: Doorbell) -> None:
    poison(bell)
    assert bell.submit(user="u").status == "accepted"  # once is bad luck
    bell.answer()
    waits = []
    for _ in range(5):
        bell.redis.delete(bell.keys("paused", "web:u"))  # it is over
        poison(bell)
        receipt = bell.submit("another", user="u")
        assert receipt.status == "paused"
        waits.append(round(receipt.wait_s / 60))
    assert waits == [5, 10, 20, 40, 60]
    assert bell.submit("other", user="other").status == "accepted"
    for key in ("paused", "strikes"):
        assert 0 < bell.redis.ttl(bell.keys(key, "web:u")) <= 3600


def test_what_could_not_be_read_costs_its_author_nothing(bell: Doorbell) -> None:
    for number in range(3):
        assert bell.submit(f"c{number}").status == "accepted"
        bell.commit(finished(bell.taken(), "", "set_aside"))


def test_of_what_is_set_aside_the_latest_is_kept(bell: Doorbell) -> None:
    for number in range(25):
        bell.submit(message_id=f"m{number}")
        bell.commit(finished(bell.taken(), "", "set_aside"))
    kept = bell.redis.lrange(bell.keys("aside", conversation("c")), 0, -1)
    assert [UserMessage.from_json(raw).message_id for raw in kept] == [
        f"m{number}" for number in range(5, 25)
    ]


def test_what_was_set_aside_is_forgotten_with_its_conversation(bell: Doorbell) -> None:
    for chat in ("c", "other"):
        bell.submit(chat, user=chat)
        bell.commit(finished(bell.taken(), "", "set_aside"))
    bell.forget("c")
    assert not bell.redis.exists(bell.keys("aside", conversation("c")))
    assert bell.redis.exists(bell.keys("aside", conversation("other")))
    assert bell.sweep().set_aside == 1


def test_of_what_was_set_aside_long_ago_nobody_is_told(bell: Doorbell) -> None:
    poisoned = bell.keys("poisoned", MODEL)
    bell.redis.zadd(poisoned, {"long ago": time.time() - 31 * 86400, "lately": time.time()})
    bell.submit()
    bell.commit(finished(bell.taken(), "", "set_aside"))
    assert bell.sweep().set_aside == 2


def test_innocents_are_not_dragged_down_by_a_poison(bell: Doorbell) -> None:
    """A process with eight threads dies whenever it runs the poison."""
    chance = random.Random(7)
    chats = [f"c{number}" for number in range(40)]
    for chat in chats:
        for number in range(3):
            bell.submit(chat, message_id=f"{chat}-{number}", user=chat)
    bell.submit("poison", message_id="poison", user="poison")
    set_aside: list[tuple[str, ...]] = []
    deaths = 0
    while bell.ready_count() > 0:
        claims = []
        for thread in range(THREADS):
            claim = bell.take(f"w{deaths}.{thread}")
            if claim is not None:
                claims.append((f"w{deaths}.{thread}", claim))
        chance.shuffle(claims)
        for owner, claim in claims:
            if claim.tries >= MAX_TRIES:
                set_aside.append(ids_of(claim))
                bell.commit(finished(claim, "", "set_aside"), owner)
            elif "poison" in ids_of(claim):
                deaths += 1
                bell.kill_holders()
                break
            else:
                bell.commit(finished(claim), owner)
    assert set_aside == [("poison",)]
    assert deaths == MAX_TRIES
    for chat in chats:
        said = [ident for turn in bell.history(chat) for ident in turn]
        assert said == [f"{chat}-{number}" for number in range(3)]


@pytest.mark.parametrize(("silent_s", "deaths"), [(0.1, 0), (10.0, 1)])
def test_a_claim_that_never_reached_a_living_worker_is_no_death(
    bell: Doorbell, silent_s: float, deaths: int
) -> None:
    """Redis's answer was lost. Whoever lives has swept since; who froze or died has not."""
    bell.sweep(worker="w1", threads=4)
    bell.submit()
    claim = bell.taken("w1")
    now = time.time()
    bell.redis.zadd(bell.keys("leases", MODEL), {claim.conversation_id: now - 0.01})
    bell.redis.zadd(bell.keys("workers", MODEL), {"w1": now - silent_s + GONE_S})
    bell.redis.hset(bell.keys("clock", MODEL), "swept_at", now)
    assert bell.sweep(worker="w2", threads=4).expired == 1
    assert bell.taken("w2").tries == deaths
