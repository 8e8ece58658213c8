"""Who is answered, who gets a polite word, and who gets silence."""

from bots import catalog
from broker.settings import Settings
from inference.echo import EchoEngine
from tests.channels.bot import Bots
from tests.patience import until
from tests.telegram.platform import Platform
from tests.telegram.test_journey import changed

AMINA, BOSS, STRANGER, DENIED = 77, 9, 66, 5
GROUP, OTHER = -1001, -1002


async def test_with_lists_only_the_admitted_are_answered(
    telegram: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    settings = changed(
        chat_settings, allowed=f"{AMINA}, {GROUP}", denied=str(DENIED), admins=str(BOSS)
    )
    async with bots(settings):
        telegram.say(STRANGER, "let me in")
        telegram.say(STRANGER, "/start")
        telegram.say(OTHER, "@mersal_bot me too", user_id=STRANGER)
        telegram.say(GROUP, "@mersal_bot I am denied", user_id=DENIED)
        telegram.say(BOSS, "I am the boss")
        telegram.say(AMINA, "salam")
        telegram.say(GROUP, "@mersal_bot I am here", user_id=67)
        await until(
            lambda: telegram.said(BOSS) and telegram.said(AMINA) and telegram.said(STRANGER)
        )
        await until(lambda: telegram.said(GROUP)[-1:] == ["Amina67: I am here"])
    assert set(telegram.said(STRANGER)) == {catalog.text("not-admitted", "ary")}
    assert telegram.said(OTHER) == []
    assert (telegram.said(BOSS), telegram.said(AMINA)) == (["I am the boss"], ["salam"])
    assert len(telegram.said(GROUP)) == 1


async def test_in_a_group_with_admins_only_they_begin_anew_or_change_the_model(
    telegram: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    async with bots(changed(chat_settings, admins=str(BOSS))):
        telegram.say(GROUP, "/new@mersal_bot", user_id=STRANGER)
        await until(lambda: len(telegram.said(GROUP)) == 1)
        telegram.say(GROUP, "/new@mersal_bot", user_id=BOSS)
        await until(lambda: len(telegram.said(GROUP)) == 2)
        telegram.say(AMINA, "/new")  # alone with the bot everybody may
        await until(lambda: telegram.said(AMINA))
    assert telegram.said(GROUP) == [catalog.text("admins-only", "ary"), catalog.text("new", "ary")]
    assert telegram.said(AMINA) == [catalog.text("new", "ary")]


async def test_in_groups_all_is_heard_when_so_set(
    telegram: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    async with bots(changed(chat_settings, group_messages="all")):
        telegram.say(GROUP, "nobody in particular", user_id=STRANGER)
        await until(lambda: telegram.said(GROUP)[-1:] == ["Amina66: nobody in particular"])
        answer = telegram.message(GROUP, 1, text="x")
        telegram.say(GROUP, "a reply", user_id=AMINA, reply_to_message=answer)
        await until(lambda: "a reply" in telegram.said(GROUP)[-1])


async def test_a_reply_to_the_bot_is_for_it(
    telegram: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    async with bots(chat_settings):
        mine = {**telegram.message(GROUP, 1, text="mine"), "from": telegram.me()}
        theirs = telegram.message(GROUP, 1, text="theirs")
        telegram.say(GROUP, "not for the bot", user_id=AMINA, reply_to_message=theirs)
        telegram.say(GROUP, "for the bot", user_id=AMINA, reply_to_message=mine)
        await until(lambda: "for the bot" in "".join(telegram.said(GROUP)))
    (answer,) = telegram.said(GROUP)
    assert "Amina77:" in answer and "mine" in answer and "not for" not in answer
