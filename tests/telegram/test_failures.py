"""What breaks, breaks for one chat and for a while."""

import asyncio
import random
import time
from typing import Any

import pytest

from broker.settings import Settings
from inference.echo import EchoEngine
from tests.channels.bot import Bots
from tests.patience import until
from tests.redis_process import RedisProcess
from tests.telegram.platform import Failure, Platform
from tests.telegram.rates import Rates
from tests.telegram.rules import Bad
from tests.telegram.server import BotApiServer
from tests.telegram.test_journey import changed
from tests.workers.worker_in_thread import working

AMINA, SAMIR, GROUP = 77, 78, -1001


def first(failure: Failure, count: int, method: str = "sendMessage") -> Any:
    """Fail the first calls of a method."""
    left = [count]

    def fail(called: str, _: dict[str, Any]) -> Failure | None:
        if called != method or not left[0]:
            return None
        left[0] -= 1
        return failure

    return fail


@pytest.mark.parametrize("failure", ["500", "lost", "dropped", "429"])
async def test_a_send_that_fails_is_neither_lost_nor_repeated(
    failure: Failure, telegram: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    telegram.fail = first(failure, 2)
    async with bots(chat_settings):
        telegram.say(AMINA, "واحد")
        telegram.say(SAMIR, "جوج")
        await until(lambda: telegram.said(AMINA) and telegram.said(SAMIR))
        telegram.say(AMINA, "تلاتة")
        await until(lambda: "تلاتة" in telegram.said(AMINA))
    assert telegram.said(AMINA) == ["واحد", "تلاتة"]
    assert telegram.said(SAMIR) == ["جوج"]


async def test_who_blocked_the_bot_delays_nobody(
    telegram: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    telegram.blocked = {AMINA}
    async with bots(chat_settings):
        telegram.say(AMINA, "salam")
        telegram.say(SAMIR, "salam")
        await until(lambda: telegram.said(SAMIR))
        await until(
            lambda: (
                ("sendMessage", AMINA)
                in {(m, p["chat_id"]) for m, p in telegram.calls if "chat_id" in p}
            )
        )
        telegram.blocked = set()
        telegram.say(AMINA, "I am back")
        await until(lambda: telegram.said(AMINA))
    assert telegram.said(AMINA) == ["I am back"]


async def test_a_group_that_moved_gets_its_answer_in_its_new_home(
    telegram: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    telegram.moved = {GROUP: -2002}
    async with bots(chat_settings):
        telegram.say(GROUP, "@mersal_bot salam", user_id=5)
        await until(lambda: telegram.said(-2002))
    assert telegram.said(-2002)[-1] == "Amina5: salam"


async def test_entities_that_are_refused_are_left_out(
    telegram: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    plain = telegram._sendMessage

    def picky(parameters: dict[str, Any]) -> dict[str, Any]:
        if parameters.get("entities"):
            raise Bad("Bad Request: can't parse entities")
        return plain(parameters)

    telegram._sendMessage = picky  # type: ignore[method-assign]
    async with bots(chat_settings):
        telegram.say(AMINA, "**bold** words")
        await until(lambda: telegram.said(AMINA))
    assert telegram.said(AMINA) == ["bold words"]


async def test_a_network_that_breaks_now_and_then_loses_and_repeats_nothing(
    server: BotApiServer, telegram: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    chance = random.Random(7)
    kinds: list[Failure] = ["500", "lost", "dropped"]

    def fail(method: str, _: dict[str, Any]) -> Failure | None:
        return chance.choice(kinds) if chance.random() < 0.15 else None

    async with bots(chat_settings):
        telegram.fail = fail
        for number in range(4):
            for chat in range(1, 6):
                telegram.say(chat, f"question {number} of {chat}")
            await until(lambda n=number: all(len(telegram.said(c)) > n for c in range(1, 6)), 60)  # type: ignore[misc]
        server.disconnect()
        telegram.say(1, "after the break")
        await until(lambda: "after the break" in telegram.said(1), 60)
        telegram.fail = lambda method, parameters: None
    for chat in range(2, 6):
        assert telegram.said(chat) == [f"question {n} of {chat}" for n in range(4)]


async def test_while_redis_is_away_updates_stay_with_telegram(
    telegram: Platform, chat_settings: Settings, bots: Bots, doomed_redis: RedisProcess
) -> None:
    settings = chat_settings.model_copy(update={"redis_url": doomed_redis.url})
    with working(EchoEngine(), settings):
        async with bots(settings):
            telegram.say(AMINA, "before")
            await until(lambda: telegram.said(AMINA))
            doomed_redis.kill()
            telegram.say(AMINA, "meanwhile")
            await until(lambda: len(telegram.unconfirmed) > 0)
            doomed_redis.start()
            await until(lambda: len(telegram.said(AMINA)) == 2, 60)
    assert telegram.said(AMINA) == ["before", "meanwhile"]


async def test_polling_goes_on_when_telegram_takes_its_token_again(
    telegram: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    """A local Bot API server that starts anew knows nobody for a moment."""
    ask = telegram._getUpdates
    refusals = [Bad("Unauthorized", 401), Bad("Not Found", 404), Bad("Conflict: webhook", 409)]

    async def picky(parameters: dict[str, Any]) -> list[dict[str, Any]]:
        if refusals:
            raise refusals.pop()
        return await ask(parameters)

    async with bots(chat_settings):
        telegram.say(AMINA, "one")
        await until(lambda: telegram.said(AMINA))
        telegram._getUpdates = picky  # type: ignore[method-assign]
        telegram.say(AMINA, "two")
        await until(lambda: not refusals)
        telegram.say(AMINA, "three")
        await until(lambda: "three" in " ".join(telegram.said(AMINA)))
    assert " ".join(telegram.said(AMINA)).split() == ["one", "two", "three"]


async def test_a_long_outage_of_telegram_loses_and_repeats_nothing(
    telegram: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    refused: list[str] = []
    over = False

    def fail(method: str, _: dict[str, Any]) -> Failure | None:
        if over or method in ("getUpdates", "getMe"):
            return None
        refused.append(method)
        return "500"

    telegram.connections["conn-1"] = {
        "id": "conn-1", "user": telegram.user(500), "user_chat_id": 500, "date": 1,
        "is_enabled": True, "rights": {"can_reply": True},
    }  # fmt: skip
    async with bots(changed(chat_settings, look_for=3)):
        telegram.say(GROUP, "@mersal_bot قبل", user_id=5)
        await until(lambda: telegram.said(GROUP)[-1:] == ["\u200fAmina5: قبل"])
        telegram.fail = fail
        telegram.say(AMINA, "واحد")
        telegram.say(GROUP, "@mersal_bot جوج", user_id=5)
        telegram.say(SAMIR, "تلاتة", business_connection_id="conn-1")
        telegram.say(79, "/help")
        await until(lambda: {"sendMessage", "getBusinessConnection"} <= set(refused))
        await asyncio.sleep(6.0)  # longer than every patience that counts
        over = True
        await until(lambda: telegram.said(AMINA) and telegram.said(SAMIR) and telegram.said(79), 60)
        await until(lambda: telegram.said(GROUP)[-1].endswith("جوج"), 60)
    assert (telegram.said(AMINA), telegram.said(SAMIR)) == (["واحد"], ["تلاتة"])
    assert len(telegram.said(79)) == 1 and len(telegram.said(GROUP)) == 2


async def test_what_follows_a_slow_call_in_its_chat_does_not_come_too_early(
    telegram: Platform, chat_settings: Settings, bots: Bots
) -> None:
    """The platform counts a call when it arrives: "typing" arrives late, the answer at once."""
    telegram.rates = Rates()
    take, slow = telegram.call, ["sendChatAction"]

    async def call(method: str, given: dict[str, str]) -> Any:
        if method in slow:
            slow.remove(method)
            await asyncio.sleep(1.0)
        return await take(method, given)

    telegram.call = call  # type: ignore[method-assign]
    settings = changed(chat_settings, private_per_s=1, overall_per_s=30, streaming=False)
    with working(EchoEngine(delay_s=0.6), settings):
        async with bots(settings):
            telegram.say(AMINA, "سلام")
            await until(lambda: telegram.said(AMINA))
    assert not slow and not telegram.rates.refused


async def test_a_chat_that_is_told_to_wait_holds_up_no_other(
    telegram: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    """Telegram says for how long; the next attempt is made then, and not before."""
    told: list[float] = []

    def fail(method: str, parameters: dict[str, Any]) -> Failure | None:
        if method != "sendMessage" or int(parameters["chat_id"]) != AMINA or len(told) == 2:
            return None
        told.append(time.monotonic())
        return "429"

    telegram.fail = fail
    async with bots(changed(chat_settings, streaming=False)):
        telegram.say(AMINA, "واحد")
        await until(lambda: told)
        telegram.say(SAMIR, "جوج")
        await until(lambda: telegram.said(SAMIR))
        assert not telegram.said(AMINA)
        await until(lambda: telegram.said(AMINA))
    assert telegram.said(AMINA) == ["واحد"]
    assert told[1] - told[0] > 1.9  # two seconds are what the server asks for


async def test_what_may_have_arrived_is_by_setting_not_sent_again(
    telegram: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    """Nobody finds it: it was cut off on its way."""
    telegram.fail = first("dropped", 1)
    async with bots(changed(chat_settings, unsure="skip", look_for=3, streaming=False)):
        telegram.say(AMINA, "واحد")
        await until(lambda: len(telegram.refused) == 3)  # so many ids were tried
        telegram.say(AMINA, "جوج")
        await until(lambda: telegram.said(AMINA))
    assert telegram.said(AMINA) == ["جوج"]


async def test_another_program_with_the_same_token_is_named(
    telegram: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    async with bots(chat_settings):
        telegram.webhook = {"url": "https://elsewhere.example/hook"}
        telegram.say(AMINA, "سلام")
        await until(lambda: not telegram.webhook)  # who polls, polls
        telegram.say(AMINA, "واش سمعتيني؟")
        await until(lambda: any("سمعتيني" in text for text in telegram.said(AMINA)))
    assert "token of its own" in caplog.text
