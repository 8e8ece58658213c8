"""From a message on Telegram to its answer, through everything."""

import pytest
from pydantic import SecretStr

from bots import catalog
from bots.telegram import serve, typing
from broker.errors import SettingsError
from broker.settings import Settings, TelegramSettings
from inference.echo import EchoEngine
from tests.channels.bot import Bots
from tests.patience import until
from tests.telegram.platform import Platform
from tests.telegram.server import BotApiServer
from tests.workers.worker_in_thread import working

AMINA, GROUP = 77, -1001


def changed(settings: Settings, **telegram: object) -> Settings:
    return settings.model_copy(update={"telegram": settings.telegram.model_copy(update=telegram)})


async def test_a_message_in_darija_is_answered_in_its_chat(
    telegram: Platform, chat_settings: Settings, bots: Bots
) -> None:
    question = "سلام، واش كاين أتاي مزيان عندكم؟ " * 5
    with working(EchoEngine(delay_s=2.0), chat_settings):
        async with bots(chat_settings):
            telegram.say(AMINA, question)
            await until(lambda: telegram.said(AMINA))
            assert telegram.said(AMINA) == [question.strip()]
            await until(lambda: not telegram.unconfirmed)
    methods = [method for method, _ in telegram.calls]
    before = methods[: methods.index("sendMessage")]
    assert {"sendChatAction", "sendMessageDraft"} <= set(before)
    assert not telegram.refused


