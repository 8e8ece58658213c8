"""The pool's places: nobody's are another's, what may go on is kept, the longest unused goes."""

from itertools import pairwise

from hypothesis import given, settings, strategies

from inference.slots.places import Places, common_beginning
from inference.slots.stretch import Stretch

UNIT = 4


class Memory:
    """A pool of which only the ids are stored."""

    def __init__(self, tokens: int) -> None:
        self.ids = [-1] * tokens
        self.copies = 0
        self.places = Places(tokens, UNIT, self.copy)

    def copy(self, source: int, target: int, count: int) -> None:
        assert source + count <= target or target + count <= source
        self.ids[target : target + count] = self.ids[source : source + count]
        self.copies += 1

    def take(self, ids: list[int], more: int = 0) -> tuple[Stretch, int] | None:
        taken = self.places.take(ids, len(ids) + more)
        if taken is not None:
            stretch, reused = taken
            assert self.ids[stretch.start : stretch.start + reused] == ids[:reused]
            assert reused < len(ids) <= stretch.tokens
        return taken

    def run(self, ids: list[int], more: int = 0) -> int | None:
        """Compute a row from its first id to its last; how many were reused."""
        taken = self.take(ids, more)
        if taken is None:
            return None
        stretch, reused = taken
        self.ids[stretch.start : stretch.start + len(ids)] = ids
        self.places.release(stretch, ids)
        return reused


def conversation(number: int, tokens: int = 40) -> list[int]:
    return list(range(1000 * number, 1000 * number + tokens))


def test_a_conversation_goes_on_where_it_was() -> None:
    memory = Memory(200)
    history = conversation(1)
    assert memory.run(history) == 0
    assert memory.run([*history, 5, 6, 7]) == 40
    assert memory.run(history) == 39  # its last token is computed again: what follows is not known
    assert memory.copies == 0 and memory.places.kept == 1


def test_more_conversations_are_kept_than_ever_run_and_the_longest_unused_is_forgotten() -> None:
    memory = Memory(UNIT + 4 * 40)
    for number in (1, 2, 3, 4):
        assert memory.run(conversation(number)) == 0
    assert memory.places.kept == 4
    assert memory.run(conversation(1)) == 39
    assert memory.run(conversation(5)) == 0  # in place of 2
    assert [memory.run(conversation(number)) for number in (4, 3, 1, 5)] == [39] * 4
    assert memory.run(conversation(2)) == 0


def test_a_conversation_that_needs_more_room_than_it_has_moves() -> None:
    memory = Memory(UNIT + 120)
    first, second = conversation(1), conversation(2, 20)
    memory.run(first)
    taken = memory.take(second)  # is being answered, just behind the first
    assert taken
    assert memory.run([*first, 7, 8], more=8) == 40
    assert memory.copies == 1 and memory.places.kept == 1
    memory.places.release(taken[0], [])
    assert memory.run([*first, 7, 8, 9]) == 42


def test_a_common_beginning_is_copied_and_stays_with_its_first_owner() -> None:
    memory = Memory(400)
    system = list(range(20))
    first, second = system + conversation(1), system + conversation(2)
    assert memory.run(first) == 0
    assert memory.run(second) == 20
    assert memory.run(first) == 59 and memory.run(second) == 59


def test_a_short_common_beginning_pushes_nobody_out() -> None:
    memory = Memory(400)
    memory.run([1, *conversation(1)])
    assert memory.run([1, *conversation(2)]) == 0
    assert memory.places.kept == 2


def test_rows_that_are_being_answered_are_never_forgotten() -> None:
    memory = Memory(UNIT + 80)
    running = memory.take(conversation(1))
    assert running and memory.take(conversation(2, 44)) is None
    assert memory.take(conversation(2)) is not None
    memory.places.release(running[0], conversation(1))
    assert memory.take(conversation(3)) is not None


def test_the_longest_row_fits_however_full_of_kept_ones_it_is() -> None:
    memory = Memory(UNIT + 100)
    for number in range(4):
        memory.run(conversation(number, 20))
    assert memory.run(conversation(9, memory.places.longest)) == 0


DEEDS = strategies.lists(
    strategies.tuples(
        strategies.integers(0, 4),  # whose conversation
        strategies.integers(1, 30),  # how much longer it becomes, or how much of it is left
        strategies.sampled_from(["goes on", "starts anew", "ends", "is edited"]),
    ),
    max_size=60,
)


@settings(max_examples=150, deadline=None)
@given(deeds=DEEDS, tokens=strategies.integers(60, 400))
def test_whatever_comes_and_goes_stretches_never_overlap_and_hold_what_they_say(
    deeds: list[tuple[int, int, str]], tokens: int
) -> None:
    memory = Memory(tokens)
    said: dict[int, list[int]] = {}
    running: dict[int, Stretch] = {}
    for who, count, deed in deeds:
        if who in running:
            memory.places.release(running.pop(who), said[who] if deed != "ends" else [])
            continue
        before = [] if deed == "starts anew" else said.get(who, list(range(18)))
        ids = before[: count if deed == "is edited" else None]
        ids = ids + [1000 * who + len(ids) + at for at in range(count)]
        if len(ids) > memory.places.longest:
            continue
        taken = memory.take(ids)
        if taken is None:
            assert running
            continue
        said[who], running[who] = ids, taken[0]
        memory.ids[taken[0].start : taken[0].start + len(ids)] = ids
        for one, other in pairwise(memory.places._all):
            assert UNIT <= one.start < one.end <= other.start < other.end <= tokens
    for stretch in memory.places._all:
        if stretch.kept:
            assert memory.ids[stretch.start : stretch.start + len(stretch.held)] == [*stretch.held]


@given(strategies.lists(strategies.integers(0, 2)), strategies.lists(strategies.integers(0, 2)))
def test_a_common_beginning_is_as_long_as_it_can_be(first: list[int], second: list[int]) -> None:
    count = common_beginning(first, second)
    assert first[:count] == second[:count]
    assert first[count : count + 1] != second[count : count + 1] or count == len(first)
