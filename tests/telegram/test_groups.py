"""Groups: topics, and what stays when a group becomes a supergroup."""

import pytest

from bots import catalog
from bots.telegram import typing
from broker.settings import Settings
from inference.echo import EchoEngine
from inference.engine import CompletionRequest
from tests.channels.bot import Bots
from tests.patience import until
from tests.telegram.platform import Platform
from tests.telegram.test_journey import changed
from tests.workers.worker_in_thread import working

GROUP, NEW, AMINA = -1001, -2002, 77


class Remembering(EchoEngine):
    """Answers with everything that was said before."""

    def answer(self, request: CompletionRequest) -> str:
        said = [message.content for message in request.messages if message.role == "user"]
        return " / ".join(said)


def migrate(telegram: Platform) -> None:
    """The group becomes a supergroup; message ids begin anew there."""
    telegram.moved[GROUP] = NEW
    telegram.begin_ids_anew(NEW)
    telegram.update(message=telegram.message(GROUP, 5, migrate_to_chat_id=NEW))
    telegram.update(message=telegram.message(NEW, 5, migrate_from_chat_id=GROUP))


async def test_a_group_that_becomes_a_supergroup_goes_on_with_its_conversation(
    telegram: Platform, chat_settings: Settings, bots: Bots
) -> None:
    settings = changed(chat_settings, allowed=str(GROUP))
    telegram.begin_ids_anew(GROUP)
    with working(Remembering(), settings):
        async with bots(settings):
            telegram.say(GROUP, "@mersal_bot one", user_id=5)
            await until(lambda: telegram.said(GROUP)[-1:] == ["Amina5: one"])
            migrate(telegram)
            asked = telegram.say(NEW, "@mersal_bot two", user_id=5)
            await until(lambda: telegram.said(NEW)[-1:] == ["Amina5: one / Amina5: two"])
            assert telegram.sent[-1].parameters["reply_parameters"]["message_id"] == asked
        async with bots(settings):  # it still knows after a restart
            telegram.again()  # and what was answered, too
            telegram.say(NEW, "@mersal_bot three", user_id=5)
            await until(lambda: telegram.said(NEW)[-1].endswith("Amina5: three"))
            telegram.edit(NEW, asked + 2, "@mersal_bot four", user_id=5)
            await until(lambda: telegram.said(NEW)[-1].endswith("Amina5: four"))
    assert telegram.said(NEW)[-2:] == [
        "Amina5: one / Amina5: two / Amina5: three",
        "Amina5: one / Amina5: two / Amina5: four",
    ]
    assert len(telegram.said(GROUP)) == 1


async def test_an_answer_under_way_follows_its_group(
    telegram: Platform, chat_settings: Settings, bots: Bots
) -> None:
    with working(EchoEngine(delay_s=3.0), chat_settings):
        async with bots(chat_settings):
            telegram.say(GROUP, "@mersal_bot " + "word " * 30, user_id=5)
            await until(lambda: any("word" in text for text in telegram.said(GROUP)))
            migrate(telegram)
            await until(lambda: [t for t in telegram.said(NEW) if t.count("word") == 30])
    # what was asked in the old group cannot be answered visibly in the new one
    assert "reply_parameters" not in telegram.sent[-1].parameters
    assert all(text.endswith("…") for text in telegram.said(GROUP))


async def test_topics_of_a_private_chat_are_conversations_of_their_own(
    telegram: Platform, chat_settings: Settings, bots: Bots
) -> None:
    with working(Remembering(delay_s=0.5), chat_settings):
        async with bots(chat_settings):
            for text, topic in (("one", 11), ("two", 12), ("three", 11)):
                before = len(telegram.sent)
                telegram.say(AMINA, text, message_thread_id=topic, is_topic_message=True)
                await until(lambda n=before: len(telegram.sent) > n)  # type: ignore[misc]
            telegram.say(AMINA, "four")
            await until(lambda: len(telegram.sent) == 4)
    told = [(sent.text, sent.parameters.get("message_thread_id")) for sent in telegram.sent]
    assert told == [("one", 11), ("two", 12), ("one / three", 11), ("four", None)]
    typing = [p for method, p in telegram.calls if method == "sendChatAction"]
    assert {p.get("message_thread_id") for p in typing} == {11, 12, None}


