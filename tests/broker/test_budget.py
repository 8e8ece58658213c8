"""The budget: limits hold, urgent calls wait, others go now or never."""

import asyncio
import time

from redis.asyncio import Redis

from broker.budget import Budget, Limit
from broker.settings import Settings

WHOLE = Limit("whole", 1000, 1.0)


def most_within(times: list[float], window_s: float) -> int:
    """The largest number of calls in any window of this length."""
    return max(sum(t <= other < t + window_s for other in times) for t in times)


async def test_urgent_calls_wait_so_that_no_window_holds_too_many(
    redis: Redis, settings: Settings
) -> None:
    budget, times = Budget(redis, settings, WHOLE), list[float]()
    chat = Limit("chat", 2, 0.2)

    async def call() -> None:
        await budget.wait("chat", chat)
        times.append(time.monotonic())

    await asyncio.gather(*(call() for _ in range(8)))
    # Waking up a little late or early is the event loop's, not the budget's.
    assert most_within(times, 0.15) <= 2
    assert max(times) - min(times) >= 0.5


async def test_the_whole_limit_holds_over_all_chats(redis: Redis, settings: Settings) -> None:
    budget = Budget(redis, settings, Limit("whole", 5, 0.3))
    other, times = Budget(redis, settings, Limit("whole", 5, 0.3)), list[float]()

    async def call(number: int) -> None:
        spender = budget if number % 2 else other  # as two processes would
        await spender.wait(f"chat{number}", Limit(f"chat{number}", 1, 1.0))
        times.append(time.monotonic())

    await asyncio.gather(*(call(number) for number in range(15)))
    assert max(times) - min(times) >= 0.5


async def test_a_spare_call_goes_now_or_never(redis: Redis, settings: Settings) -> None:
    budget, chat = Budget(redis, settings, WHOLE), Limit("chat", 4, 60)
    spare = [await budget.spare("chat", chat) for _ in range(4)]
    assert spare == [True, True, False, False]  # half is left to what is urgent
    assert await budget.wait("chat", chat) == 0
    assert await budget.wait("chat", chat) == 0


async def test_nothing_spare_goes_while_something_urgent_waits(
    redis: Redis, settings: Settings
) -> None:
    budget, chat = Budget(redis, settings, WHOLE), Limit("chat", 1, 1.0)
    assert await budget.spare("chat", chat)
    urgent = asyncio.create_task(budget.wait("chat", chat))
    granted = []
    while not urgent.done():
        granted.append(await budget.spare("chat", chat))
        await asyncio.sleep(0.005)
    assert not any(granted[:-1])


async def test_a_pause_holds_one_chat_and_no_other(redis: Redis, settings: Settings) -> None:
    budget = Budget(redis, settings, WHOLE)
    await budget.pause("banned", 0.4)
    assert not await budget.spare("banned", Limit("banned", 9, 1))
    started = time.monotonic()
    await budget.wait("free", Limit("free", 9, 1))
    assert time.monotonic() - started < 0.3
    await budget.wait("banned", Limit("banned", 9, 1))
    assert time.monotonic() - started >= 0.35


async def test_a_slow_call_counts_from_when_it_came_back(redis: Redis, settings: Settings) -> None:
    budget, chat = Budget(redis, settings, WHOLE), Limit("chat", 1, 0.3)
    await budget.wait("chat", chat)
    await asyncio.sleep(0.4)
    await budget.took(chat)
    assert await budget.wait("chat", chat) > 0.1
