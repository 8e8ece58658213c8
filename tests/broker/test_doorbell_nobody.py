"""Where no worker runs the model, messages are kept and their users told, once."""

import time

import pytest

from tests.broker.doorbell import MODEL, Doorbell


def last_seen(bell: Doorbell, ago_s: float) -> None:
    bell.redis.zadd(bell.keys("living", "all"), {MODEL: time.time() - ago_s})


def test_whoever_writes_where_no_worker_is_left_is_told_once(bell: Doorbell) -> None:
    last_seen(bell, 61)
    receipts = [bell.submit() for _ in range(3)]
    assert [receipt.kept for receipt in receipts] == [True] * 3
    assert [receipt.nobody for receipt in receipts] == [True, False, False]
    assert bell.submit("another", user="v").nobody


def test_a_worker_that_starts_again_is_not_missed(bell: Doorbell) -> None:
    last_seen(bell, 50)
    assert not bell.submit().nobody
    last_seen(bell, 61)
    assert bell.submit().nobody  # it has not come


def test_where_there_never_was_a_worker_it_is_waited_for(bell: Doorbell) -> None:
    assert not bell.submit().nobody
    bell.redis.hset(bell.keys("clock", MODEL), "asked_at", time.time() - 61)
    assert bell.submit().nobody
    bell.sweep(worker="w1", threads=4)
    assert not bell.submit("another").nobody


@pytest.mark.parametrize("end", ["answer", "forget"])
def test_after_the_next_answer_it_is_said_again(bell: Doorbell, end: str) -> None:
    last_seen(bell, 61)
    bell.submit()
    if end == "answer":
        bell.answer()
    else:
        bell.forget()
    assert bell.submit().nobody


def test_while_an_answer_is_written_nobody_is_missed(bell: Doorbell) -> None:
    bell.submit()
    bell.taken()
    last_seen(bell, 61)
    assert not bell.submit().nobody
