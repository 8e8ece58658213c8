"""From a message on Slack to its answer, through everything."""

import pytest
from pydantic import SecretStr

from bots import catalog
from bots.slack import serve
from broker.errors import SettingsError
from broker.settings import Settings, SlackSettings
from broker.text.direction import direction
from inference.echo import EchoEngine
from inference.engine import CompletionRequest
from tests.channels.bot import Bots
from tests.channels.worker import Listening
from tests.patience import until
from tests.slack.platform import AMINA, SAMIR, SECRET, SOUK, Platform
from tests.workers.worker_in_thread import working


def changed(settings: Settings, **slack: object) -> Settings:
    return settings.model_copy(update={"slack": settings.slack.model_copy(update=slack)})


async def test_a_mention_in_darija_is_answered_once_in_its_thread(
    slack: Platform, chat_settings: Settings, bots: Bots
) -> None:
    souk = slack.atay.channels[SOUK]
    question = "سلام، واش كاين أتاي مزيان عندكم؟ " * 5
    with working(EchoEngine(delay_s=0.8), chat_settings):
        async with bots(chat_settings):
            slack.say(SOUK, "nobody asked the bot", user=SAMIR)
            asked = slack.say(SOUK, f"@mersal {question}")  # arrives as two events
            await until(lambda: slack.said(souk))
            slack.courier.again(2)
            slack.say(SOUK, "@mersal زيد", thread_ts=asked.ts)
            await until(lambda: len(slack.said(souk)) == 2)
            await until(lambda: not slack.courier.unacknowledged)
    first, second = slack.answers(souk)
    assert (first.thread_ts, second.thread_ts) == (asked.ts, asked.ts)
    assert question.strip() in first.seen and "زيد" in second.seen
    assert first.streamed and len(first.texts) > 2  # shown while it is written
    assert first.metadata is not None
    assert slack.courier.deliveries and not slack.refused


class Turning(EchoEngine):
    """Answers in Arabic, and then in French."""

    def answer(self, request: CompletionRequest) -> str:
        return (
            "مرحبا بيك، هادو الأثمنة ديالنا. " * 8 + "\n\n" + "Voici les prix de la boutique. " * 8
        )


async def test_an_answer_that_turns_to_the_other_direction_goes_on_in_blocks(
    slack: Platform, chat_settings: Settings, bots: Bots
) -> None:
    souk = slack.atay.channels[SOUK]
    with working(Turning(delay_s=3.0), chat_settings):
        async with bots(chat_settings):
            slack.say(SOUK, "@mersal بشحال؟")
            await until(lambda: slack.answers(souk) and slack.answers(souk)[0].metadata)
            growing = list(slack.answers(souk)[0].blocks)
            await until(lambda: "context_actions" in str(slack.answers(souk)[0].blocks))
    (answer,) = slack.answers(souk)
    for shown in (growing, answer.blocks):
        texts = [block["text"] for block in shown if block["type"] == "markdown"]
        assert [direction(text) for text in texts] == ["rtl", "ltr"]
    calls = [name for name, _ in slack.calls]
    streamed = "".join(str(given.get("markdown_text")) for _, given in slack.calls)
    assert answer.streamed and "مرحبا" in streamed and "les prix de" not in streamed
    assert calls.count("chat.stopStream") == 1 and calls.count("chat.update") > 1
    assert not slack.refused


