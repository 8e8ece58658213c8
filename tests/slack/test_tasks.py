"""Tasks by command, in a thread and by shortcut: on which text, and where the result is said."""

from dataclasses import replace

from bots import catalog
from broker.settings import Settings
from broker.text.arabizi_latin import to_latin
from broker.text.script import script_of
from inference.catalog import find
from inference.echo import EchoEngine
from tests.channels.bot import Bots
from tests.channels.darija_worker import KNOWN, darija_worker
from tests.channels.worker import Listening
from tests.patience import until
from tests.slack.platform import AMINA, SAMIR, SECRET, SOUK, Platform
from tests.slack.store import client, models_at_work
from tests.workers.worker_in_thread import working

MARKET, COMING = "السوق غدا مع التسعود فالمدينة", "واخا أنا جاية معاكم نشاء الله"
NEEDING_TEXT = ("translate", "explain", "arabizi")
TO_FRENCH, TO_ENGLISH = "لفرنس", "لإنجليزية"  # as the model is asked


async def test_a_slash_command_works_in_the_users_own_messages_and_remembers_the_language(
    slack: Platform, chat_settings: Settings, bots: Bots
) -> None:
    souk, direct, model = slack.atay.channels[SOUK], slack.atay.direct(AMINA), Listening()
    commands = [f"translate fr {MARKET}", f"translate {COMING}", f"translate b anglais {MARKET}"]
    commands += [f"{name} {MARKET}" for name in ("summarize", "explain", "sentiment")]
    with working(model, chat_settings):
        async with bots(chat_settings):
            for number, command in enumerate(commands, 1):
                slack.slash(command, SOUK)
                await until(lambda n=number: len(slack.said(direct)) == 2 * n)  # type: ignore[misc]
            await until(lambda: len(slack.ephemeral) == len(commands))
    assert [TO_FRENCH in asked for asked in model.asked] == [True, True, *[False] * 4]
    assert TO_ENGLISH in model.asked[2] and COMING in model.asked[1]
    assert all(MARKET in asked for asked in [model.asked[0], *model.asked[2:]])
    assert len(set(model.asked)) == 6
    headings = slack.said(direct)[::2]
    names = ["translation"] * 3 + ["summary", "explanation", "sentiment"]
    texts = [MARKET, COMING, *[MARKET] * 4]
    assert headings == [
        f"{catalog.text(f'slack-{name}', 'ary')}\n{text}"
        for name, text in zip(names, texts, strict=True)
    ]
    threads = [one.thread_ts for one in slack.answers(direct)][1::2]
    assert threads == [one.ts for one in slack.answers(direct)[::2]]
    assert {told for _, _, _, told, _ in slack.ephemeral} == {
        catalog.text("slack-see-direct", "ary")
    }
    assert not slack.said(souk) and not slack.refused


async def test_in_a_thread_a_task_means_what_was_said_there(
    slack: Platform, chat_settings: Settings, bots: Bots
) -> None:
    souk, model = slack.atay.channels[SOUK], Listening()
    typed = ["!summarize", "!summarize 1", "!translate en", "!explain", "!sentiment"]
    with working(model, chat_settings):
        async with bots(chat_settings):
            start = slack.say(SOUK, MARKET, user=SAMIR)
            slack.say(SOUK, COMING, thread_ts=start.ts)
            for number, text in enumerate(typed, 1):
                slack.say(SOUK, f"@mersal {text}", thread_ts=start.ts)
                await until(lambda n=number: len(slack.said(souk)) == n)  # type: ignore[misc]
            slack.say(SOUK, "صافي شكرا", thread_ts=start.ts)  # which is said to people
            slack.say(SOUK, f"@mersal !explain {MARKET}", thread_ts=start.ts)
            await until(lambda: len(slack.said(souk)) == 6)
    assert not any("صافي" in asked for asked in model.asked)
    whole, last, english, explained, felt, _ = (one.replace("\u200f", "") for one in model.asked)
    answers = [one.replace("\u200f", "") for one in slack.said(souk)]
    assert MARKET in whole and COMING in whole and "Samir-atay" in whole
    assert MARKET in last and "!summarize" not in last  # the answer to the first one
    assert TO_ENGLISH in english and english.endswith(f"\n{answers[1]}")
    assert answers[2] in explained and answers[3] in felt
    assert all(one.thread_ts == start.ts for one in slack.answers(souk))
    assert not slack.refused and not slack.ephemeral


