"""Keys: all in the deployment's namespace, all with an end, none with a user's text in it."""

import time

import pytest

from broker.claims import Claim
from broker.messages import Address, Reply, ReplyDelta
from broker.text.cleaning import clean
from tests.broker.doorbell import Doorbell, chat_of, finished, open_doorbell

ODD = ["a{b}c", "100%", "%1", "*?[x]", "line\nbreak", "a:b:c", "مرحبا", "x'..y", '"quoted"', " "]
WEB = Address("web", "c")
SECRET = "SECRET-words-of-a-user"


def all_traffic(bell: Doorbell) -> None:
    """Something of everything that makes keys: answered, waiting, running, set aside."""
    limits = bell.settings.limits.model_copy(update={"messages_per_minute": 1000})
    bell.settings = bell.settings.model_copy(update={"limits": limits})
    bell.sweep(worker="w1", threads=4)
    bell.submit("answered", SECRET)
    bell.commit(finished(bell.taken(), SECRET))
    bell.submit("poison", SECRET)
    bell.commit(finished(bell.taken(), "", "set_aside"))
    bell.submit("suspect", SECRET)
    for _ in range(3):
        bell.taken()
        bell.kill_holders()
    bell.submit("suspect too", SECRET, user="v")
    bell.taken()
    bell.submit("running", SECRET, user="w")
    claims = [bell.taken(f"w1.{number}") for number in range(2)]
    for claim in claims:
        piece = ReplyDelta(claim.conversation_id, claim.reply_id, 0, SECRET)
        assert bell.claims().publish(claim, piece)
    bell.submit("waiting", SECRET, user="x")


def endless(bell: Doorbell) -> list[str]:
    return [name for name in bell.key_names() if bell.redis.ttl(name) < 0]


def test_every_key_has_an_end(bell: Doorbell) -> None:
    all_traffic(bell)
    assert endless(bell) == []


def test_every_key_has_an_end_also_where_nobody_sweeps(bell: Doorbell) -> None:
    """There is no worker yet, or there are no more."""
    for number in range(3):
        bell.submit("c", user="u")
        bell.submit(f"c{number}", user="u")
        assert endless(bell) == []
    claim = bell.taken()  # and its user has more, so he keeps his place in the round
    assert endless(bell) == []
    bell.claims().release("w1.1", claim)
    bell.choose("other", "c2")
    bell.answer()
    bell.answer(model="other")
    assert endless(bell) == []


def test_what_a_conversation_keeps_lives_as_long_as_it_is_set(bell: Doorbell) -> None:
    retention = bell.settings.retention.model_copy(
        update={"conversation_s": 1000, "dedup_s": 700, "partial_s": 90}
    )
    bell.settings = bell.settings.model_copy(update={"retention": retention})
    all_traffic(bell)
    for name in bell.key_names():
        ttl = bell.redis.ttl(name)
        kind = name.rpartition(":")[2]
        if name.startswith(bell.keys.tag + "c:"):
            most = {"seen": 700, "partial": 90}.get(kind, 1000)
            assert most - 60 < ttl <= most, name


def test_replies_that_no_bot_fetches_are_kept_as_long_as_conversations(bell: Doorbell) -> None:
    outbox, keep_s = bell.keys("outbox", "web"), bell.settings.retention.conversation_s
    for ago_s in (keep_s + 60, keep_s - 60):
        ident = f"{int((time.time() - ago_s) * 1000)}-0"
        bell.redis.xadd(
            outbox, {"reply": Reply(WEB, str(ago_s), (), "", "answered").to_json()}, ident
        )
    bell.submit()
    claim = bell.taken()
    bell.commit(finished(claim))
    assert [reply.reply_id for reply in bell.replies()] == [str(keep_s - 60), claim.reply_id]


