"""Drafts: shown while an answer is written, with the platform's own button to stop."""

import asyncio
from typing import Any

import pytest
from redis.asyncio import Redis

from bots.telegram import typing
from broker.awaited import Awaited
from broker.settings import Settings
from inference.echo import EchoEngine
from tests.channels.bot import Bots
from tests.patience import until
from tests.telegram import rules
from tests.telegram.platform import Platform
from tests.workers.worker_in_thread import working

AMINA = 77
LONG = "واحد جوج تلاتة " * 40


def drafts(telegram: Platform) -> list[dict[str, Any]]:
    return [p for method, p in telegram.calls if method == "sendMessageDraft"]


async def test_the_button_under_a_draft_stops_its_answer_and_no_later_one(
    telegram: Platform, chat_settings: Settings, bots: Bots
) -> None:
    with working(EchoEngine(delay_s=60), chat_settings):
        async with bots(chat_settings):
            telegram.say(AMINA, LONG)
            await until(lambda: drafts(telegram))
            draft = drafts(telegram)[0]
            assert draft["can_stop"] and draft["keep_on_stop"]
            telegram.press_stop(AMINA, draft["draft_id"])
            await until(lambda: telegram.said(AMINA), timeout_s=20)
            telegram.say(AMINA, LONG)
            await until(lambda: drafts(telegram)[-1]["draft_id"] != draft["draft_id"])
            telegram.press_stop(AMINA, draft["draft_id"])  # late: that answer is long out
            await until(lambda: not telegram.unconfirmed)
            shown = len(drafts(telegram))
            await until(lambda: len(drafts(telegram)) > shown + 2)
            telegram.press_stop(AMINA, drafts(telegram)[-1]["draft_id"])
            await until(lambda: len(telegram.said(AMINA)) == 2, timeout_s=20)
    assert all("حبست" in text for text in telegram.said(AMINA))


async def test_the_button_stops_the_waiting_too(
    telegram: Platform, chat_settings: Settings, bots: Bots, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typing, "LONG_WAIT_S", 0.1)
    monkeypatch.setattr(typing, "EVERY_S", 0.2)
    with working(EchoEngine(delay_s=3.0), chat_settings, threads=1):
        async with bots(chat_settings):
            for chat in (1, 2):
                telegram.say(chat, "سلام عليكم")
            await until(lambda: drafts(telegram))
            telegram.say(AMINA, "سلام عليكم")
            await until(lambda: any(d["chat_id"] == AMINA for d in drafts(telegram)))
            telegram.press_stop(AMINA, typing.LINE_DRAFT)
            await until(lambda: telegram.said(AMINA))
    assert "حبست" in telegram.said(AMINA)[0] and "سلام" not in telegram.said(AMINA)[0]


async def test_a_server_that_knows_no_such_button_shows_drafts_without_it(
    telegram: Platform,
    chat_settings: Settings,
    bots: Bots,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    older = rules.METHODS["sendMessageDraft"].replace("can_stop:b keep_on_stop:b", "")
    monkeypatch.setitem(rules.METHODS, "sendMessageDraft", older)
    with working(EchoEngine(delay_s=2.0), chat_settings):
        async with bots(chat_settings):
            telegram.say(AMINA, LONG)
            await until(lambda: telegram.said(AMINA))
    assert len(drafts(telegram)) > 1
    assert len([line for line in telegram.refused if "can_stop" in line]) == 1


async def test_typing_is_taken_up_again_after_a_restart(
    telegram: Platform, chat_settings: Settings, bots: Bots, redis: Redis
) -> None:
    async with bots(chat_settings):
        telegram.say(AMINA, "سلام عليكم")
        await until(lambda: "sendChatAction" in [method for method, _ in telegram.calls])
        async with asyncio.timeout(30):
            while not await Awaited(redis, chat_settings, "telegram").all():
                await asyncio.sleep(0.02)
    telegram.calls.clear()
    async with bots(chat_settings):
        await until(lambda: "sendChatAction" in [method for method, _ in telegram.calls])
        with working(EchoEngine(), chat_settings):
            await until(lambda: telegram.said(AMINA))
    assert telegram.said(AMINA) == ["سلام عليكم"]


async def test_typing_goes_on_for_what_was_asked_while_an_answer_was_written(
    telegram: Platform, chat_settings: Settings, bots: Bots, redis: Redis
) -> None:
    def typed_after_the_answer() -> bool:
        methods = [method for method, _ in telegram.calls]
        sent = methods.index("sendMessage") if "sendMessage" in methods else len(methods)
        return "sendChatAction" in methods[sent:]

    with working(EchoEngine(delay_s=3.0), chat_settings):
        async with bots(chat_settings):
            telegram.say(AMINA, LONG)
            await until(lambda: drafts(telegram))
            telegram.say(AMINA, "و " + LONG)
            await until(lambda: telegram.said(AMINA))
            await until(typed_after_the_answer)
            async with asyncio.timeout(30):
                while not await Awaited(redis, chat_settings, "telegram").all():
                    await asyncio.sleep(0.02)
            assert len(telegram.said(AMINA)) == 1
            await until(lambda: len(telegram.said(AMINA)) == 2)