async def test_in_a_thread_with_the_bot_follow_ups_need_no_mention_and_others_none(
    slack: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    souk = slack.atay.channels[SOUK]
    async with bots(chat_settings):
        other = slack.say(SOUK, "شكون جاي؟", user=SAMIR)
        slack.say(SOUK, "أنا", thread_ts=other.ts)
        asked = slack.say(SOUK, "@mersal one")
        await until(lambda: len(slack.said(souk)) == 1)
        slack.say(SOUK, "two", user=SAMIR, thread_ts=asked.ts)
        await until(lambda: len(slack.said(souk)) == 2)
        slack.say(SOUK, f"<@{AMINA}> not to the bot", user=SAMIR, thread_ts=asked.ts)
        slack.say(SOUK, "three", thread_ts=asked.ts)
        await until(lambda: len(slack.said(souk)) == 3)
    said = slack.said(souk, asked.ts)
    assert [one.split()[-1] for one in said] == ["one", "two", "three"]
    assert not slack.said(souk, other.ts)


async def test_a_file_alone_gets_a_polite_word_and_one_with_words_an_answer(
    slack: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    voice = [{"id": "F1", "name": "audio_message.m4a", "mimetype": "audio/mp4"}]
    direct = slack.atay.direct(AMINA)
    async with bots(chat_settings):
        alone = slack.say("D", "", files=voice)
        await until(lambda: len(slack.said(direct)) == 1)
        asked = slack.say("D", "شنو هادا؟", files=voice)
        await until(lambda: len(slack.said(direct)) == 2)
    assert slack.said(direct, alone.ts) == [catalog.text("text-only", "ary")]
    assert slack.said(direct, asked.ts)[0].endswith("شنو هادا؟")


async def test_the_model_sees_who_said_what_and_the_thread_so_far(
    slack: Platform, chat_settings: Settings, bots: Bots
) -> None:
    souk, model = slack.atay.channels[SOUK], Listening()
    with working(model, chat_settings):
        async with bots(chat_settings):
            start = slack.say(SOUK, "السعر ديال أتاي 25 درهم", user=SAMIR)
            slack.say(SOUK, f"غالي <@{SAMIR}>! شوف <#{SOUK}> و <https://a.ma|الموقع>",
                      thread_ts=start.ts)  # fmt: skip
            slack.say(SOUK, "@mersal لخص", thread_ts=start.ts)
            await until(lambda: slack.said(souk))
    (prompt,) = model.asked
    for part in ("Samir-atay", "السعر ديال أتاي 25 درهم", "Amina-atay", "غالي", "@Samir-atay",
                 "#souk", "الموقع", "https://a.ma", "لخص"):  # fmt: skip
        assert part in prompt, part
    assert "<@" not in prompt and "<#" not in prompt and "<http" not in prompt


async def test_direct_messages_and_groups_of_friends_are_conversations(
    slack: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    friends = slack.atay.channels["G2FRIENDS"]
    async with bots(chat_settings):
        asked = slack.say("D", "salam")
        direct = slack.atay.direct(AMINA)
        await until(lambda: slack.said(direct))
        slack.say("D", "كيداير", thread_ts=asked.ts)
        await until(lambda: len(slack.said(direct)) == 2)
        slack.say("G2FRIENDS", "@mersal salam")
        await until(lambda: slack.said(friends))
    assert slack.said(direct) == ["salam", "كيداير"]
    assert not slack.refused


async def test_bots_are_never_answered(
    slack: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    souk = slack.atay.channels[SOUK]
    async with bots(chat_settings):
        asked = slack.say(SOUK, "@mersal salam")
        await until(lambda: slack.said(souk))
        robot = slack.say(SOUK, "beep", thread_ts=asked.ts)
        event = {"type": "message", "channel": SOUK, "channel_type": "channel", "text": "beep",
                 "bot_id": "B9", "user": "U9", "ts": robot.ts, "thread_ts": asked.ts}  # fmt: skip
        await until(lambda: len(slack.said(souk)) == 2)  # a person's beep
        slack.tell(slack.atay, souk, {**event, "ts": slack.atay.next_ts()})
        slack.tell(slack.atay, souk, {**event, "ts": slack.atay.next_ts(),
                                      "subtype": "bot_message"})  # fmt: skip
        slack.say(SOUK, "last", thread_ts=asked.ts)
        await until(lambda: slack.said(souk)[-1].endswith("last"))
    assert len(slack.said(souk)) == 3


async def test_what_a_model_writes_calls_nobody(
    slack: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    souk = slack.atay.channels[SOUK]
    evil = f"&lt;!channel&gt; &lt;!everyone&gt; &lt;@{SAMIR}&gt; &lt;!subteam^S1&gt; @channel @here"
    async with bots(chat_settings):
        slack.say(SOUK, f"@mersal {evil} end")
        await until(lambda: slack.said(souk) and slack.said(souk)[-1].endswith("end"))
    (answer,) = slack.answers(souk)
    for said in [*answer.texts, str(answer.blocks)]:
        for call in ("<!", "<@", "@channel", "@here", "@everyone"):
            assert call not in said.replace(f"<@{slack.atay.bot_user}>", ""), (call, said)


async def test_a_long_answer_is_split_and_a_table_is_native(
    slack: Platform, chat_settings: Settings, bots: Bots
) -> None:
    class Long(EchoEngine):
        def answer(self, request: CompletionRequest) -> str:
            table = "| المنتج | الثمن |\n|---|---|\n| أتاي | 25 |\n| زيت | **120** |"
            lines = [f"## قسم {n}\n\n" + "جملة طويلة شوية. " * 50 for n in range(30)]
            return "\n\n".join([f"و**الثمن** هو:\n\n{table}", *lines, "end"])

    wide = chat_settings.worker.model_copy(update={"max_new_tokens": 100_000})
    settings = changed(chat_settings, streaming=False).model_copy(update={"worker": wide})
    souk = slack.atay.channels[SOUK]
    with working(Long(), settings):
        async with bots(settings):
            slack.say(SOUK, "@mersal table")
            await until(lambda: slack.said(souk) and slack.said(souk)[-1].endswith("end"))
    answers = slack.answers(souk)
    whole = "\n".join(one.seen for one in answers)
    assert len(answers) > 2
    assert all(f"قسم {n}\n" in whole for n in range(30))
    kinds = [block["type"] for one in answers for block in one.blocks]
    assert kinds.count("table") == 1
    assert not slack.refused


async def test_only_who_is_admitted_is_answered(
    slack: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    souk, secret = slack.atay.channels[SOUK], slack.atay.channels[SECRET]
    settings = changed(chat_settings, allowed=SECRET, denied=SAMIR, admins="")
    async with bots(settings):
        slack.say(SOUK, "@mersal not here")
        slack.say(SECRET, "@mersal not me", user=SAMIR)
        slack.say(SECRET, "@mersal me")
        await until(lambda: slack.said(secret))
        await until(lambda: not slack.courier.unacknowledged)
    assert [one.split()[-1] for one in slack.said(secret)] == ["me"]
    assert not slack.said(souk)


async def test_a_token_that_slack_does_not_know_stops_the_start(
    slack: Platform, chat_settings: Settings
) -> None:
    for name in ("bot_token", "app_token"):
        secret = "xoxb-not-the-token" if name == "bot_token" else "xapp-not-the-token"
        settings = changed(chat_settings, **{name: SecretStr(secret)})
        with pytest.raises(SettingsError, match=f"MERSAL_SLACK__{name.upper()}") as told:
            await serve(settings)
        assert secret not in str(told.value)
    with pytest.raises(SettingsError, match="MERSAL_SLACK__"):
        await serve(chat_settings.model_copy(update={"slack": SlackSettings()}))
