"""Tasks on Telegram, as a user meets them: replies, buttons, groups, the menu."""

from dataclasses import replace

import pytest

from bots import catalog
from bots.telegram import menu
from broker.claims import Claims
from broker.connection import worker_pool
from broker.messages import Task
from broker.settings import Settings
from inference.catalog import find
from inference.echo import EchoEngine
from tests.channels.bot import Bots
from tests.patience import until
from tests.telegram.platform import Platform
from tests.telegram.test_journey import changed
from tests.workers.worker_in_thread import working

AMINA, GROUP = 77, -1001


async def test_a_reply_with_a_command_is_about_the_message_that_it_answers(
    telegram: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    async with bots(chat_settings):
        theirs = telegram.message(AMINA, text="je suis en retard ce matin")
        asked = telegram.say(AMINA, "/translate darija", reply_to_message=theirs)
        await until(lambda: telegram.said(AMINA))
        part = {"text": "ce matin", "position": 18}
        telegram.say(AMINA, "/explain", reply_to_message=theirs, quote=part)
        await until(lambda: len(telegram.said(AMINA)) == 2)
        picture = telegram.message(AMINA, photo=[], caption="un beau jardin")
        telegram.say(AMINA, "/sentiment", reply_to_message=picture)
        await until(lambda: len(telegram.said(AMINA)) == 3)
        telegram.say(AMINA, "/summarize")
        await until(lambda: len(telegram.said(AMINA)) == 4)
    translated, explained, felt, told_how = telegram.said(AMINA)
    assert "je suis en retard ce matin" in translated
    assert "ce matin" in explained and "retard" not in explained
    assert "un beau jardin" in felt
    assert catalog.text("task-no-reply", "ary", command="/summarize")[:10] in told_how
    # whose message it is about is far above, so the result answers the command
    assert telegram.sent[0].parameters["reply_parameters"]["message_id"] == asked
    assert not telegram.refused


async def test_a_translation_asks_for_its_language_with_buttons_and_remembers_it(
    telegram: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    async with bots(chat_settings):
        telegram.say(AMINA, "/translate بغيت نشري طوموبيل")
        await until(lambda: telegram.said(AMINA))
        telegram.press(telegram.sent[0], "Français")
        telegram.again()
        await until(lambda: len(telegram.said(AMINA)) == 2)
        telegram.say(AMINA, "/translate غدا غادي نسافر")
        await until(lambda: len(telegram.said(AMINA)) == 3)
    _, first, second = telegram.said(AMINA)
    assert "بغيت نشري طوموبيل" in first and "الفرنس" in first
    assert "غدا غادي نسافر" in second and "الفرنس" in second


async def test_an_edit_of_a_task_asks_for_it_again_and_that_of_another_command_for_nothing(
    telegram: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    async with bots(chat_settings):
        helped = telegram.say(AMINA, "/arabizi كيف داير؟")
        await until(lambda: telegram.said(AMINA))
        telegram.edit(AMINA, helped, "/arabizi فين غادي؟")
        asked = telegram.say(AMINA, "/translate fr كيف داير؟")
        await until(lambda: len(telegram.said(AMINA)) == 2)
        telegram.edit(AMINA, asked, "/translate en فين غادي؟")
        await until(lambda: len(telegram.said(AMINA)) == 3)
        telegram.say(AMINA, "سالينا")
        await until(lambda: telegram.said(AMINA)[-1:] == ["سالينا"])
        telegram.edit(AMINA, asked, "/translate ar فين غادي؟")  # no longer the last
        telegram.say(AMINA, "safi")
        await until(lambda: len(telegram.said(AMINA)) == 5)
    _, first, second, *rest = telegram.said(AMINA)
    assert "كيف داير؟" in first and "الفرنس" in first
    assert "فين غادي؟" in second and "الإنجليزية" in second
    assert rest == ["سالينا", "safi"]


async def test_a_task_that_arrives_twice_is_done_once(
    telegram: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    async with bots(chat_settings):
        command = telegram.message(AMINA, text="/explain شنو هو البروكر؟")
        telegram.update(message=command)
        telegram.again()
        await until(lambda: telegram.said(AMINA))
        telegram.update(message=command)  # under another number
        telegram.say(AMINA, "سالينا")
        await until(lambda: telegram.said(AMINA)[-1:] == ["سالينا"])
    assert len(telegram.said(AMINA)) == 2


async def test_a_group_is_summarized_as_far_as_the_bot_hears_it(
    telegram: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    async with bots(chat_settings):
        for number in range(4):
            said = telegram.say(GROUP, f"ميساج {number}", user_id=5)
        telegram.edit(GROUP, said, "ميساج مصحح", user_id=5)
        telegram.say(GROUP, "/summarize@mersal_bot 2", user_id=6)
        await until(lambda: telegram.said(GROUP))
        telegram.say(GROUP, "/summarize", user_id=6)
        await until(lambda: len(telegram.said(GROUP)) == 2)
        telegram.say(GROUP, "/forget", user_id=6)
        await until(lambda: len(telegram.said(GROUP)) == 3)
        telegram.say(GROUP, "/summarize 5", user_id=6)
        await until(lambda: len(telegram.said(GROUP)) == 4)
    two, every, _, none = telegram.said(GROUP)
    assert "Amina5: ميساج 2" in two and "Amina5: ميساج مصحح" in two
    assert "ميساج 1" not in two and "ميساج 3" not in two
    assert "ميساج 0" in every
    assert catalog.text("task-no-messages", "ary", command="")[:12] in none


async def test_no_message_of_a_group_is_kept_where_that_is_not_wanted(
    telegram: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    async with bots(changed(chat_settings, recent_messages=0, denied="6")):
        telegram.say(GROUP, "ميساج", user_id=5)
        telegram.say(GROUP, "/summarize", user_id=6)
        telegram.say(GROUP, "/summarize", user_id=5)
        await until(lambda: telegram.said(GROUP))
    assert len(telegram.said(GROUP)) == 1 and "ميساج" in telegram.said(GROUP)[0]
    assert "Amina5:" not in telegram.said(GROUP)[0]


async def test_a_name_in_a_text_of_other_letters_calls_nobody(
    telegram: Platform, chat_settings: Settings, bots: Bots
) -> None:
    async with bots(chat_settings):
        telegram.say(GROUP, "/arabizi سلام @amina كيف داير؟", user_id=5)
        await until(lambda: telegram.said(GROUP))
    assert telegram.said(GROUP) == ["salam @\u2060amina kif dayer?"]


async def test_a_model_that_cannot_says_so_and_a_button_chooses_one_that_can(
    telegram: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    small = replace(find("echo"), tasks=())
    with working(EchoEngine("small"), chat_settings, card=small):
        async with bots(chat_settings):
            telegram.say(AMINA, "/model small")
            await until(lambda: telegram.said(AMINA))
            telegram.say(AMINA, "/explain شنو هو البروكر؟")
            await until(lambda: len(telegram.said(AMINA)) == 2)
            telegram.press(telegram.sent[1], "echo")
            await until(lambda: len(telegram.said(AMINA)) == 3)
            telegram.say(AMINA, "/explain شنو هو البروكر؟")
            await until(lambda: len(telegram.said(AMINA)) == 4)
    assert "echo" in telegram.said(AMINA)[1]
    assert "البروكر" in telegram.said(AMINA)[3]


async def test_letters_and_tasks_are_settings_with_buttons(
    telegram: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    async with bots(chat_settings):
        telegram.say(AMINA, "/settings")
        await until(lambda: telegram.said(AMINA))
        telegram.press(telegram.sent[0], "الحروف")
        await until(lambda: len(telegram.said(AMINA)) == 2)
        telegram.press(telegram.sent[1], "اللاتينية")
        await until(lambda: len(telegram.said(AMINA)) == 3)
        telegram.say(AMINA, "كيف داير؟")
        await until(lambda: len(telegram.said(AMINA)) == 4)
        telegram.say(AMINA, "/script arab")
        await until(lambda: len(telegram.said(AMINA)) == 5)
        telegram.say(AMINA, "kif dayer, labas?")
        await until(lambda: len(telegram.said(AMINA)) == 6)
        telegram.say(AMINA, "/script mirror")
        await until(lambda: len(telegram.said(AMINA)) == 7)
        telegram.say(AMINA, "kif dayer, labas?")
        await until(lambda: len(telegram.said(AMINA)) == 8)
    said = telegram.said(AMINA)
    assert (said[3], said[5], said[7]) == ("kif dayer?", "كيف داير، لاباس؟", "kif dayer, labas?")


async def test_the_menu_shows_the_tasks_that_can_be_done_and_follows_them(
    telegram: Platform,
    chat_settings: Settings,
    bots: Bots,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def announce(*tasks: Task) -> None:
        Claims(worker_pool(chat_settings), chat_settings, "echo", tasks).sweep("w", 1, 30.0)

    def shown() -> set[str]:
        menus = [given for method, given in telegram.calls if method == "setMyCommands"]
        return {command["command"] for command in menus[-1]["commands"]} if menus else set()

    monkeypatch.setattr(menu, "LOOK_EVERY_S", 0.1)
    announce("explain")
    async with bots(chat_settings):
        await until(lambda: "explain" in shown())
        assert "translate" not in shown() and {"arabizi", "3arabi", "script"} <= shown()
        announce("explain", "translate")
        await until(lambda: "translate" in shown())
    assert not telegram.refused
