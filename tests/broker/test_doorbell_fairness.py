"""Fair order: users take turns, whatever they throw at the queue."""

from tests.broker.doorbell import Doorbell, chat_of, finished


def serve_all(bell: Doorbell) -> list[str]:
    """Chats in the order in which they are served."""
    order = []
    while (claim := bell.take()) is not None:
        order.append(chat_of(claim))
        bell.commit(finished(claim))
    return order


def test_one_users_fifty_conversations_delay_nobody(bell: Doorbell) -> None:
    for number in range(50):
        bell.submit(f"flood{number}", user="flooder")
    for user in ("anna", "badr", "chafik"):
        bell.submit(user, user=user)
    order = serve_all(bell)
    assert set(order[:4]) == {"flood0", "anna", "badr", "chafik"}
    assert len(order) == 53


def test_users_take_turns_round_robin(bell: Doorbell) -> None:
    for user in ("anna", "badr", "chafik"):
        for number in range(3):
            bell.submit(f"{user}{number}", user=user)
    order = serve_all(bell)
    for start in (0, 3, 6):
        assert {chat[:-1] for chat in order[start : start + 3]} == {"anna", "badr", "chafik"}


def test_a_users_own_conversations_are_served_in_their_order(bell: Doorbell) -> None:
    for number in range(5):
        bell.submit(f"c{number}", user="anna")
    assert serve_all(bell) == ["c0", "c1", "c2", "c3", "c4"]


def test_who_was_served_a_moment_ago_does_not_overtake(bell: Doorbell) -> None:
    for user in ("anna", "badr", "chafik"):
        bell.submit(user, user=user)
    first = bell.answer()[0]
    bell.submit(first + "-again", user=first)
    assert serve_all(bell)[-1] == first + "-again"


def test_who_was_away_for_long_saves_up_no_credit(bell: Doorbell) -> None:
    for number in range(30):
        bell.submit(f"c{number}", user="busy")
    for _ in range(20):
        bell.answer()
    for number in range(10):
        bell.submit(f"late{number}", user="late")
    order = serve_all(bell)
    assert sum(chat.startswith("late") for chat in order[:10]) == 5


def test_a_user_who_writes_without_pause_waits_in_turn_like_others(bell: Doorbell) -> None:
    bell.submit("flood", user="flooder")
    claim = bell.taken()
    for number in range(10):
        bell.submit("flood", user="flooder")
        bell.submit(f"other{number}", user=f"other{number}")
    bell.commit(finished(claim))
    order = serve_all(bell)
    assert len(order) == 11
    assert order.count("flood") == 1


def test_what_went_wrong_in_one_users_lane_stays_there(bell: Doorbell) -> None:
    bell.submit("a", user="anna")
    bell.submit("b", user="badr")
    bell.redis.delete(bell.keys("lane", "demo:web:anna"))  # as if it had expired
    assert serve_all(bell) == ["b"]
    assert bell.ready_count() == 0


def test_a_lane_whose_place_in_the_round_expired_is_served_again(bell: Doorbell) -> None:
    """Workers were away for longer than queues are kept."""
    bell.submit("a", user="anna")
    bell.redis.delete(bell.keys("ready", "demo"), bell.keys("clock", "demo"))
    bell.submit("b", user="anna")
    assert sorted(serve_all(bell)) == ["a", "b"]


def test_the_count_of_ready_conversations_heals(bell: Doorbell, threads: int) -> None:
    bell.submit("a", user="anna")
    bell.redis.hset(bell.keys("clock", "demo"), "ready", -5)
    bell.redis.delete(bell.keys("ring", "demo"))
    assert bell.sweep().ready == 1
    assert bell.rings() == 1
    assert serve_all(bell) == ["a"]
    assert bell.ready_count() == 0
