"""Commands and their keyboards, as a user meets them."""

import json
from typing import Any

from redis.asyncio import Redis

from bots import catalog
from broker.preferences import Preferences
from broker.settings import Settings
from inference.echo import EchoEngine
from tests.channels.bot import Bots
from tests.patience import until
from tests.telegram.platform import Platform, Sent
from tests.telegram.test_failures import first
from tests.telegram.test_journey import changed
from tests.workers.worker_in_thread import working

AMINA = 77


async def test_an_answer_longer_than_a_message_is_split_with_its_buttons_below(
    telegram: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    async with bots(changed(chat_settings, text_units=120)):
        telegram.say(AMINA, "/help")
        await until(lambda: "/forget" in "".join(telegram.said(AMINA)))
        telegram.say(AMINA, "/language")
        await until(lambda: telegram.sent[-1].parameters.get("reply_markup"))
    parts = telegram.said(AMINA)
    assert len(parts) > 3 and all(len(part) <= 120 for part in parts)
    lines = [line for part in parts for line in part.splitlines()]
    told = [line.partition(" —")[0].strip("\u200f\u2066\u2069") for line in lines]
    assert "/start" in told and "/export" in told


async def test_every_command_does_what_it_says(
    telegram: Platform, chat_settings: Settings, bots: Bots, redis: Redis
) -> None:
    async def ask(what: str) -> Sent:
        before = len(telegram.sent)
        telegram.say(AMINA, what)
        await until(lambda: len(telegram.sent) > before)
        return telegram.sent[-1]

    async def press(sent: Sent, label: str) -> Sent:
        before = len(telegram.sent)
        telegram.press(sent, label)
        await until(lambda: len(telegram.sent) > before)
        return telegram.sent[-1]

    with (
        working(EchoEngine(), chat_settings),
        working(EchoEngine("other", "دابا: "), chat_settings),
    ):
        async with bots(chat_settings):
            welcome = await ask("/start from_a_poster")
            assert "مرحبا" in welcome.text and "/language" in welcome.text
            answer = await ask("سلام")
            telegram.press(answer, "👎")
            assert (await ask("/regenerate")).text == "سلام"
            exported = await ask("/export")
            turns = json.loads(exported.parameters["document"])
            assert [turn["said"][0]["text"] for turn in turns] == ["سلام"]
            assert turns[0]["answer"] == "سلام" and exported.text

            models = await ask("/model")
            assert "echo" in models.text
            assert "other" in (await press(models, "other")).text
            assert (await ask("شكون؟")).text == "دابا: شكون؟"
            settings = await ask("/settings")
            assert "other" in settings.text
            tongues = await press(settings, "اللغة")
            assert "Let me" not in tongues.text
            assert "parlerai" in (await press(tongues, "Français")).text
            assert "Français" in (await ask("/settings")).text
            assert (await ask("/model nonsense")).parameters["reply_markup"]
            assert "arrêter" in (await ask("/stop")).text

            feedback = await Preferences(redis, chat_settings).feedback(f"telegram:{AMINA}")
            assert list(feedback.values()) == ["down"]
            assert all(ident.startswith(f"telegram:{AMINA}:/") for ident in feedback)
            await ask("/forget")
            assert not await Preferences(redis, chat_settings).feedback(f"telegram:{AMINA}")
            assert "export" not in (await ask("/export")).parameters
    assert not telegram.refused


async def test_pictures_voices_stickers_and_files_get_one_polite_word(
    telegram: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    file = {"file_id": "f", "file_unique_id": "u"}
    size = {"width": 9, "height": 9}
    kinds: list[dict[str, Any]] = [
        {"photo": [{**file, **size}]},
        {"voice": {**file, "duration": 3}},
        {"document": file},
        {"sticker": {**file, **size, "type": "regular", "is_animated": False, "is_video": False}},
        {"location": {"latitude": 33.5, "longitude": -7.6}},
        {"contact": {"phone_number": "0612", "first_name": "Amina"}},
    ]
    async with bots(chat_settings):
        for chat, kind in enumerate(kinds, 1):
            telegram.update(message=telegram.message(chat, **kind))
        await until(lambda: all(telegram.said(chat) for chat in range(1, len(kinds) + 1)))
        for _ in range(5):  # an album
            telegram.update(message=telegram.message(AMINA, media_group_id="1", **kinds[0]))
        telegram.say(AMINA, "سلام")
        await until(lambda: "سلام" in telegram.said(AMINA))
    assert {text for chat in range(1, len(kinds) + 1) for text in telegram.said(chat)} == {
        catalog.text("text-only", "ary")
    }
    assert telegram.said(AMINA) == [catalog.text("text-only", "ary"), "سلام"]


async def test_a_file_whose_sending_fails_is_sent_again(
    telegram: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    async with bots(chat_settings):
        telegram.say(AMINA, "سلام")
        await until(lambda: telegram.said(AMINA))
        for failure in ("429", "500", "dropped"):
            telegram.fail = first(failure, 1, "sendDocument")  # type: ignore[arg-type]
            before = len(telegram.sent)
            telegram.say(AMINA, "/export")
            await until(lambda n=before: len(telegram.sent) > n)  # type: ignore[misc]
    assert all("document" in sent.parameters for sent in telegram.sent[1:])


async def test_a_text_that_is_too_long_is_refused_with_a_clear_message(
    telegram: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    limits = chat_settings.limits.model_copy(update={"message_chars": 50})
    async with bots(chat_settings.model_copy(update={"limits": limits})):
        telegram.say(AMINA, "كلام طويل بزاف " * 10)
        await until(lambda: telegram.said(AMINA))
        telegram.say(AMINA, "سلام")
        await until(lambda: len(telegram.said(AMINA)) == 2)
    assert telegram.said(AMINA) == [catalog.text("message-too-long", "ary"), "سلام"]