def test_after_answering_only_history_and_the_outbox_hold_text(bell: Doorbell) -> None:
    bell.submit(text=SECRET)
    bell.commit(finished(bell.taken(), SECRET))
    secret = SECRET.encode()
    holders = {name for name in bell.key_names() if secret in (bell.redis.dump(name) or b"")}
    expected = {
        bell.keys("outbox", "web"),
        bell.keys("history", Address("web", "c").conversation_id),
    }
    assert holders == expected


def test_idle_conversations_leave_nothing_in_the_queue(bell: Doorbell) -> None:
    for number in range(10):
        bell.submit(f"c{number}", user=f"u{number}")
    for _ in range(10):
        bell.answer()
    assert bell.take() is None
    kinds = {name.removeprefix(bell.keys.tag).split(":")[0] for name in bell.key_names()}
    assert kinds == {"c", "m", "o"}
    queue = {name for name in bell.key_names() if name.startswith(bell.keys.tag + "m:")}
    assert queue == {bell.keys("clock", "demo"), bell.keys("virtual", "demo")}


def test_who_was_served_is_forgotten_when_the_round_goes_on(bell: Doorbell) -> None:
    for number in range(50):
        bell.submit("c", user=f"u{number}")
        bell.answer()
    bell.submit("c", user="u0")
    bell.answer()
    bell.sweep()
    assert bell.redis.zcard(bell.keys("virtual", "demo")) == 1


@pytest.mark.parametrize("odd", ODD)
def test_odd_ids_are_kept_apart_and_answered(bell: Doorbell, odd: str) -> None:
    bell.submit(odd, message_id=odd, user=odd)
    bell.submit(odd + "2", message_id=odd, user=odd)
    served = {bell.answer() for _ in range(2)}
    assert served == {(odd, (odd,)), (odd + "2", (odd,))}
    assert bell.history(odd) == [(odd,)]
    assert bell.snapshot(odd).status == "idle"


@pytest.mark.parametrize("odd", ODD)
def test_odd_ids_make_plain_key_names_in_the_namespace(bell: Doorbell, odd: str) -> None:
    bell.submit(odd, SECRET, message_id=odd, user=odd)
    claim = bell.taken()
    bell.claims().publish(claim, ReplyDelta(claim.conversation_id, claim.reply_id, 0, odd))
    bell.submit(odd, SECRET, message_id="next", user=odd)
    bell.commit(finished(claim, SECRET))
    for name in bell.key_names():
        rest = name.removeprefix(bell.keys.tag)
        assert rest != name
        assert not set(rest) & set("{}*?[]\n\"' "), name
        assert rest.isascii()
        assert SECRET not in name


def test_odd_text_comes_back_as_it_was(bell: Doorbell) -> None:
    text = "".join(ODD) + "\0\u200f\U0001f600 ]==] @id@ @queue@ %%1"
    bell.submit(text=text)
    claim = bell.taken()
    assert claim.messages[0].text == clean(text)
    bell.commit(finished(claim, text))
    assert bell.snapshot().turns[0].text == text
    assert bell.replies()[0].text == text


def test_addresses_that_differ_are_different_conversations(bell: Doorbell) -> None:
    pairs = [("a:b", ""), ("a", "b"), ("a%3Ab", ""), ("a/b", ""), ("a", ""), ("A", "")]
    idents = {Address("web", chat, thread).conversation_id for chat, thread in pairs}
    assert len(idents) == len(pairs)
    for chat, thread in pairs:
        address = Address("web", chat, thread)
        assert Address.of_conversation(address.conversation_id) == address


def test_two_deployments_on_one_redis_do_not_meet(bell: Doorbell) -> None:
    redis = bell.settings.redis.model_copy(
        update={"namespace": bell.settings.redis.namespace + "2"}
    )
    with open_doorbell(bell.settings.model_copy(update={"redis": redis})) as other:
        bell.submit("c", message_id="m1")
        assert other.take() is None
        assert other.submit("c", message_id="m1").status == "accepted"
        assert other.forget("c") == 0
        claim: Claim = bell.taken()
        assert chat_of(claim) == "c"
        assert other.commit(finished(claim)) == "fenced"
        assert bell.commit(finished(claim)) == "committed"
