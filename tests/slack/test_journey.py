"""From a message on Slack to its answer, through everything."""

import pytest
from pydantic import SecretStr

from bots.slack import serve
from bots.slack.status import SESSION
from broker.errors import SettingsError
from broker.settings import Settings, SlackSettings
from inference.echo import EchoEngine
from inference.engine import CompletionRequest
from tests.channels.bot import Bots
from tests.patience import until
from tests.slack.platform import AMINA, SAMIR, SECRET, SOUK, Platform
from tests.workers.worker_in_thread import working


class Listening(EchoEngine):
    """Keeps what it was asked, as the model gets it."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def answer(self, request: CompletionRequest) -> str:
        self.asked.append(request.messages[-1].content)
        return super().answer(request)


def changed(settings: Settings, **slack: object) -> Settings:
    return settings.model_copy(update={"slack": settings.slack.model_copy(update=slack)})


def methods(slack: Platform) -> list[str]:
    return [method for method, _ in slack.calls]


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


async def test_edits_ask_again_unfolded_links_do_not_and_the_deleted_is_not_answered(
    slack: Platform, chat_settings: Settings, bots: Bots
) -> None:
    team, model = slack.atay, Listening()
    direct = team.direct(AMINA)
    async with bots(chat_settings):
        with working(model, chat_settings):
            asked = slack.say("D", "old https://a.ma")
            await until(lambda: slack.said(direct))
            slack.unfurl(direct, asked, team)
            slack.edit(direct, asked, "new question", team)
            await until(lambda: any(one.endswith("new question") for one in slack.said(direct)))
        gone = slack.say("D", "never mind", thread_ts=asked.ts)
        slack.say("D", "!help", thread_ts=asked.ts)  # when it is answered, so is what came before
        await until(lambda: sum("/mersal" in one for one in slack.said(direct)) == 1)
        slack.delete(direct, gone, team)
        slack.say("D", "the last", thread_ts=asked.ts)
        slack.say("D", "!help", thread_ts=asked.ts)
        await until(lambda: sum("/mersal" in one for one in slack.said(direct)) == 2)
        with working(model, chat_settings):
            await until(lambda: "the last" in slack.said(direct))
    assert [one.splitlines()[-1] for one in model.asked] == [
        "old https://a.ma",
        "new question",
        "the last",
    ]


async def test_an_edit_that_adds_the_mention_is_answered_once(
    slack: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    souk = slack.atay.channels[SOUK]
    async with bots(chat_settings):
        start = slack.say(SOUK, "شكون جاي؟", user=SAMIR)
        forgot = slack.say(SOUK, "شحال", thread_ts=start.ts)
        await until(lambda: not slack.courier.unacknowledged)
        slack.edit(souk, forgot, "@mersal شحال", slack.atay)
        await until(lambda: slack.said(souk))
        slack.edit(souk, forgot, "@mersal شحال دابا", slack.atay)
        await until(lambda: len(slack.said(souk)) == 2)
        slack.say(SOUK, "!help", thread_ts=start.ts)  # when it is answered, so is what came before
        await until(lambda: "/mersal" in slack.said(souk)[-1])
    assert [one.splitlines()[-1].split()[-1] for one in slack.said(souk)[:-1]] == ["شحال", "دابا"]


async def test_a_deleted_question_that_others_answered_is_not_answered(
    slack: Platform, chat_settings: Settings, bots: Bots
) -> None:
    souk, model = slack.atay.channels[SOUK], Listening()
    async with bots(chat_settings):
        asked = slack.say(SOUK, "@mersal never mind")
        slack.say(SOUK, f"<@{AMINA}> I know", user=SAMIR, thread_ts=asked.ts)
        await until(lambda: not slack.courier.unacknowledged)
        slack.delete(souk, asked, slack.atay)
        slack.say(SOUK, "!help", thread_ts=asked.ts)  # when it is answered, so is what came before
        await until(lambda: slack.said(souk))
        with working(model, chat_settings):
            slack.say(SOUK, "@mersal the last", thread_ts=asked.ts)
            await until(lambda: any(one.endswith("the last") for one in slack.said(souk)))
    assert len(model.asked) == 1 and model.asked[0].endswith("the last")


async def test_slash_commands_answer_the_user_alone(
    slack: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    async with bots(chat_settings):
        for number, text in enumerate(["help", "nonsense", "language fr", "", "model", "new"], 1):
            slack.slash(text, SOUK)
            await until(lambda n=number: len(slack.ephemeral) == n)  # type: ignore[misc]
        await until(lambda: not slack.courier.unacknowledged)
    told = [text for _, _, user, text, _ in slack.ephemeral if user == AMINA]
    assert len(told) == 6
    assert "/mersal" in told[0] and "/mersal" in told[3]
    assert "parlerai" in told[2] and "zéro" in told[5]
    assert not slack.refused and not slack.said(slack.atay.channels[SOUK])


async def test_buttons_under_an_answer_regenerate_it_and_keep_thumbs(
    slack: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    souk = slack.atay.channels[SOUK]
    async with bots(chat_settings):
        slack.say(SOUK, "@mersal سلام")
        await until(lambda: slack.said(souk) and slack.answers(souk)[0].blocks)
        slack.press(souk, slack.answers(souk)[0], "جواب مزيان")
        slack.press(souk, slack.answers(souk)[0], "🔄")
        await until(lambda: len(slack.said(souk)) == 2)
        await until(lambda: not slack.courier.unacknowledged)
    first, again = slack.said(souk)
    assert first == again
    assert not slack.refused


async def test_slacks_own_stop_button_ends_an_answer(
    slack: Platform, chat_settings: Settings, bots: Bots
) -> None:
    souk = slack.atay.channels[SOUK]
    with working(EchoEngine(delay_s=60), chat_settings):
        async with bots(chat_settings):
            asked = slack.say(SOUK, "@mersal " + "واحد جوج تلاتة " * 40)
            await until(lambda: slack.answers(souk) and len(slack.answers(souk)[0].texts) > 1)
            slack.stop(souk, asked.ts)
            await until(lambda: any("حبست" in one for one in slack.said(souk)), 20)


async def test_the_agents_surface_has_prompts_a_status_and_a_title(
    slack: Platform, chat_settings: Settings, bots: Bots
) -> None:
    with working(EchoEngine(delay_s=1.0), chat_settings):
        async with bots(chat_settings):
            slack.open_home(tab="messages")
            await until(lambda: slack.atay.prompts)
            asked = slack.say("D", "عطيني الثمن ديال أتاي")
            direct = slack.atay.direct(AMINA)
            await until(lambda: slack.said(direct))
    assert all(one["title"] and one["message"] for one in slack.atay.prompts[0]["prompts"])
    here = (direct.id, asked.ts)
    assert (*here, "كنكتب الجواب…") in slack.atay.statuses
    sessions = [given["status"] for name, given in slack.calls if name == SESSION]
    assert sessions == ["processing", "active"] and slack.atay.sessions[here] == "active"
    assert any(one[:2] == here for one in slack.atay.titles)
    assert not slack.refused


async def test_the_home_says_what_the_bot_is(
    slack: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    async with bots(chat_settings):
        slack.open_home()
        slack.open_home(user=SAMIR)
        await until(lambda: len(slack.atay.homes) == 2)
    amina, samir = (str(slack.atay.homes[user]["blocks"]) for user in (AMINA, SAMIR))
    assert "echo" in amina and "echo" in samir
    assert amina != samir  # each in his own language
    assert not slack.refused


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


async def test_shortcuts_of_a_message_translate_and_summarise(
    slack: Platform, chat_settings: Settings, bots: Bots
) -> None:
    from bots.slack.manifest import manifest

    souk, model = slack.atay.channels[SOUK], Listening()
    names = [one["callback_id"] for one in manifest()["features"]["shortcuts"]]
    with working(model, chat_settings):
        async with bots(chat_settings):
            start = slack.say(SOUK, "السوق غدا مع التسعود", user=SAMIR)
            slack.say(SOUK, "واخا أنا جاية", thread_ts=start.ts)
            for number, name in enumerate(names, 1):
                slack.shortcut(souk, start, name)
                await until(lambda n=number: len(model.asked) == n)  # type: ignore[misc]
            await until(lambda: len(slack.said(souk)) + len(slack.ephemeral) >= len(names))
    assert len(names) == 5
    assert all("السوق غدا" in prompt for prompt in model.asked)
    assert any("واخا أنا جاية" in prompt for prompt in model.asked)  # the whole thread
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
