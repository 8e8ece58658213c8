"""What is remembered of turns, and the text so far of the one that runs."""

import pytest

from tests.broker.doorbell import Doorbell, conversation, delta, finished


def test_a_claim_brings_the_last_turns_oldest_first(bell: Doorbell) -> None:
    turn = bell.settings.turn.model_copy(update={"history_turns": 3})
    bell.settings = bell.settings.model_copy(update={"turn": turn})
    for number in range(5):
        bell.submit(message_id=f"m{number}")
        bell.answer()
    bell.submit()
    assert [t.said[0].message_id for t in bell.taken().turns] == ["m2", "m3", "m4"]


def test_history_keeps_the_newest_turns_alone(bell: Doorbell) -> None:
    keep = bell.settings.retention.model_copy(update={"history_turns": 3})
    bell.settings = bell.settings.model_copy(update={"retention": keep})
    for number in range(5):
        bell.submit(message_id=f"m{number}")
        bell.answer()
    assert bell.history() == [("m2",), ("m3",), ("m4",)]


def test_a_regenerated_turn_takes_the_place_of_the_last(bell: Doorbell) -> None:
    for ident in ("m1", "m2"):
        bell.submit(message_id=ident)
        bell.answer()
    bell.submit(message_id="again", text="", action="regenerate")
    claim = bell.taken()
    bell.commit(finished(claim, "better", replaces=claim.turns[-1].reply_id))
    turns = bell.snapshot().turns
    assert [turn.text for turn in turns] == ["answer", "better"]


@pytest.mark.parametrize("raw", [b'{"v":2,"reply_id":"r"}', b"{", b"[]", b"7", b""])
def test_a_turn_that_could_not_be_read_is_not_replaced(bell: Doorbell, raw: bytes) -> None:
    """A newer Mersal wrote it: what is made anew is the last one that was read."""
    bell.submit(message_id="m1")
    bell.answer()
    history = bell.keys("history", conversation("c"))
    bell.redis.rpush(history, raw)
    bell.submit(message_id="again", text="", action="regenerate")
    claim = bell.taken()
    bell.commit(finished(claim, "better", replaces=claim.turns[-1].reply_id))
    assert bell.redis.lindex(history, 1) == raw
    assert [turn.text for turn in bell.snapshot().turns] == ["answer", "better"]


def test_a_regeneration_without_an_answer_leaves_the_old_one(bell: Doorbell) -> None:
    bell.submit(message_id="m1")
    bell.answer()
    bell.submit(message_id="again", text="", action="regenerate")
    claim = bell.taken()
    replaces = claim.turns[-1].reply_id
    bell.commit(finished(claim, "", "failed", remember=False, replaces=replaces))
    assert [turn.text for turn in bell.snapshot().turns] == ["answer"]
    assert [reply.outcome for reply in bell.replies()] == ["answered", "failed"]


def test_a_user_is_told_of_dropped_turns_once(bell: Doorbell) -> None:
    bell.submit()
    claim = bell.taken()
    assert not claim.told
    bell.commit(finished(claim, told=True))
    bell.submit()
    claim = bell.taken()
    assert claim.told
    bell.commit(finished(claim))
    bell.submit()
    assert bell.taken().told
    bell.kill_holders()
    bell.forget()
    bell.submit()
    assert not bell.taken().told


def test_pieces_are_kept_as_the_text_so_far(bell: Doorbell) -> None:
    bell.submit()
    claim = bell.taken()
    for offset, piece in ((0, "مر"), (2, "حبا")):
        assert bell.claims().publish(claim, delta(claim, piece, offset))
    now = bell.snapshot()
    assert (now.partial_id, now.partial) == (claim.reply_id, "مرحبا")
    bell.commit(finished(claim))
    assert bell.snapshot().partial == ""


@pytest.mark.parametrize("end", ["death", "release", "forget", "commit"])
def test_pieces_of_an_old_turn_are_no_part_of_the_next(bell: Doorbell, end: str) -> None:
    bell.submit()
    claim = bell.taken()
    assert bell.claims().publish(claim, delta(claim, "old"))
    if end == "death":
        bell.kill_holders()
    elif end == "release":
        bell.claims().release("w1.1", claim)
    elif end == "forget":
        bell.forget()
    else:
        bell.commit(finished(claim))
    bell.submit()
    again = bell.taken()
    assert bell.snapshot().partial == ""
    assert bell.claims().publish(again, delta(again, "new"))
    assert bell.snapshot().partial == "new"
