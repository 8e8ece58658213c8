"""What breaks, breaks for one channel and for a while."""

import random
import time
from itertools import pairwise
from typing import Any

import pytest

from bots.slack import sending
from broker.settings import Settings
from inference.echo import EchoEngine
from tests.channels.bot import Bots
from tests.patience import until
from tests.redis_process import RedisProcess
from tests.slack.outage import say_while_redis_is_away
from tests.slack.platform import AMINA, SECRET, SOUK, Failure, Platform
from tests.slack.server import SlackServer
from tests.slack.workspace import Message
from tests.workers.worker_in_thread import working

KINDS: list[Failure] = ["500", "lost", "dropped", "429"]


def once(kinds: dict[str, Failure]) -> Any:
    """Fail the first call of each method that writes to a channel, as the channel's kind says."""
    done: set[tuple[str, str]] = set()

    def fail(method: str, given: dict[str, Any]) -> Failure | None:
        place = given.get("channel", "")
        if place not in kinds or not method.startswith("chat.") or (method, place) in done:
            return None
        done.add((method, place))
        return kinds[place]

    return fail


def numbers(slack: Platform, channel: str) -> list[str]:
    """The last word of each answer in a channel."""
    return [one.split()[-1] for one in slack.said(slack.atay.channels[channel]) if one]


@pytest.mark.parametrize("streaming", [False, True])
async def test_sends_that_fail_are_neither_lost_nor_repeated(
    streaming: bool, slack: Platform, chat_settings: Settings, bots: Bots
) -> None:
    kinds = {slack.atay.open(f"C1{kind}", "channel").id: kind for kind in (*KINDS, "hang")}
    slack.fail = once(kinds)  # type: ignore[arg-type]
    ours = {"streaming": streaming, "timeout_s": 0.6}
    settings = chat_settings.model_copy(
        update={"slack": chat_settings.slack.model_copy(update=ours)}
    )
    asked: dict[str, str] = {}
    with working(EchoEngine(delay_s=0.5 if streaming else 0.0), settings):
        async with bots(settings):
            for word in ("one", "two"):
                for place in kinds:
                    said = f"{word} of the many that are asked in {place} {word}"
                    ts = slack.say(place, f"@mersal {said}", thread_ts=asked.get(place, "")).ts
                    asked.setdefault(place, ts)
                await until(lambda w=word: all(w in numbers(slack, one) for one in kinds))  # type: ignore[misc]
            streams = [one for place in kinds for one in slack.answers(slack.atay.channels[place])]
            await until(lambda: not any(one.streaming for one in streams))
    assert {place: numbers(slack, place) for place in kinds} == dict.fromkeys(kinds, ["one", "two"])
    assert any(one.streamed for one in streams) == streaming


