"""What is pressed: under answers, under the bot's own words, at home; and what is taken back."""

import pytest

from bots.slack.asker import user_key
from bots.slack.place import Workspace
from broker.preferences import Preferences
from broker.settings import Settings
from inference.echo import EchoEngine
from tests.channels.bot import Bots
from tests.channels.worker import Listening
from tests.patience import until
from tests.slack.platform import AMINA, SAMIR, SOUK, Platform
from tests.slack.store import client, models_at_work
from tests.workers.worker_in_thread import working

HERE = Workspace("T1ATAY")


async def test_thumbs_are_kept_until_the_user_wants_to_be_forgotten(
    slack: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    souk, amina = slack.atay.channels[SOUK], user_key(HERE, AMINA)
    async with bots(chat_settings), client(chat_settings) as store:
        preferences = Preferences(store, chat_settings)
        slack.say(SOUK, "@mersal سلام")
        await until(lambda: slack.said(souk) and slack.answers(souk)[0].blocks)
        for number, (label, thumb) in enumerate(
            [("جواب مزيان", "up"), ("جواب ماشي مزيان", "down")], 1
        ):
            slack.press(souk, slack.answers(souk)[0], label)
            await until(lambda n=number: len(slack.ephemeral) == n)  # type: ignore[misc]
            assert list((await preferences.feedback(amina)).values()) == [thumb]
        assert not await preferences.feedback(user_key(HERE, SAMIR))
        slack.slash("forget", SOUK)
        await until(lambda: len(slack.ephemeral) == 3)
        assert not await preferences.feedback(amina)


async def test_only_the_last_answer_is_made_anew(
    slack: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    souk = slack.atay.channels[SOUK]
    async with bots(chat_settings):
        asked = slack.say(SOUK, "@mersal واحد")
        await until(lambda: len(slack.said(souk)) == 1)
        slack.say(SOUK, "جوج", thread_ts=asked.ts)
        await until(lambda: len(slack.said(souk)) == 2 and slack.answers(souk)[1].blocks)
        slack.press(souk, slack.answers(souk)[0], "🔄")
        await until(lambda: slack.ephemeral)
        slack.press(souk, slack.answers(souk)[1], "🔄")
        await until(lambda: len(slack.said(souk)) == 3)
    assert [one.split()[-1] for one in slack.said(souk)] == ["واحد", "جوج", "جوج"]
    assert slack.ephemeral[0][3] == "كنقدر نعاود غير آخر جواب."


async def test_a_choice_is_made_by_its_button(
    slack: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    souk = slack.atay.channels[SOUK]
    async with bots(chat_settings):
        asked = slack.say(SOUK, "@mersal hello")
        await until(lambda: slack.said(souk))
        slack.say(SOUK, "!settings", thread_ts=asked.ts)
        await until(lambda: len(slack.said(souk)) == 2)
        slack.press(souk, slack.answers(souk)[1], "echo")  # the model's button
        await until(lambda: slack.ephemeral)
        slack.say(SOUK, "!language", thread_ts=asked.ts)
        await until(lambda: len(slack.said(souk)) == 3)
        slack.press(souk, slack.answers(souk)[2], "Français")
        await until(lambda: len(slack.ephemeral) == 2)
    assert "echo" in slack.ephemeral[0][3]
    assert "parlerai" in slack.ephemeral[1][3]


async def test_at_home_a_language_is_chosen_and_shown(
    slack: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    async with bots(chat_settings):
        slack.say("D", "سلام")
        await until(lambda: slack.said(slack.atay.direct(AMINA)))
        slack.open_home()
        await until(lambda: slack.atay.homes)
        before = str(slack.atay.homes[AMINA])
        slack.press_at_home("English")
        await until(lambda: "I am Mersal" in str(slack.atay.homes[AMINA]))
        slack.say("D", "!help")
        await until(lambda: len(slack.said(slack.atay.direct(AMINA))) == 2)
    after = str(slack.atay.homes[AMINA])
    assert "أنا مرسال" in before and "النموذج: echo" in before and "صيفطتي ليا: 1" in before
    assert "Model: echo" in after and "Language: English" in after
    assert "Write to me" in slack.said(slack.atay.direct(AMINA))[1]
    assert not slack.refused


async def test_the_home_names_the_model_that_the_user_chose_and_says_when_none_is_at_work(
    slack: Platform, chat_settings: Settings, bots: Bots
) -> None:
    direct, homes = slack.atay.direct(AMINA), slack.atay.homes
    async with bots(chat_settings), client(chat_settings) as store:
        with working(EchoEngine("other"), chat_settings), working(EchoEngine(), chat_settings):
            await models_at_work(2, store, chat_settings)
            asked = slack.say("D", "سلام")
            await until(lambda: slack.said(direct))
            slack.say("D", "!model other", thread_ts=asked.ts)
            await until(lambda: len(slack.said(direct)) == 2)
            slack.open_home()
            slack.open_home(user=SAMIR)
            await until(lambda: len(homes) == 2)
            amina, samir = (str(homes[user]["blocks"]) for user in (AMINA, SAMIR))
            homes.clear()
        await models_at_work(0, store, chat_settings)
        slack.open_home()
        await until(lambda: homes)
    assert "other" in amina and "خدام دابا" in amina
    assert "echo" in samir and "other" not in samir
    gone = str(homes[AMINA]["blocks"])
    assert "other" in gone and "ما خدامش دابا" in gone
    assert not slack.refused


async def test_what_shortcuts_ask_counts_and_goes_on_in_direct_messages(
    slack: Platform, chat_settings: Settings, bots: Bots
) -> None:
    souk, direct = slack.atay.channels[SOUK], slack.atay.direct(AMINA)
    with working(EchoEngine(delay_s=60), chat_settings):
        async with bots(chat_settings):
            start = slack.say(SOUK, "السوق غدا مع التسعود", user=SAMIR)
            slack.shortcut(souk, start, "explain")
            await until(lambda: len(slack.answers(direct)) == 2)  # its heading, and what begins
            slack.open_home()
            await until(lambda: slack.atay.homes)
            slack.slash("stop", direct.id)
            await until(lambda: any("حبست" in one for one in slack.said(direct)))
            slack.say(SOUK, "not for the bot", thread_ts=start.ts)
    assert "صيفطتي ليا: 1" in str(slack.atay.homes[AMINA])
    assert not slack.answers(souk)


async def test_of_a_question_that_is_deleted_while_it_is_answered_nothing_stays(
    slack: Platform, chat_settings: Settings, bots: Bots
) -> None:
    souk = slack.atay.channels[SOUK]
    with working(EchoEngine(delay_s=60), chat_settings):
        async with bots(chat_settings):
            asked = slack.say(SOUK, "@mersal " + "واحد جوج تلاتة " * 40)
            await until(lambda: slack.being_written(souk))
            slack.delete(souk, asked, slack.atay)
            await until(lambda: not slack.answers(souk))
            await until(lambda: slack.atay.sessions.get((SOUK, asked.ts)) == "active")
    assert not slack.said(souk)


@pytest.mark.parametrize("streamed", [True, False])
async def test_a_stop_that_comes_late_stops_no_other_answer(
    slack: Platform, chat_settings: Settings, bots: Bots, streamed: bool
) -> None:
    """Slack names the streams that showed; where none did, the time tells what was meant."""
    souk = slack.atay.channels[SOUK]
    with working(EchoEngine(delay_s=2.0), chat_settings):
        async with bots(chat_settings):
            asked = slack.say(SOUK, "@mersal واحد جوج تلاتة ربعة خمسة one")
            pressed_at = slack.atay.next_ts()
            await until(lambda: slack.said(souk))
            (first,) = slack.answers(souk)
            slack.say(SOUK, "تلاتة " * 20 + "two", thread_ts=asked.ts)
            await until(lambda: any(one.streaming for one in slack.answers(souk)))
            late = {"type": "agent_session_stopped", "channel": SOUK, "user": AMINA,
                    "thread_ts": asked.ts, "event_ts": pressed_at,
                    "streaming_message_ts": [first.ts] if streamed else []}  # fmt: skip
            slack.tell(slack.atay, None, late)
            await until(lambda: len(slack.said(souk)) == 2)
    assert first.streamed
    assert [one.split()[-1] for one in slack.said(souk)] == ["one", "two"]


async def test_a_stop_while_nothing_is_written_yet_ends_the_waiting(
    slack: Platform, chat_settings: Settings, bots: Bots
) -> None:
    souk, model = slack.atay.channels[SOUK], Listening()
    async with bots(chat_settings):
        asked = slack.say(SOUK, "@mersal سلام")
        await until(lambda: slack.atay.sessions.get((SOUK, asked.ts)) == "processing")
        slack.stop(souk, asked.ts)
        slack.say(SOUK, "!help", thread_ts=asked.ts)  # when it is answered, so is what came before
        await until(lambda: slack.said(souk))
        with working(model, chat_settings):
            await until(lambda: len(slack.said(souk)) == 2)
    assert "حبست" in slack.said(souk)[1] and not model.asked


async def test_who_is_not_admitted_stops_nobodys_answer(
    slack: Platform, chat_settings: Settings, bots: Bots
) -> None:
    souk = slack.atay.channels[SOUK]
    ours = chat_settings.slack.model_copy(update={"denied": SAMIR})
    async with bots(chat_settings.model_copy(update={"slack": ours})):
        asked = slack.say(SOUK, "@mersal hello")
        await until(lambda: slack.atay.sessions.get((SOUK, asked.ts)) == "processing")
        slack.stop(souk, asked.ts, user=SAMIR)
        slack.say(SOUK, "!help", thread_ts=asked.ts)  # when it is answered, so is what came before
        await until(lambda: slack.said(souk))
        with working(EchoEngine(), chat_settings):
            await until(lambda: len(slack.said(souk)) == 2)
    assert slack.said(souk)[1].endswith("hello")