async def test_the_same_update_or_message_twice_is_answered_once(
    telegram: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    async with bots(chat_settings):
        message = telegram.message(AMINA, text="one")
        telegram.update(message=message)
        telegram.again()
        await until(lambda: telegram.said(AMINA))
        telegram.update(message=message)  # under another number
        telegram.say(AMINA, "two")
        await until(lambda: len(telegram.said(AMINA)) >= 2)
    assert telegram.said(AMINA) == ["one", "two"]


async def test_in_a_group_the_answer_grows_in_one_message_that_answers_the_question(
    telegram: Platform, chat_settings: Settings, bots: Bots
) -> None:
    with working(EchoEngine(delay_s=1.5), chat_settings):
        async with bots(chat_settings):
            telegram.say(GROUP, "nobody asked the bot", user_id=5)
            asked = telegram.say(GROUP, "@mersal_bot شنو كاين اليوم فالسوق؟", user_id=5)
            await until(lambda: telegram.sent and "Amina5" in telegram.sent[0].text)
            await until(lambda: telegram.sent[0].text.endswith("فالسوق؟"))
    (answer,) = telegram.sent
    assert answer.text == "\u200fAmina5: شنو كاين اليوم فالسوق؟"  # the model sees who said what
    assert answer.texts[0] == "…" and len(answer.texts) > 2
    assert answer.parameters["reply_parameters"]["message_id"] == asked
    assert "sendMessageDraft" not in [method for method, _ in telegram.calls]


async def test_topics_of_a_group_are_conversations_of_their_own(
    telegram: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    async with bots(chat_settings):
        for topic in (11, 12):
            telegram.say(GROUP, f"@mersal_bot topic {topic}", user_id=5,
                         message_thread_id=topic, is_topic_message=True)  # fmt: skip
        await until(lambda: len([s for s in telegram.sent if "topic" in s.text]) == 2)
    topics = {sent.parameters["message_thread_id"]: sent.text for sent in telegram.sent}
    assert topics == {11: "Amina5: topic 11", 12: "Amina5: topic 12"}


async def test_commands_are_answered_and_unknown_ones_get_help_not_the_model(
    telegram: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    async with bots(chat_settings):
        telegram.say(AMINA, "/start")
        telegram.say(AMINA, "/nonsense")
        telegram.say(AMINA, "/help@other_bot")
        telegram.say(AMINA, "/language")
        await until(lambda: len(telegram.said(AMINA)) == 3)
        telegram.press(telegram.sent[2], "Français")
        await until(lambda: len(telegram.said(AMINA)) == 4)
        telegram.say(AMINA, "/new")
        await until(lambda: len(telegram.said(AMINA)) == 5)
    welcome, unknown, _, french, new = telegram.said(AMINA)
    assert "مرحبا" in welcome and "/regenerate" in welcome
    assert "ما كنعرفوش" in unknown
    assert "parlerai" in french and "zéro" in new
    menus = [p for method, p in telegram.calls if method == "setMyCommands"]
    assert [menu.get("language_code") for menu in menus] == [None, "ar", "fr", "en"]


async def test_buttons_under_an_answer_regenerate_it_and_keep_thumbs(
    telegram: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    async with bots(chat_settings):
        telegram.say(AMINA, "salam")
        await until(lambda: telegram.said(AMINA))
        telegram.press(telegram.sent[0], "👍")
        telegram.press(telegram.sent[0], "🔄")
        await until(lambda: len(telegram.said(AMINA)) == 2)
        telegram.press(telegram.sent[0], "🔄")  # the one below is the last now
        await until(lambda: len(toasts(telegram)) == 3)
        telegram.press(telegram.sent[1], "🔄")
        await until(lambda: len(telegram.said(AMINA)) == 3)
    assert telegram.said(AMINA) == ["salam", "salam", "salam"]
    assert toasts(telegram) == [
        catalog.text("thanks", "ary-Latn"),
        "",
        catalog.text("only-last", "ary-Latn"),
        "",
    ]


async def test_stop_ends_an_answer_at_once(
    telegram: Platform, chat_settings: Settings, bots: Bots
) -> None:
    with working(EchoEngine(delay_s=60), chat_settings):
        async with bots(chat_settings):
            telegram.say(AMINA, "واحد جوج تلاتة " * 40)
            await until(lambda: "sendMessageDraft" in [method for method, _ in telegram.calls])
            telegram.say(AMINA, "/stop")
            await until(lambda: telegram.said(AMINA), timeout_s=20)
    (answer,) = telegram.said(AMINA)
    assert "حبست" in answer


class Slow(EchoEngine):
    """Takes so many seconds for an answer."""

    seconds = 30.0

    @property
    def delay_s(self) -> float:
        return self.seconds


async def test_what_is_written_meanwhile_stops_the_answer_when_so_set(
    telegram: Platform, chat_settings: Settings, bots: Bots
) -> None:
    merging = chat_settings.turn.model_copy(update={"while_answering": "merge"})
    settings = chat_settings.model_copy(update={"turn": merging})
    engine = Slow()
    with working(engine, settings):
        async with bots(settings):
            telegram.say(AMINA, "واحد جوج تلاتة " * 40 + "آخر")
            await until(lambda: "sendMessageDraft" in [method for method, _ in telegram.calls])
            engine.seconds = 0.0
            telegram.say(AMINA, "لا، غير واحد")
            await until(lambda: len(telegram.said(AMINA)) == 2)
    half, answer = telegram.said(AMINA)
    assert half.startswith("واحد") and "آخر" not in half and "حبست" not in half
    assert answer.endswith("لا، غير واحد")


async def test_an_edit_of_the_answered_message_asks_it_again(
    telegram: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    async with bots(chat_settings):
        first = telegram.say(AMINA, "old question")
        await until(lambda: telegram.said(AMINA))
        telegram.say(AMINA, "what is it")
        await until(lambda: len(telegram.said(AMINA)) == 2)
        telegram.edit(AMINA, first, "too late for this one")
        last = telegram.say(AMINA, "and that")
        await until(lambda: len(telegram.said(AMINA)) == 3)
        telegram.edit(AMINA, last, "and this")
        await until(lambda: len(telegram.said(AMINA)) == 4)
    assert telegram.said(AMINA) == ["old question", "what is it", "and that", "and this"]


async def test_quotes_forwards_and_captions_reach_the_model(
    telegram: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    async with bots(chat_settings):
        quoted = telegram.message(AMINA, text="السعر 250 درهم")
        telegram.say(AMINA, "غالي!", reply_to_message=quoted)
        await until(lambda: telegram.said(AMINA))
        origin = {"type": "user", "date": 1, "sender_user": telegram.user(9)}
        telegram.say(AMINA, "news", forward_origin=origin)
        await until(lambda: len(telegram.said(AMINA)) == 2)
        photo = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
        telegram.update(message=telegram.message(AMINA, photo=photo, caption="شنو هادي؟"))
        await until(lambda: len(telegram.said(AMINA)) == 3)
    said = telegram.said(AMINA)
    assert "السعر 250 درهم" in said[0] and "غالي!" in said[0]
    assert "Amina9" in said[1] and "news" in said[1]
    assert said[2] == "شنو هادي؟"


async def test_what_is_no_text_gets_a_polite_word_and_what_is_nothing_gets_none(
    telegram: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    voice = {"file_id": "f", "file_unique_id": "u", "duration": 3}
    async with bots(chat_settings):
        telegram.update(message=telegram.message(AMINA, voice=voice))
        telegram.update(message=telegram.message(AMINA, new_chat_title="x"))
        telegram.update(something_of_the_future={"chat": {"id": AMINA}})
        telegram.say(AMINA, "x" * 9000)
        telegram.say(AMINA, "salam")
        await until(lambda: len(telegram.said(AMINA)) == 3)
        await until(lambda: not telegram.unconfirmed)
    said = telegram.said(AMINA)
    assert "كتب ليا" in said[0]
    assert "salam" in said and len(said) == 3


async def test_only_who_is_admitted_is_answered(
    telegram: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    settings = changed(chat_settings, allowed=f"{AMINA}", denied="5")
    async with bots(settings):
        telegram.say(66, "let me in")
        telegram.say(AMINA, "salam")
        await until(lambda: telegram.said(66) and telegram.said(AMINA))
    assert "let me in" not in telegram.said(66)[0]
    assert telegram.said(AMINA) == ["salam"]


async def test_too_many_messages_get_a_polite_answer(
    telegram: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    limits = chat_settings.limits.model_copy(update={"messages_per_minute": 2})
    async with bots(chat_settings.model_copy(update={"limits": limits})):
        for number in range(3):
            telegram.say(AMINA, f"شنو كاين {number}")
        await until(lambda: any("بزاف" in text for text in telegram.said(AMINA)))


async def test_a_bad_token_is_told_without_showing_it(
    server: BotApiServer, chat_settings: Settings
) -> None:
    secret = "123:not-the-token-at-all"
    settings = changed(chat_settings, token=SecretStr(secret))
    with pytest.raises(SettingsError, match="MERSAL_TELEGRAM__TOKEN") as told:
        await serve(settings)
    assert secret not in str(told.value) and told.value.__suppress_context__
    with pytest.raises(SettingsError, match="MERSAL_TELEGRAM__TOKEN"):
        await serve(chat_settings.model_copy(update={"telegram": TelegramSettings()}))


async def test_a_long_wait_shows_how_many_are_in_front(
    telegram: Platform, chat_settings: Settings, bots: Bots, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typing, "LONG_WAIT_S", 0.1)
    monkeypatch.setattr(typing, "EVERY_S", 0.2)
    async with bots(chat_settings):
        for chat in (1, 2, 3, 4):
            telegram.say(chat, "سلام عليكم")
        await until(lambda: any("الزحام" in text for text in drafts(telegram)))
        with working(EchoEngine(), chat_settings, threads=1):
            await until(lambda: all(telegram.said(chat) for chat in (1, 2, 3, 4)))


async def test_where_there_is_nothing_to_make_anew_no_button_offers_it(
    telegram: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    async with bots(chat_settings):
        telegram.say(AMINA, "/regenerate")
        await until(lambda: telegram.said(AMINA))
    assert telegram.said(AMINA) == [catalog.text("nothing-to-regenerate", "ary")]
    assert not telegram.sent[0].parameters.get("reply_markup")


def toasts(telegram: Platform) -> list[str]:
    return [p.get("text", "") for method, p in telegram.calls if method == "answerCallbackQuery"]


def drafts(telegram: Platform) -> list[str]:
    return [p["text"] for method, p in telegram.calls if method == "sendMessageDraft"]
