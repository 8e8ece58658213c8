"""Who is computed next: users take turns, no prompt stops an answer, no memory is overdrawn."""

from inference.engine import Sampling
from inference.history import Fit
from inference.slots.part import Part
from inference.slots.places import Places
from inference.slots.row import Row
from inference.slots.scheduler import RECOVERY_STEPS, Scheduler


def row(tokens: int, user: str = "", first: int = 0) -> Row:
    return Row(Fit(tuple(range(first, first + tokens)), 5, 0), Sampling(), 0, user)


def scheduler(slots: int, step_tokens: int, tokens: int = 4096) -> Scheduler:
    places = Places(tokens, 1, lambda *_: None)
    return Scheduler(slots, step_tokens, places, lambda *_: None)


def planned(one: Scheduler) -> dict[Row, int]:
    one.admit()
    return {part.row: part.count for part in one.plan()}


def answer(parts: list[Part] | dict[Row, int]) -> None:
    """The rows are fed, and each that has come to its end gets a token."""
    pairs = parts.items() if isinstance(parts, dict) else [(p.row, p.count) for p in parts]
    for one, count in pairs:
        one.stored += count
        if not one.unstored:
            one.ids.append(1)


def test_one_users_rows_wait_in_order_of_arrival() -> None:
    one = scheduler(slots=1, step_tokens=8)
    rows = [row(3) for _ in range(3)]
    for waiting in rows:
        one.add(waiting)
    for waiting in rows:
        assert list(planned(one)) == [waiting]
        one.remove(waiting)
    assert one.idle and planned(one) == {}


def test_users_take_turns() -> None:
    one = scheduler(slots=1, step_tokens=8)
    many = [row(3, "busy") for _ in range(4)]
    for waiting in many:
        one.add(waiting)
    lone = row(3, "lone")
    one.add(lone)
    order = []
    while not one.idle:
        (running,) = planned(one)
        order.append(running)
        one.remove(running)
    assert order == [many[0], lone, *many[1:]]


def test_a_row_that_leaves_the_line_takes_nobodys_turn() -> None:
    one = scheduler(slots=1, step_tokens=8)
    first, second, other = row(3, "a"), row(3, "a"), row(3, "b")
    for waiting in (first, second, other):
        one.add(waiting)
    one.remove(second)
    assert one.waiting == 2 and list(planned(one)) == [first]


def test_answers_go_on_while_prompts_are_read_in_pieces() -> None:
    one = scheduler(slots=4, step_tokens=8)
    answering, long, longer, late = row(4), row(20), row(40), row(2)
    one.add(answering)
    answer(planned(one))
    for waiting in (long, longer, late):
        one.add(waiting)
    assert planned(one) == {answering: 1, long: 5, late: 2}  # who waits longest gets half


def test_answers_leave_prompts_a_quarter_of_a_step() -> None:
    one = scheduler(slots=20, step_tokens=8)
    for _ in range(19):
        one.add(row(1))
    long = row(20)
    one.add(long)
    plan = planned(one)
    assert plan[long] == 2 and len(plan) == 20


def test_a_long_prompt_is_read_to_its_end_whoever_passes_it() -> None:
    one = scheduler(slots=4, step_tokens=8)
    long = row(100)
    one.add(long)
    for _ in range(25):
        one.add(row(8))
        plan = planned(one)
        answer(plan)
        for passing in [r for r in plan if r is not long]:
            one.remove(passing)
    assert long.unstored == 1


def test_a_row_waits_until_there_is_room_and_nobody_passes_it() -> None:
    one = scheduler(slots=4, step_tokens=8, tokens=41)
    running, large, small = row(20), row(25, first=100), row(7, first=200)
    for waiting in (running, large, small):
        one.add(waiting)
    assert list(planned(one)) == [running]
    one.remove(running)
    assert list(planned(one)) == [large]
    assert one.waiting == 1


def test_after_a_step_of_too_much_memory_rows_take_turns_until_many_went_well() -> None:
    one = scheduler(slots=8, step_tokens=16)
    rows = [row(1) for _ in range(8)]
    for waiting in rows:
        one.add(waiting)
    answer(planned(one))
    assert one.shrink(8)
    assert one.shrink(4) and not one.shrink(2)
    fed = [planned(one) for _ in range(8)]
    assert all(len(plan) == 1 for plan in fed)
    assert {r for plan in fed for r in plan} == set(rows)
    for _ in range(3 * RECOVERY_STEPS):
        one.went_well()
    assert len(planned(one)) == 8
