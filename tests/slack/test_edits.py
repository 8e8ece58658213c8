"""What is changed or deleted after it was sent."""

from broker.settings import Settings
from inference.echo import EchoEngine
from tests.channels.bot import Bots
from tests.channels.worker import Listening
from tests.patience import until
from tests.slack.platform import AMINA, SAMIR, SOUK, Platform
from tests.workers.worker_in_thread import working


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


async def test_of_several_that_wait_the_deleted_one_alone_is_not_answered(
    slack: Platform, chat_settings: Settings, bots: Bots
) -> None:
    souk, model = slack.atay.channels[SOUK], Listening()
    async with bots(chat_settings):
        asked = slack.say(SOUK, "@mersal first")
        gone = slack.say(SOUK, "@mersal never mind", thread_ts=asked.ts)
        slack.say(SOUK, "@mersal third", thread_ts=asked.ts)
        await until(lambda: not slack.courier.unacknowledged)
        slack.delete(souk, gone, slack.atay)
        slack.say(SOUK, "!help", thread_ts=asked.ts)  # when it is answered, so is what came before
        await until(lambda: slack.said(souk))
        with working(model, chat_settings):
            await until(lambda: len(slack.said(souk)) == 2)
    (one,) = model.asked
    assert "first" in one and "third" in one and "never mind" not in one


async def test_when_all_that_waits_is_deleted_the_sign_goes_and_nothing_is_said(
    slack: Platform, chat_settings: Settings, bots: Bots
) -> None:
    souk, model = slack.atay.channels[SOUK], Listening()
    async with bots(chat_settings):
        start = slack.say(SOUK, "شكون جاي؟", user=SAMIR)
        asked = slack.say(SOUK, "@mersal never mind", thread_ts=start.ts)
        here = (SOUK, start.ts)
        await until(lambda: slack.atay.sessions.get(here) == "processing")
        slack.delete(souk, asked, slack.atay)
        await until(lambda: slack.atay.sessions.get(here) == "active")
        assert slack.atay.statuses[-1] == (*here, "")
        with working(model, chat_settings):
            slack.say(SOUK, "@mersal another")
            await until(lambda: slack.said(souk))
    assert len(model.asked) == 1 and not slack.said(souk, start.ts)
    assert not slack.refused
