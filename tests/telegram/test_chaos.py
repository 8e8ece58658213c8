"""Bots killed at random instants, and floods: what was lost, repeated, reordered, or caused."""

import asyncio
import json
import random
from collections import Counter
from pathlib import Path

import pytest

from broker.settings import Settings
from inference.echo import EchoEngine
from tests.channels.bot import Bots
from tests.channels.bot_process import BotProcess
from tests.channels.worker import Talkative
from tests.patience import until
from tests.telegram.platform import Platform
from tests.telegram.rates import Rates
from tests.workers.worker_in_thread import working


def tally(telegram: Platform, asked: dict[int, list[str]]) -> dict[str, int]:
    """Count over all chats: questions without an answer, with several, out of order."""
    lost = repeated = reordered = 0
    for chat, questions in asked.items():
        lines = [line for text in telegram.said(chat) for line in text.splitlines()]
        counts = Counter(lines)
        lost += sum(counts[question] == 0 for question in questions)
        repeated += sum(max(0, counts[question] - 1) for question in questions)
        first = list(dict.fromkeys(line for line in lines if line in questions))
        reordered += first != [question for question in questions if question in counts]
    return {"lost": lost, "repeated": repeated, "reordered": reordered}


async def kill_while_chatting(
    telegram: Platform, settings: Settings, folder: Path, chats: int, each: int, kills: int
) -> dict[str, int]:
    """Let `chats` people write `each` messages, and kill the bot again and again meanwhile."""
    chance = random.Random()
    bot = BotProcess("telegram", settings, folder)
    asked: dict[int, list[str]] = {chat: [] for chat in range(1, chats + 1)}
    killed = 0

    async def write(chat: int) -> None:
        for number in range(each):
            # However slowly bots start here, each of them finds something to answer.
            await until(lambda due=number * kills // each: killed >= due, 900)  # type: ignore[misc]
            question = f"question {number} of {chat}"
            asked[chat].append(question)
            telegram.say(chat, question)
            await asyncio.sleep(chance.uniform(0.2, 2.4) if number + 1 < each else 0)

    async def kill() -> None:
        nonlocal killed
        for _ in range(kills):
            ready = telegram.sent[-1].at if telegram.sent else 0
            await until(lambda since=ready: telegram.sent and telegram.sent[-1].at > since, 120)  # type: ignore[misc]
            await asyncio.sleep(chance.uniform(0, 0.5))
            bot.kill()
            bot.start()
            killed += 1

    bot.start()
    try:
        await asyncio.gather(kill(), *(write(chat) for chat in asked))
        await until(lambda: not tally(telegram, asked)["lost"], 500)
        await asyncio.sleep(1.5)  # what would be repeated comes now
    finally:
        bot.close()
    assert killed == kills
    return tally(telegram, asked)


NOTHING = {"lost": 0, "repeated": 0, "reordered": 0}


async def test_a_bot_that_is_killed_loses_repeats_and_reorders_nothing(
    telegram: Platform, chat_settings: Settings, tmp_path: Path, echo: EchoEngine
) -> None:
    result = await kill_while_chatting(telegram, chat_settings, tmp_path, 8, 4, 2)
    assert result == NOTHING
    assert not telegram.refused or all("editMessageText" in line for line in telegram.refused)


@pytest.mark.slow
@pytest.mark.timeout(900)
async def test_300_messages_in_30_chats_survive_a_bot_killed_ten_times(
    telegram: Platform, chat_settings: Settings, tmp_path: Path, echo: EchoEngine
) -> None:
    telegram.rates = Rates()  # the platform's limits hold
    limits = {"private_per_s": 1, "overall_per_s": 30}
    settings = chat_settings.model_copy(
        update={"telegram": chat_settings.telegram.model_copy(update=limits)}
    )
    result = await kill_while_chatting(telegram, settings, tmp_path, 30, 10, 10)
    found = {"looks": len(telegram.refused), "floods": len(telegram.rates.refused)}
    print(json.dumps({**result, **found}))
    assert result == NOTHING


async def flood(
    telegram: Platform, settings: Settings, bots: Bots, chats: int, paragraphs: int
) -> dict[str, object]:
    """Everybody asks at once for a long answer; the platform's own limits hold."""
    telegram.rates = Rates()
    wide = settings.worker.model_copy(update={"max_new_tokens": 100_000})
    settings = settings.model_copy(
        update={
            "worker": wide,
            "turn": settings.turn.model_copy(update={"lease_s": 20.0, "deadline_s": 400.0}),
            "telegram": settings.telegram.model_copy(
                update={
                    "private_per_s": 1,
                    "overall_per_s": 30,
                    "show_every_s": 1.5,
                    "timeout_s": 20.0,
                }
            ),
        }
    )
    started = asyncio.get_running_loop().time()
    engine = Talkative(paragraphs, 4, 500.0)
    with working(engine, settings, threads=chats):
        async with bots(settings):
            for chat in range(1, chats + 1):
                telegram.say(chat, f"سؤال {chat}")
            await until(
                lambda: all(
                    telegram.said(chat) and telegram.said(chat)[-1].endswith(f"سؤال {chat}")
                    for chat in range(1, chats + 1)
                ),
                300,
            )
    methods = Counter(method for method, _ in telegram.calls)
    return {
        "final_answers": sum(engine.is_whole(telegram.said(chat)) for chat in range(1, chats + 1)),
        "messages": methods["sendMessage"],
        "drafts": methods["sendMessageDraft"],
        "floods": len(telegram.rates.refused),
        "floods_whole": telegram.rates.refused.count("whole"),
        "seconds": round(asyncio.get_running_loop().time() - started, 1),
    }


async def test_a_flood_delivers_every_final_answer_and_causes_no_429(
    telegram: Platform, chat_settings: Settings, bots: Bots
) -> None:
    result = await flood(telegram, chat_settings, bots, chats=15, paragraphs=50)
    assert (result["final_answers"], result["floods"]) == (15, 0)
    assert result["messages"] == 30 and not telegram.refused


@pytest.mark.slow
@pytest.mark.timeout(900)
async def test_100_chats_stream_long_answers_at_once(
    telegram: Platform, chat_settings: Settings, bots: Bots
) -> None:
    result = await flood(telegram, chat_settings, bots, chats=100, paragraphs=110)
    print(json.dumps(result))
    assert (result["final_answers"], result["floods"]) == (100, 0)
    assert not telegram.refused
