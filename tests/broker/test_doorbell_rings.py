"""Rings: enough of them that no work waits beside an idle thread, never more than threads."""

from kombu import Connection

from broker.connection import celery_url
from broker.envelope import RING_TASK
from tests.broker.doorbell import Doorbell, chat_of, finished, open_doorbell


def drain_rings(bell: Doorbell) -> list[dict[str, str | None]]:
    """Headers of all waiting rings, read as Celery would read them."""
    rings = []
    ring = bell.keys("ring", "demo")
    with Connection(
        celery_url(bell.settings), transport_options={"ack_emulation": False}
    ) as connection:
        queue = connection.SimpleQueue(ring, no_ack=True)
        while bell.rings():
            message = queue.get(timeout=5)
            assert message.decode() == [[], {}, dict.fromkeys(message.decode()[2])]
            rings.append({**message.headers, "tag": message.delivery_tag})
        queue.close()
    return rings


def test_kombu_reads_a_ring_as_a_celery_task(bell: Doorbell, threads: int) -> None:
    bell.submit()
    (ring,) = drain_rings(bell)
    assert ring["task"] == RING_TASK
    assert ring["ignore_result"]


def test_every_ring_has_an_id_of_its_own(bell: Doorbell, threads: int) -> None:
    for number in range(5):
        bell.submit(f"c{number}")
    first = drain_rings(bell)
    bell.sweep()
    second = drain_rings(bell)
    ids = [ring["id"] for ring in first + second]
    assert len(ids) == len(set(ids)) == 10
    assert ids == [ring["tag"] for ring in first + second]


def test_an_odd_namespace_makes_valid_rings(bell: Doorbell) -> None:
    odd = bell.settings.redis.model_copy(update={"namespace": "a%1%%:b c"})
    with open_doorbell(bell.settings.model_copy(update={"redis": odd})) as other:
        other.submit()
        (ring,) = drain_rings(other)
        assert str(ring["id"]).startswith("{a%1%%:b c}:demo:")


def test_there_are_as_many_rings_as_ready_conversations(bell: Doorbell, threads: int) -> None:
    for number in range(5):
        bell.submit(f"c{number}")
        bell.submit(f"c{number}")
    assert bell.rings() == 5


def test_there_are_never_more_rings_than_idle_threads(bell: Doorbell, threads: int) -> None:
    for number in range(50):
        bell.submit(f"c{number}", user=f"u{number}")
    assert bell.rings() == threads
    claims = [bell.taken(f"w1.{thread}") for thread in range(threads)]
    for _ in range(20):
        bell.sweep()
        bell.submit("one more")
    assert bell.rings() == threads
    # All threads are busy: rings that get lost now are not missed.
    bell.redis.delete(bell.keys("ring", "demo"))
    bell.sweep()
    assert bell.rings() == 0
    bell.commit(finished(claims[0]), "w1.0")
    assert bell.rings() == 1


def test_a_lost_ring_is_made_good_by_the_next_sweep(bell: Doorbell, threads: int) -> None:
    for number in range(3):
        bell.submit(f"c{number}")
    bell.redis.delete(bell.keys("ring", "demo"))
    bell.sweep()
    assert bell.rings() == 3


def test_rings_are_void_when_nothing_is_ready(bell: Doorbell, threads: int) -> None:
    for number in range(3):
        bell.submit(f"c{number}")
    for _ in range(3):
        bell.answer()
    assert bell.take() is None
    assert bell.rings() == 0


def test_without_any_known_worker_one_ring_waits_for_the_first(bell: Doorbell) -> None:
    for number in range(3):
        bell.submit(f"c{number}")
    assert bell.rings() == 1
    bell.sweep(worker="w1", threads=16)
    assert bell.rings() == 3


def test_a_worker_that_left_is_not_counted_on(bell: Doorbell) -> None:
    bell.claims().sweep("w1", 8, 3600)
    bell.claims().sweep("w2", 8, 3600)
    assert bell.sweep().threads == 16
    bell.claims().sweep("w2", 0, 0)
    assert bell.sweep().threads == 8


def test_a_suspect_that_ends_calls_for_itself_and_for_the_next(
    bell: Doorbell, threads: int
) -> None:
    """Its thread takes the next suspect; its conversation, which goes on, needs another."""
    bell.two_suspects()
    first = bell.taken("w1.1")
    bell.submit(chat_of(first), user=chat_of(first))
    bell.redis.delete(bell.keys("ring", "demo"))
    _, second = bell.claims().step("w1.1", finished(first), True)
    assert second is not None
    assert chat_of(second) != chat_of(first)
    assert (bell.ready_count(), bell.rings()) == (1, 1)


def test_a_released_conversation_rings(bell: Doorbell, threads: int) -> None:
    bell.submit()
    claim = bell.taken()
    bell.redis.delete(bell.keys("ring", "demo"))
    bell.claims().release("w1.1", claim)
    assert bell.rings() == 1


def test_suspects_that_wait_for_their_turn_alone_ring_for_nobody(
    bell: Doorbell, threads: int
) -> None:
    """Else every idle thread would be called again and again, for nothing."""
    bell.two_suspects()
    first = bell.taken("w1.1")
    bell.redis.delete(bell.keys("ring", "demo"))
    assert bell.take("w1.2") is None
    bell.sweep()
    assert bell.rings() == 0
    bell.commit(finished(first), "w1.1")
    assert bell.rings() == 1
    bell.taken("w1.2")
