"""Bots killed at random instants, and floods: what was lost, repeated, reordered, or caused."""

import asyncio
import json
import random
import re
import time
from collections import Counter
from pathlib import Path

import pytest

from broker.settings import Settings
from inference.echo import EchoEngine
from tests.channels.bot import Bots
from tests.channels.bot_process import BotProcess
from tests.channels.worker import Talkative
from tests.chaos.fleet import Fleet
from tests.chaos.worker import Character
from tests.patience import until
from tests.slack.platform import Platform
from tests.slack.rates import Rates
from tests.slack.workspace import Channel, Message
from tests.workers.worker_in_thread import working

NOTHING = {"lost": 0, "repeated": 0, "reordered": 0, "torn": 0}
QUESTION = re.compile(r"question \d+ of \d+\.")


class Talk:
    """A thread, and what was asked in it."""

    def __init__(self, number: int, channel: Channel) -> None:
        self.number = number
        self.channel = channel
        self.thread = ""
        self.asked: list[str] = []

    def ask(self, slack: Platform) -> Message:
        text = f"question {len(self.asked)} of {self.number}."
        self.asked.append(text)
        said = slack.say(
            self.channel.id, text if self.thread else f"@mersal {text}", thread_ts=self.thread
        )
        self.thread = self.thread or said.ts
        return said


def tally(slack: Platform, talks: list[Talk]) -> dict[str, int]:
    """Count over all threads: questions without an answer, with several, out of order; and
    messages of the bot that hold no whole answer."""
    result = dict(NOTHING)
    for talk in talks:
        answers = [QUESTION.findall(one) for one in slack.said(talk.channel, talk.thread)]
        found = [question for answer in answers for question in answer]
        counts = Counter(found)
        result["lost"] += sum(counts[question] == 0 for question in talk.asked)
        result["repeated"] += sum(max(0, counts[question] - 1) for question in talk.asked)
        result["reordered"] += list(dict.fromkeys(found)) != [q for q in talk.asked if counts[q]]
        result["torn"] += sum(not answer for answer in answers)
        result["torn"] += sum(one.streaming for one in slack.answers(talk.channel, talk.thread))
    return result


async def kill_while_chatting(
    slack: Platform, settings: Settings, folder: Path, channels: int, each: int, kills: int
) -> dict[str, int]:
    """Three threads a channel, `each` messages a thread, and the bot killed again and again.

    Slack brings an event again when it was not acknowledged, so what was written next may come
    first: people write on when Slack has been told that the bot has what they wrote.
    """
    chance = random.Random()
    # Sooner and oftener than Slack: a bot that is dead each time loses what Slack gives up.
    slack.courier.retry_after_s = (0.05, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 32.0)
    bot = BotProcess("slack", settings, folder)
    rooms = [slack.atay.open(f"C{n}", "channel", f"c{n}") for n in range(10, 10 + channels)]
    talks = [Talk(number, rooms[number % channels]) for number in range(3 * channels)]

    async def write(talk: Talk) -> None:
        for left in range(each, 0, -1):
            before = len(slack.courier.deliveries)
            ts = talk.ask(slack).ts
            mine = [one for one in slack.courier.deliveries[before:]
                    if one.payload["event"]["ts"] == ts]  # fmt: skip
            await until(lambda: any(one.acknowledged or one.given_up for one in mine), 150)  # noqa: B023
            assert not any(one.given_up for one in mine)
            await asyncio.sleep(chance.uniform(0.2, 2.4) if left > 1 else 0)

    def latest() -> float:
        return max((one.at for talk in talks for one in slack.answers(talk.channel)), default=0.0)

    async def kill() -> None:
        for _ in range(kills):
            seen, since = latest(), time.monotonic()
            await until(lambda: slack.courier.sockets, 90)
            # On a slow machine a start takes long: it must live as long, or Slack gives up.
            rest_s = time.monotonic() - since
            await until(lambda since=seen: latest() > since, 90)  # type: ignore[misc]
            await asyncio.sleep(chance.uniform(0, 0.5 + rest_s))
            bot.kill()
            bot.start()

    bot.start()
    try:
        await until(lambda: slack.courier.sockets, 60)
        await asyncio.gather(kill(), *(write(talk) for talk in talks))
        await until(lambda: not tally(slack, talks)["lost"], 500)
        await until(lambda: not tally(slack, talks)["torn"], 60)
        await asyncio.sleep(1.5)  # what would be repeated comes now
    finally:
        bot.close()
    assert not any(one.given_up for one in slack.courier.deliveries)
    return tally(slack, talks)


