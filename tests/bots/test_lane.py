import asyncio

from bots.lane import Lane


async def test_items_are_handled_one_by_one_in_their_order() -> None:
    handled: list[int] = []

    async def handle(item: int) -> None:
        await asyncio.sleep(0.001 * (3 - item))
        handled.append(item)

    lane = Lane(handle, join=lambda waiting, new: None, emptied=lambda: None)
    for item in range(3):
        lane.put(item)
    await lane.task
    assert handled == [0, 1, 2]


async def test_what_waits_is_joined_while_the_handler_is_busy() -> None:
    handled: list[str] = []
    free = asyncio.Event()

    async def handle(item: str) -> None:
        handled.append(item)
        await free.wait()

    lane = Lane(handle, join=lambda waiting, new: waiting + new, emptied=lambda: None)
    lane.put("a")
    await asyncio.sleep(0)
    for item in "bcd":
        lane.put(item)
    free.set()
    await lane.task
    assert handled == ["a", "bcd"]


async def test_a_lane_ends_when_it_is_empty_and_says_so() -> None:
    ended: list[bool] = []

    async def handle(item: int) -> None:
        await asyncio.sleep(0)

    lane = Lane(handle, join=lambda waiting, new: None, emptied=lambda: ended.append(True))
    lane.put(1)
    await lane.task
    assert ended == [True]
