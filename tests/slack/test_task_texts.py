"""Which text a task is about, however it is asked for; and what it leaves as it was."""

import time
from dataclasses import replace
from typing import Any

import pytest

from bots import catalog
from broker.settings import Settings
from inference.catalog import find
from inference.echo import EchoEngine
from inference.engine import CompletionRequest
from tests.channels.bot import Bots
from tests.channels.worker import Listening
from tests.patience import until
from tests.slack.platform import AMINA, SAMIR, SOUK, Failure, Platform
from tests.slack.store import client, models_at_work
from tests.slack.workspace import Message
from tests.workers.worker_in_thread import working

MARKET, COMING = "السوق غدا مع التسعود فالمدينة", "واخا أنا جاية معاكم نشاء الله"
TO_FRENCH = "لفرنس"  # as the model is asked


async def test_a_task_is_about_no_command_and_none_of_the_bots_own_words(
    slack: Platform, chat_settings: Settings, bots: Bots
) -> None:
    souk, model = slack.atay.channels[SOUK], Listening()
    async with bots(chat_settings):
        start = slack.say(SOUK, MARKET, user=SAMIR)
        slack.say(SOUK, "@mersal !translate", thread_ts=start.ts)
        await until(lambda: len(slack.said(souk)) == 1)
        for name in ("explain", "sentiment", "help"):  # the first ones wait
            slack.say(SOUK, f"@mersal !{name}", thread_ts=start.ts)
        await until(lambda: len(slack.said(souk)) == 2)
        with working(model, chat_settings):
            await until(lambda: len(slack.said(souk)) == 4)
            slack.say(SOUK, "@mersal !translate fr", thread_ts=start.ts)
            await until(lambda: len(slack.said(souk)) == 5)
    assert slack.said(souk)[0] == catalog.text("task-which-language", "ary")
    assert len(model.asked) == 3 and TO_FRENCH in model.asked[2]
    assert all(one.endswith(f"\n{MARKET}") for one in model.asked[:2])
    assert "!" not in "".join(model.asked)
    assert not slack.refused


async def test_a_language_alone_is_of_the_text_that_waits_for_it_then_of_what_was_said_last(
    slack: Platform, chat_settings: Settings, bots: Bots
) -> None:
    souk, model = slack.atay.channels[SOUK], Listening()
    with working(model, chat_settings):
        async with bots(chat_settings):
            start = slack.say(SOUK, MARKET, user=SAMIR)
            slack.say(SOUK, f"@mersal !translate {COMING}", thread_ts=start.ts)
            await until(lambda: len(slack.said(souk)) == 1)
            slack.say(SOUK, "@mersal !translate fr", thread_ts=start.ts)
            await until(lambda: len(slack.said(souk)) == 2)
            slack.say(SOUK, MARKET, user=SAMIR, thread_ts=start.ts)
            slack.say(SOUK, "@mersal !translate en", thread_ts=start.ts)
            await until(lambda: len(slack.said(souk)) == 3)
    waiting, said = model.asked
    assert waiting.endswith(f"\n{COMING}") and TO_FRENCH in waiting
    assert said.endswith(f"\n{MARKET}")


async def test_an_edited_task_is_done_again_and_no_command_reaches_the_model(
    slack: Platform, chat_settings: Settings, bots: Bots
) -> None:
    team, direct, model = slack.atay, slack.atay.direct(AMINA), Listening()
    with working(model, chat_settings):
        async with bots(chat_settings):
            asked = slack.say("D", f"!explain {MARKET}")
            await until(lambda: len(slack.said(direct)) == 1)
            slack.edit(direct, asked, f"!explain {COMING}", team)
            await until(lambda: len(slack.said(direct)) == 2)
            slack.edit(direct, asked, f"!translate fr {COMING}", team)
            await until(lambda: len(slack.said(direct)) == 3)
            slack.edit(direct, asked, "!new", team)  # of a command that is no task nothing comes
            slack.say("D", "!help", thread_ts=asked.ts)
            await until(lambda: "/mersal" in slack.said(direct)[-1])
    assert len(slack.said(direct)) == 4 and not slack.refused
    explained, again, translated = model.asked
    assert explained.endswith(f"\n{MARKET}")
    assert again.endswith(f"\n{COMING}") and TO_FRENCH not in again
    assert translated.endswith(f"\n{COMING}") and TO_FRENCH in translated