async def test_a_bot_that_is_killed_loses_repeats_and_reorders_nothing(
    slack: Platform, chat_settings: Settings, tmp_path: Path
) -> None:
    with working(EchoEngine(delay_s=0.3), chat_settings, threads=6):
        result = await kill_while_chatting(slack, chat_settings, tmp_path, 2, 3, 2)
    assert result == NOTHING


@pytest.mark.slow
@pytest.mark.timeout(900)
async def test_300_messages_in_30_threads_survive_a_bot_killed_ten_times(
    slack: Platform, chat_settings: Settings, tmp_path: Path
) -> None:
    slack.rates = Rates()  # the platform's limits hold
    limits = {"posts_per_s": 1, "tier_share": 1.0, "overall_per_s": 30, "show_every_s": 1.5}
    settings = chat_settings.model_copy(
        update={"slack": chat_settings.slack.model_copy(update=limits)}
    )
    with Fleet(settings, tmp_path / "workers.log", 2, Character(delay_s=0.5)):
        result = await kill_while_chatting(slack, settings, tmp_path, 10, 10, 10)
    print(json.dumps({**result, "floods": len(slack.rates.refused)}))
    assert result == NOTHING


async def flood(
    slack: Platform,
    settings: Settings,
    bots: Bots,
    channels: int,
    threads: int,
    paragraphs: int,
    delay_s: float,
) -> dict[str, object]:
    """Everybody asks at once for a long answer; Slack's own limits hold."""
    slack.rates = Rates()
    limits = {"posts_per_s": 1, "tier_share": 1.0, "overall_per_s": 30, "show_every_s": 1.5}
    settings = settings.model_copy(
        update={
            "worker": settings.worker.model_copy(update={"max_new_tokens": 100_000}),
            "turn": settings.turn.model_copy(update={"lease_s": 20.0, "deadline_s": 400.0}),
            "slack": settings.slack.model_copy(update={**limits, "timeout_s": 20.0}),
        }
    )
    rooms = [slack.atay.open(f"C{n}", "channel", f"c{n}") for n in range(10, 10 + channels)]
    started = asyncio.get_running_loop().time()
    asked = []
    engine = Talkative(paragraphs, 5, delay_s)
    with working(engine, settings, threads=channels * threads):
        async with bots(settings):
            for room in rooms:
                for number in range(threads):
                    asked.append((room, slack.say(room.id, f"@mersal سؤال {number}").ts, number))
            await until(lambda: all(_finished(slack, *one) for one in asked), 500)
            seconds = round(asyncio.get_running_loop().time() - started, 1)
            await until(lambda: not any(one.streaming for r in rooms for one in slack.answers(r)))
            # Slack takes fifty changes of a session a minute.
            await until(lambda: "processing" not in slack.atay.sessions.values(), 150)
    methods = Counter(method for method, _ in slack.calls)
    whole = [slack.said(room, ts) for room, ts, _ in asked]
    return {
        "final_answers": sum(engine.is_whole(parts) for parts in whole),
        "messages": sum(len(parts) for parts in whole),
        "characters": max(sum(map(len, parts)) for parts in whole),
        "streams": methods["chat.startStream"],
        "appends": methods["chat.appendStream"],
        "floods": list(slack.rates.refused),
        "refused": list(slack.refused),
        "seconds": seconds,
    }


def _finished(slack: Platform, room: Channel, thread: str, number: int) -> bool:
    return any(one.endswith(f"سؤال {number}") for one in slack.said(room, thread))


async def test_a_flood_delivers_every_final_answer_and_causes_no_429(
    slack: Platform, chat_settings: Settings, bots: Bots
) -> None:
    result = await flood(slack, chat_settings, bots, 5, 2, 80, 150.0)
    assert (result["final_answers"], result["floods"], result["refused"]) == (10, [], [])
    assert result["messages"] == 20


@pytest.mark.slow
@pytest.mark.timeout(900)
async def test_100_threads_stream_long_answers_at_once(
    slack: Platform, chat_settings: Settings, bots: Bots
) -> None:
    result = await flood(slack, chat_settings, bots, 10, 10, 110, 500.0)
    print(json.dumps(result))
    assert (result["final_answers"], result["floods"], result["refused"]) == (100, [], [])