async def test_without_a_text_one_is_asked_for_and_a_channel_has_its_latest_messages(
    slack: Platform, chat_settings: Settings, bots: Bots
) -> None:
    direct, model = slack.atay.direct(AMINA), Listening()
    with working(model, chat_settings):
        async with bots(chat_settings):
            for number, name in enumerate(NEEDING_TEXT, 1):
                slack.slash(name, SOUK)
                await until(lambda n=number: len(slack.ephemeral) == n)  # type: ignore[misc]
            slack.say(SOUK, MARKET, user=SAMIR)
            slack.say(SOUK, COMING)
            slack.slash("summarize", SOUK)
            await until(lambda: len(slack.said(direct)) == 2)
            slack.slash("summarize 1", SOUK)
            await until(lambda: len(slack.said(direct)) == 4)
    for name, (_, _, _, told, _) in zip(NEEDING_TEXT, slack.ephemeral, strict=False):
        assert f"/mersal {name}" in told
    every, latest = model.asked
    assert MARKET in every and COMING in every
    assert COMING in latest and MARKET not in latest


async def test_shortcuts_work_in_the_users_own_messages(
    slack: Platform, chat_settings: Settings, bots: Bots
) -> None:
    souk, direct, model = slack.atay.channels[SOUK], slack.atay.direct(AMINA), Listening()
    with working(model, chat_settings):
        async with bots(chat_settings):
            start = slack.say(SOUK, MARKET, user=SAMIR)
            slack.say(SOUK, COMING, thread_ts=start.ts)
            for number, name in enumerate(("summarize_thread", "explain", "sentiment"), 1):
                slack.shortcut(souk, start, name)
                await until(lambda n=number: len(slack.said(direct)) == 2 * n)  # type: ignore[misc]
            slack.shortcut(souk, start, "translate")  # into which language, is asked
            await until(lambda: len(slack.said(direct)) == 8)
            slack.press(direct, slack.answers(direct)[-1], "English")
            await until(lambda: len(slack.said(direct)) == 9)
            slack.shortcut(souk, start, "translate")  # it is remembered
            await until(lambda: len(slack.said(direct)) == 11)
            await until(lambda: len(slack.ephemeral) == 5)
    assert COMING in model.asked[0] and not any(COMING in asked for asked in model.asked[1:])
    assert all(MARKET in asked for asked in model.asked) and len(model.asked) == 5
    assert [TO_ENGLISH in asked for asked in model.asked] == [False] * 3 + [True] * 2
    assert not slack.said(souk) and not slack.refused


async def test_where_the_bot_is_not_a_message_can_be_worked_on_and_no_thread(
    slack: Platform, chat_settings: Settings, bots: Bots
) -> None:
    out, direct, model = slack.atay.open("C9", "channel"), slack.atay.direct(AMINA), Listening()
    out.members.remove(slack.atay.bot_user)
    with working(model, chat_settings):
        async with bots(chat_settings):
            start = slack.say("C9", MARKET, user=SAMIR)
            slack.shortcut(out, start, "summarize_thread")
            await until(lambda: len(slack.ephemeral) == 1)
            slack.slash("summarize", "C9")
            await until(lambda: len(slack.ephemeral) == 2)
            slack.shortcut(out, start, "explain")
            await until(lambda: len(slack.said(direct)) == 2)
    told = [text for _, _, _, text, _ in slack.ephemeral[:2]]
    assert told == [catalog.text("slack-not-in-channel", "ary")] * 2
    assert len(model.asked) == 1 and MARKET in model.asked[0]


async def test_letters_are_changed_without_a_model_and_for_the_users_eyes_alone(
    slack: Platform, chat_settings: Settings, bots: Bots
) -> None:
    souk = slack.atay.channels[SOUK]
    async with bots(chat_settings):
        arabic = slack.say(SOUK, "واش كاين <!here> أتاي؟", user=SAMIR)
        latin = slack.say(SOUK, "wach kayn atay?", user=SAMIR)
        for number, message in enumerate((arabic, latin), 1):
            slack.shortcut(souk, message, "letters")
            await until(lambda n=number: len(slack.ephemeral) == n)  # type: ignore[misc]
        slack.slash("3arabi wach kayn atay?", SOUK)
        await until(lambda: len(slack.ephemeral) == 3)
        slack.say(SOUK, "@mersal !arabizi", thread_ts=arabic.ts)
        await until(lambda: slack.said(souk))
    latin_told, arabic_told, commanded = (told for _, _, _, told, _ in slack.ephemeral)
    assert script_of(latin_told) == "latn" and script_of(arabic_told) == "arab"
    assert commanded == arabic_told
    assert slack.said(souk) == [latin_told]