async def test_the_text_of_a_slash_command_is_read_without_slacks_markup(
    slack: Platform, chat_settings: Settings, bots: Bots
) -> None:
    model = Listening()
    with working(model, chat_settings):
        async with bots(chat_settings):
            slack.slash(f"explain 5 &lt; 6 &amp; <@{SAMIR}|samir> <https://a.ma>", SOUK)
            await until(lambda: model.asked)
    assert model.asked[0].endswith("\n5 < 6 & @Samir-atay https://a.ma")


async def test_a_mention_at_the_top_of_a_channel_summarizes_the_channel(
    slack: Platform, chat_settings: Settings, bots: Bots
) -> None:
    souk, model = slack.atay.channels[SOUK], Listening()
    with working(model, chat_settings):
        async with bots(chat_settings):
            for text in ("first", MARKET, COMING):
                slack.say(SOUK, text, user=SAMIR)
            asked = slack.say(SOUK, "@mersal !summarize 2")
            await until(lambda: slack.said(souk))
    (prompt,) = model.asked
    assert MARKET in prompt and COMING in prompt
    assert "first" not in prompt and "summarize" not in prompt
    assert slack.answers(souk)[0].thread_ts == asked.ts


@pytest.mark.parametrize("pages", [1, 2])
async def test_of_a_channel_so_many_messages_are_read_as_were_asked_for(
    slack: Platform, chat_settings: Settings, bots: Bots, pages: int
) -> None:
    """Pictures, which say nothing, are not among them; and where Slack gives one page, that is
    summarized."""

    def fail(_: str, given: dict[str, Any]) -> Failure | None:
        return "429" if pages == 1 and given.get("cursor") else None

    slack.fail = fail
    souk, model, now = slack.atay.channels[SOUK], Listening(), time.time()
    texts = ["first", MARKET, *[""] * 120, COMING]
    for number, text in enumerate(texts):
        slack.atay.keep(souk, Message(f"{now - 200 + number:.6f}", SAMIR, [text]))
    with working(model, chat_settings):
        async with bots(chat_settings):
            slack.slash("summarize 2", SOUK)
            await until(lambda: model.asked)
    (prompt,) = model.asked
    assert COMING in prompt and "first" not in prompt
    assert (MARKET in prompt) == (pages == 2)


class Counting(EchoEngine):
    """Says how many messages it was given."""

    def answer(self, request: CompletionRequest) -> str:
        return f"سولتيني {len(request.messages)}"


async def test_where_direct_messages_are_one_conversation_a_task_is_not_what_new_means(
    slack: Platform, chat_settings: Settings, bots: Bots
) -> None:
    ours = chat_settings.slack.model_copy(update={"direct": "one"})
    settings, direct = chat_settings.model_copy(update={"slack": ours}), slack.atay.direct(AMINA)
    with working(Counting(), settings):
        async with bots(settings):
            slack.say("D", "salam")
            await until(lambda: len(slack.said(direct)) == 1)
            slack.slash(f"explain {MARKET}", SOUK)
            await until(lambda: len(slack.said(direct)) == 3)
            slack.slash("new", direct.id)
            await until(lambda: len(slack.ephemeral) == 2)
            slack.say("D", "kidayr")
            await until(lambda: len(slack.said(direct)) == 4)
    first, *_, anew = slack.said(direct)
    assert anew == first


async def test_what_cannot_be_done_is_said_where_it_was_asked_for(
    slack: Platform, chat_settings: Settings, bots: Bots
) -> None:
    souk, chatty = slack.atay.channels[SOUK], replace(find("echo"), tasks=())
    limits = chat_settings.limits.model_copy(update={"message_chars": 50})
    settings = chat_settings.model_copy(update={"limits": limits})
    async with bots(settings), client(settings) as store:
        with working(EchoEngine(), settings, card=chatty):
            await models_at_work(1, store, settings)
            start = slack.say(SOUK, MARKET, user=SAMIR)
            slack.slash(f"explain {MARKET}", SOUK)
            await until(lambda: len(slack.ephemeral) == 1)
            slack.shortcut(souk, start, "explain")
            await until(lambda: len(slack.ephemeral) == 2)
            slack.slash(f"explain {MARKET} {COMING}", SOUK)
            await until(lambda: len(slack.ephemeral) == 3)
    told = [text for _, _, _, text, _ in slack.ephemeral]
    assert told[:2] == [catalog.text("task-nobody-can", "ary")] * 2
    assert told[2] == catalog.text("message-too-long", "ary")
    assert not slack.said(slack.atay.direct(AMINA))