async def test_a_placeholder_that_somebody_deletes_costs_nobody_the_answer(
    telegram: Platform, chat_settings: Settings, bots: Bots
) -> None:
    with working(EchoEngine(delay_s=2.0), chat_settings):
        async with bots(chat_settings):
            telegram.say(GROUP, "@mersal_bot " + "word " * 20, user_id=5)
            await until(lambda: telegram.said(GROUP))
            telegram.sent[0].deleted = True
            await until(lambda: [t for t in telegram.said(GROUP) if t.count("word") == 20])
    assert len(telegram.said(GROUP)) == 1


async def test_who_takes_the_bot_into_a_group_is_told_how_to_call_it(
    telegram: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    async with bots(chat_settings):
        telegram.update(message=telegram.message(GROUP, 5, new_chat_members=[telegram.user(6)]))
        telegram.update(message=telegram.message(GROUP, 5, new_chat_members=[telegram.me()]))
        await until(lambda: telegram.said(GROUP))
        telegram.say(AMINA, "/start")
        await until(lambda: telegram.said(AMINA))
    call = catalog.text("in-group", "ary", bot="@mersal_bot")
    (welcome,) = telegram.said(GROUP)
    assert "مرحبا" in welcome and welcome.endswith(call)
    assert "@mersal_bot" not in telegram.said(AMINA)[0]  # alone with the bot nobody needs to


async def test_an_admin_who_writes_in_the_groups_name_is_answered(
    telegram: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    anonymous = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
    channel = {"id": -1009, "type": "channel", "title": "Akhbar"}
    passed_on = {"sender_chat": channel, "is_automatic_forward": True}
    async with bots(chat_settings):
        for more in ({"sender_chat": telegram.chat(GROUP)}, passed_on, {}):
            said = telegram.message(GROUP, text="@mersal_bot salam")
            telegram.update(message={**said, "from": anonymous, **more})
        telegram.say(GROUP, "@mersal_bot that was it", user_id=5)
        await until(lambda: "Amina5: that was it" in telegram.said(GROUP))
    assert telegram.said(GROUP) == ["Souk: salam", "Amina5: that was it"]


async def test_a_name_in_an_answer_calls_nobody(
    telegram: Platform, chat_settings: Settings, bots: Bots
) -> None:
    with working(EchoEngine(delay_s=1.0), chat_settings):
        async with bots(chat_settings):
            telegram.say(GROUP, "@mersal_bot say hello to @samir and all the others", user_id=5)
            await until(lambda: "others" in "".join(telegram.said(GROUP)[-1:]))
    (answer,) = telegram.sent
    assert not any("@samir" in text for text in answer.texts)
    assert "@\u2060samir" in answer.text


async def test_a_long_wait_shows_how_many_are_in_front_until_the_answer_takes_its_place(
    telegram: Platform, chat_settings: Settings, bots: Bots, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typing, "LONG_WAIT_S", 0.1)
    monkeypatch.setattr(typing, "EVERY_S", 0.2)

    async def asked_behind(*chats: int) -> int:
        for chat in chats:
            telegram.say(chat, "سلام عليكم")
        await until(lambda: any(m == "sendMessageDraft" for m, _ in telegram.calls))
        return telegram.say(GROUP, "@mersal_bot شنو كاين؟", user_id=5)

    with working(EchoEngine(delay_s=2.0), chat_settings, threads=1):
        async with bots(chat_settings):
            asked = await asked_behind(1, 2)
            await until(lambda: "\u200fAmina5: شنو كاين؟" in telegram.said(GROUP))
            telegram.calls.clear()
            await asked_behind(1, 2)
            await until(lambda: "الزحام" in telegram.said(GROUP)[-1])
            telegram.say(GROUP, "/new@mersal_bot", user_id=5)
            await until(lambda: telegram.said(GROUP)[1:] == [catalog.text("new", "ary")])
    answer = next(sent for sent in telegram.sent if sent.chat_id == GROUP)
    assert "الزحام" in answer.texts[0] and "شنو كاين" in answer.texts[-1]
    assert answer.parameters["reply_parameters"]["message_id"] == asked
    assert not telegram.refused
