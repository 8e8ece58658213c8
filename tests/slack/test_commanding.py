"""What commands do: once, for whom they may, and what only their user sees of it."""

from typing import Any

import pytest

from bots import catalog
from broker.settings import Settings
from inference.echo import EchoEngine
from tests.channels.bot import Bots
from tests.patience import until
from tests.slack.platform import AMINA, SAMIR, SECRET, SOUK, Failure, Platform
from tests.slack.store import client, models_at_work
from tests.workers.worker_in_thread import working


async def test_who_is_no_admin_begins_no_channels_conversation_anew(
    slack: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    souk = slack.atay.channels[SOUK]
    ours = chat_settings.slack.model_copy(update={"admins": f"T1ATAY/{AMINA}"})
    async with bots(chat_settings.model_copy(update={"slack": ours})):
        asked = slack.say(SOUK, "@mersal hello", user=SAMIR)
        await until(lambda: len(slack.said(souk)) == 1)
        slack.say(SOUK, "!new", user=SAMIR, thread_ts=asked.ts)
        await until(lambda: len(slack.said(souk)) == 2)
        slack.press(souk, slack.answers(souk)[0], "🔄")  # nothing is forgotten
        await until(lambda: len(slack.said(souk)) == 3)
        slack.say(SOUK, "!new", user=AMINA, thread_ts=asked.ts)
        await until(lambda: len(slack.said(souk)) == 4)
    _, refused, again, new = slack.said(souk)
    assert "admins" in refused.lower() and again.endswith("hello")
    assert refused != new


@pytest.mark.parametrize("command", ["new", "forget", "stop"])
async def test_a_command_whose_answer_waits_for_slack_is_done_once(
    slack: Platform, chat_settings: Settings, bots: Bots, command: str
) -> None:
    """What is asked meanwhile in the thread, which keeps an order of its own, is answered."""
    souk, down, tries = slack.atay.channels[SOUK], True, 0

    def fail(method: str, given: dict[str, Any]) -> Failure | None:
        nonlocal tries
        tries += method == "response_url"
        return "500" if down and method == "response_url" else None

    slack.fail = fail
    async with bots(chat_settings):
        with working(EchoEngine(), chat_settings):
            asked = slack.say(SOUK, "@mersal one")
            await until(lambda: slack.said(souk))
        slack.slash(command, SOUK)
        await until(lambda: tries)
        slack.say(SOUK, "two", thread_ts=asked.ts)
        await until(lambda: slack.atay.sessions.get((SOUK, asked.ts)) == "processing")
        before = tries
        await until(lambda: tries > before + 1)  # one that began after the question was taken
        down = False
        await until(lambda: slack.ephemeral)
        with working(EchoEngine(), chat_settings):
            await until(lambda: len(slack.said(souk)) == 2)
    assert slack.said(souk)[1].endswith("two") and len(slack.ephemeral) == 1


async def test_where_nothing_was_asked_only_the_user_sees_that_there_is_nothing_to_make_anew(
    slack: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    souk = slack.atay.channels[SOUK]
    async with bots(chat_settings):
        slack.slash("regenerate", SOUK)
        await until(lambda: slack.ephemeral or slack.said(souk))
        slack.say(SOUK, "@mersal hello")
        await until(lambda: slack.said(souk))
        slack.slash("regenerate", SOUK)
        await until(lambda: len(slack.said(souk)) == 2)
    assert [told for _, _, _, told, _ in slack.ephemeral] == [
        catalog.text("nothing-to-regenerate", "ary")
    ]
    assert all(one.endswith("hello") for one in slack.said(souk))


async def test_a_model_that_was_chosen_where_nothing_was_asked_answers_what_is_begun(
    slack: Platform, chat_settings: Settings, bots: Bots
) -> None:
    souk, direct, homes = slack.atay.channels[SOUK], slack.atay.direct(AMINA), slack.atay.homes
    async with bots(chat_settings), client(chat_settings) as store:
        with working(EchoEngine("other"), chat_settings):
            await models_at_work(1, store, chat_settings)
            slack.slash("model other", SOUK)
            await until(lambda: slack.ephemeral)
            slack.slash("model another", SOUK)  # there is none
            await until(lambda: len(slack.ephemeral) == 2)
            slack.say(SOUK, "@mersal hello")
            slack.say("D", "hello")
            await until(lambda: slack.said(souk) and slack.said(direct))
            slack.shortcut(souk, slack.answers(souk)[0], "explain")
            await until(lambda: len(slack.said(direct)) == 3)  # with its heading
            slack.slash("settings", SECRET)
            await until(lambda: len(slack.ephemeral) == 4)  # and that the translation is coming
            slack.open_home()
            slack.open_home(user=SAMIR)
            await until(lambda: len(homes) == 2)
    assert "other" in slack.ephemeral[3][3]
    answers = [slack.said(souk)[0], slack.said(direct)[0]]
    assert all(one.endswith("hello") for one in answers)
    assert slack.said(direct)[2].endswith("hello")
    assert "other" in str(homes[AMINA]["blocks"]) and "echo" in str(homes[SAMIR]["blocks"])