async def test_a_channel_that_slack_slows_down_waits_as_long_as_it_says_and_alone(
    slack: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    secret, tried_at = slack.atay.channels[SECRET], list[float]()

    def fail(method: str, given: dict[str, Any]) -> Failure | None:
        """Until the other channel has its answer."""
        if method != "chat.postMessage" or given["channel"] != SOUK:
            return None
        tried_at.append(time.monotonic())
        return None if slack.said(secret) and len(tried_at) > 1 else "429"

    slack.fail = fail
    ours = chat_settings.slack.model_copy(update={"streaming": False})
    async with bots(chat_settings.model_copy(update={"slack": ours})):
        slack.say(SOUK, "@mersal slow")
        await until(lambda: tried_at)
        slack.say(SECRET, "@mersal elsewhere")
        await until(lambda: numbers(slack, SOUK) == ["slow"])
    pauses = [later - sooner for sooner, later in pairwise(tried_at)]
    assert pauses and min(pauses) > 0.95  # Retry-After: 1


async def test_an_answer_waits_for_posts_that_fail_however_often_and_comes_once(
    slack: Platform,
    chat_settings: Settings,
    bots: Bots,
    echo: EchoEngine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sending, "PAUSE_S", 0.1)
    broken: list[Failure] = ["lost", "500", "500", "500", "500", "500"]  # "lost" takes effect

    def fail(method: str, _: dict[str, Any]) -> Failure | None:
        return broken.pop() if broken and method == "chat.postMessage" else None

    slack.fail = fail
    ours = chat_settings.slack.model_copy(update={"streaming": False})
    async with bots(chat_settings.model_copy(update={"slack": ours})):
        asked = slack.say(SOUK, "@mersal before")
        await until(lambda: numbers(slack, SOUK) == ["before"])
        slack.say(SOUK, "after", thread_ts=asked.ts)
        await until(lambda: "after" in numbers(slack, SOUK))
    assert not broken
    assert numbers(slack, SOUK) == ["before", "after"]


async def test_an_answer_that_is_given_up_leaves_no_sign_of_writing(
    slack: Platform, chat_settings: Settings, bots: Bots, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "PAUSE_S", 0.05)
    slack.scopes.discard("channels:history")  # what may have arrived cannot be read back
    slack.fail = lambda method, given: "500" if method == "chat.postMessage" else None
    ours = chat_settings.slack.model_copy(update={"streaming": False})
    with working(EchoEngine(delay_s=1.0), chat_settings):
        async with bots(chat_settings.model_copy(update={"slack": ours})):
            asked = slack.say(SOUK, "@mersal salam")
            key = (SOUK, asked.ts)
            await until(lambda: slack.atay.sessions.get(key) == "processing")
            await until(lambda: slack.atay.sessions.get(key) == "active")
    shown = [given["status"] for name, given in slack.calls if name.endswith("threads.setStatus")]
    assert shown[-1] == ""


async def test_a_stream_that_may_have_begun_is_found_and_nothing_else_taken_for_it(
    slack: Platform, chat_settings: Settings, bots: Bots
) -> None:
    team, souk = slack.atay, slack.atay.channels[SOUK]
    slack.fail = once({SOUK: "lost"})  # what begins the stream takes effect, unknown to us
    with working(EchoEngine(delay_s=1.0), chat_settings):
        async with bots(chat_settings):
            start = slack.say(SOUK, "شكون جاي؟")
            old = Message(team.next_ts(), team.bot_user, ["said before"], start.ts, by_bot=True)
            team.keep(souk, old)
            slack.say(SOUK, "@mersal واحد جوج تلاتة ربعة end", thread_ts=start.ts)
            await until(lambda: numbers(slack, SOUK)[-1] == "end")
    before, answer = slack.answers(souk)
    assert before.texts == ["said before"] and answer.streamed


async def test_a_stream_that_slack_closes_is_finished_without_loss(
    slack: Platform, chat_settings: Settings, bots: Bots
) -> None:
    slack.stream_s = 0.5
    souk = slack.atay.channels[SOUK]
    words = " ".join(f"كلمة{n}" for n in range(60))
    with working(EchoEngine(delay_s=1.5), chat_settings):
        async with bots(chat_settings):
            slack.say(SOUK, f"@mersal {words}")
            await until(lambda: any(one.endswith("كلمة59") for one in slack.said(souk)))
    (answer,) = slack.answers(souk)
    assert answer.streamed and words in answer.seen
    assert any("message_not_in_streaming_state" in line for line in slack.refused)


SIGNS = {
    "agents.sessions.setStatus",
    "assistant.threads.setStatus",
    "assistant.threads.setTitle",
    "users.info",
}


@pytest.mark.parametrize(
    ("kind", "away"),
    [("500", {*SIGNS, "chat.startStream"}), ("429", {*SIGNS, "chat.appendStream"})],
)
async def test_a_long_outage_of_what_is_no_message_delays_no_answer(
    kind: Failure, away: set[str], slack: Platform, chat_settings: Settings, bots: Bots
) -> None:
    slack.fail = lambda method, _: kind if method in away else None
    with working(EchoEngine(delay_s=0.5), chat_settings):
        async with bots(chat_settings):
            first = slack.say("D", "سلام one")
            slack.say(SOUK, "@mersal two")
            direct = slack.atay.direct(AMINA)
            await until(lambda: slack.said(direct) and numbers(slack, SOUK) == ["two"], 20)
            slack.say("D", "three", thread_ts=first.ts)
            await until(lambda: len(slack.said(direct)) == 2, 20)
    assert [one.split()[-1] for one in slack.said(direct)] == ["one", "three"]


async def test_a_stream_that_cannot_be_finished_for_long_is_finished_after(
    slack: Platform, chat_settings: Settings, bots: Bots, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "PAUSE_S", 0.05)
    broken = ["chat.stopStream"] * 4 + ["chat.update"] * 4

    def fail(method: str, _: dict[str, Any]) -> Failure | None:
        if method not in broken:
            return None
        broken.remove(method)
        return "lost" if len(broken) % 2 else "500"

    slack.fail = fail
    with working(EchoEngine(delay_s=0.5), chat_settings):
        async with bots(chat_settings):
            slack.say(SOUK, "@mersal واحد جوج تلاتة ربعة خمسة ستة سبعة end")
            await until(lambda: slack.atay.channels[SOUK] and numbers(slack, SOUK) == ["end"])
            await until(lambda: not broken)
    (answer,) = slack.answers(slack.atay.channels[SOUK])
    assert answer.streamed and answer.metadata is not None


async def test_a_channel_that_is_closed_to_the_bot_delays_nobody(
    slack: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    souk = slack.atay.channels[SOUK]
    async with bots(chat_settings):
        asked = slack.say(SOUK, "@mersal before")
        await until(lambda: numbers(slack, SOUK) == ["before"])
        souk.archived = True
        slack.say(SOUK, "@mersal into the void", thread_ts=asked.ts)
        slack.say(SECRET, "@mersal elsewhere")
        await until(lambda: numbers(slack, SECRET) == ["elsewhere"])
        souk.archived = False
        await until(lambda: not slack.courier.unacknowledged)
        slack.say(SOUK, "@mersal again", thread_ts=asked.ts)
        await until(lambda: "again" in numbers(slack, SOUK))


async def test_a_network_that_breaks_now_and_then_loses_and_repeats_nothing(
    server: SlackServer,
    slack: Platform,
    chat_settings: Settings,
    bots: Bots,
    echo: EchoEngine,
) -> None:
    chance = random.Random(7)

    def fail(method: str, _: dict[str, Any]) -> Failure | None:
        return chance.choice(KINDS) if chance.random() < 0.15 else None

    friends = [slack.atay.open(f"C{n}", "channel", f"c{n}").id for n in range(10, 14)]
    async with bots(chat_settings):
        slack.fail = fail
        for number in range(3):
            for channel in friends:
                slack.say(channel, f"@mersal question {number}")
            await until(
                lambda n=number: all(str(n) in numbers(slack, one) for one in friends),  # type: ignore[misc]
                60,
            )
        server.disconnect()
        slack.fail = lambda method, given: None
        slack.say(friends[0], "@mersal after the break")
        await until(lambda: "break" in numbers(slack, friends[0]), 60)
        await until(lambda: not slack.courier.unacknowledged)
    for channel in friends[1:]:
        assert sorted(numbers(slack, channel)) == ["0", "1", "2"]


async def test_connections_that_slack_refreshes_lose_nothing(
    slack: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    souk = slack.atay.channels[SOUK]
    async with bots(chat_settings):
        for number in range(2):
            await until(lambda: slack.courier.sockets)
            await slack.courier.refresh()
            slack.say(SOUK, f"@mersal question {number}")
        await until(lambda: len(slack.said(souk)) == 2)
    assert sorted(numbers(slack, SOUK)) == ["0", "1"]


async def test_while_redis_is_away_nothing_is_acknowledged_and_all_is_answered_once_after(
    slack: Platform, chat_settings: Settings, bots: Bots, doomed_redis: RedisProcess
) -> None:
    settings = chat_settings.model_copy(update={"redis_url": doomed_redis.url})
    with working(EchoEngine(), settings):
        async with bots(settings):
            slack.say(SOUK, "@mersal before")
            await until(lambda: numbers(slack, SOUK) == ["before"])
            await until(lambda: not slack.courier.unacknowledged)
            await say_while_redis_is_away(slack, doomed_redis)
            await until(lambda: "meanwhile" in numbers(slack, SOUK), 60)
            await until(lambda: not slack.courier.unacknowledged)
    assert numbers(slack, SOUK) == ["before", "meanwhile"]