async def test_what_the_model_was_not_made_for_is_said_at_once_with_those_that_were(
    slack: Platform, chat_settings: Settings, bots: Bots
) -> None:
    souk, able = slack.atay.channels[SOUK], Listening()
    able._model_id = "able"
    chatty = replace(find("echo"), tasks=())
    async with bots(chat_settings), client(chat_settings) as store:
        with working(EchoEngine(), chat_settings, card=chatty):
            await models_at_work(1, store, chat_settings)
            start = slack.say(SOUK, MARKET, user=SAMIR)
            slack.say(SOUK, "@mersal !explain", thread_ts=start.ts)
            await until(lambda: slack.said(souk))
            with working(able, chat_settings):
                await models_at_work(2, store, chat_settings)
                slack.say(SOUK, "@mersal !explain", thread_ts=start.ts)
                await until(lambda: len(slack.said(souk)) == 2)
                slack.press(souk, slack.answers(souk)[1], "able")
                await until(lambda: slack.ephemeral)
                slack.say(SOUK, f"@mersal !explain {COMING}", thread_ts=start.ts)
                await until(lambda: len(slack.said(souk)) == 3)
    nobody, others, explained = slack.said(souk)
    assert nobody == catalog.text("task-nobody-can", "ary")
    assert others == catalog.text("task-others-can", "ary", models="able")
    assert COMING in explained and len(able.asked) == 1


async def test_who_writes_arabizi_is_answered_in_it_by_model_and_bot(
    slack: Platform, chat_settings: Settings, bots: Bots
) -> None:
    direct, secret = slack.atay.direct(AMINA), slack.atay.channels[SECRET]
    questions = {"salam, chno smitek?": "سميتك", "kifach ndir tajine dyal l7em?": "طاجين"}
    with darija_worker(chat_settings):
        async with bots(chat_settings):
            thread = ""
            for number, text in enumerate([*questions, "!settings"], 1):
                asked = slack.say("D", text, thread_ts=thread)
                thread = thread or asked.ts
                await until(lambda n=number: len(slack.said(direct)) == n, 90)  # type: ignore[misc]
            slack.say(SECRET, "@mersal choukran bezzaf 3la lmosa3ada")
            await until(lambda: slack.said(secret))
            slack.say("D", "شحال كيدير هادشي كامل؟", thread_ts=thread)
            await until(lambda: len(slack.said(direct)) == 4)
    *answers, settings, arabic = slack.said(direct)
    assert answers == [to_latin(KNOWN[word]) for word in questions.values()]
    assert slack.said(secret) == [to_latin(KNOWN["شكرا"])]
    assert script_of(settings) == "latn"
    assert arabic == KNOWN["شحال"]
    assert not slack.refused


async def test_what_is_chosen_at_home_holds_for_every_conversation(
    slack: Platform, chat_settings: Settings, bots: Bots
) -> None:
    direct, home, model = slack.atay.direct(AMINA), slack.atay.homes, Listening()
    choices = [(catalog.text("script-latn", "ary"), "script"), ("Français", "target")]
    choices.append((catalog.text("tasks-kept", "ary"), "tasks"))
    with working(model, chat_settings):
        async with bots(chat_settings):
            slack.open_home()
            await until(lambda: home)
            for label, what in choices:
                before = home[AMINA]
                slack.press_at_home(label, what)
                await until(lambda view=before: home[AMINA] != view)  # type: ignore[misc]
            asked = slack.say("D", MARKET)
            await until(lambda: slack.said(direct))
            slack.say("D", f"!translate {COMING}", thread_ts=asked.ts)
            await until(lambda: len(slack.said(direct)) == 2)
    shown = [block["text"]["text"] for block in home[AMINA]["blocks"] if block["type"] == "section"]
    assert catalog.text("settings-target", "ary", target="Français") in shown
    assert any(catalog.text("tasks-kept", "ary") in text for text in shown)
    assert script_of(slack.said(direct)[0]) == "latn"
    assert TO_FRENCH in model.asked[1]
    assert not slack.refused
