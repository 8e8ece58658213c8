"""What the settings change in how the bot behaves."""

from pathlib import Path

import aiohttp
import pytest
from pydantic import SecretStr
from slack_sdk.oauth.installation_store import Installation

from bots.failures import Unreachable
from bots.slack.oauth import installation_store
from bots.slack.place import Workspace
from bots.slack.workspaces import Workspaces
from broker.settings import RetentionSettings, Settings
from inference.echo import EchoEngine
from inference.engine import CompletionRequest
from tests.channels.bot import Bots
from tests.patience import until
from tests.slack.platform import AMINA, SAMIR, SOUK, Failure, Platform
from tests.workers.worker_in_thread import working


class Counting(EchoEngine):
    """Says how much it was told, in a few sentences."""

    def answer(self, request: CompletionRequest) -> str:
        return f"واحد جوج تلاتة ربعة. جملة أخرى. {len(request.messages)}"


def changed(settings: Settings, **slack: object) -> Settings:
    return settings.model_copy(update={"slack": settings.slack.model_copy(update=slack)})


async def test_direct_messages_may_be_one_conversation_shown_by_edits(
    slack: Platform, chat_settings: Settings, bots: Bots
) -> None:
    settings, direct = changed(chat_settings, direct="one"), slack.atay.direct(AMINA)
    with working(Counting(delay_s=1.2), settings):
        async with bots(settings):
            slack.say("D", "salam")
            await until(lambda: slack.said(direct) and slack.said(direct)[0].endswith("1"))
            slack.say("D", "kidayr")
            await until(lambda: len(slack.said(direct)) == 2 and slack.said(direct)[1][-1] == "3")
    first, second = slack.answers(direct)
    assert (first.thread_ts, second.thread_ts) == ("", "")
    assert not first.streamed and len(first.texts) > 1 and first.texts[0].endswith("…")
    assert not slack.refused


class Attentive(EchoEngine):
    """Knows what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def answer(self, request: CompletionRequest) -> str:
        self.asked = [one.content for one in request.messages if one.role == "user"]
        return "ok"


async def test_direct_messages_that_are_one_conversation_keep_their_order(
    slack: Platform, chat_settings: Settings, bots: Bots
) -> None:
    settings, engine = changed(chat_settings, direct="one"), Attentive()
    broken: list[Failure] = ["hang"]  # the first waits for a name

    def fail(method: str, _: object) -> Failure | None:
        return broken.pop() if broken and method == "users.info" else None

    slack.fail = fail
    with working(engine, settings):
        async with bots(settings):
            slack.say("D", f"first <@{SAMIR}>")
            await until(lambda: not broken)
            slack.say("D", "second")
            await until(lambda: {"first", "second"} <= set(" ".join(engine.asked).split()))
    asked = " ".join(engine.asked)
    assert asked.index("first") < asked.index("second")


async def test_who_writes_too_much_is_told_once(
    slack: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    souk = slack.atay.channels[SOUK]
    limits = chat_settings.limits.model_copy(update={"messages_per_minute": 2})
    async with bots(chat_settings.model_copy(update={"limits": limits})):
        for number in range(8):
            slack.say(SOUK, f"@mersal {number} {number}")
        await until(lambda: not slack.courier.unacknowledged)
        slack.say(SOUK, "@mersal !help")  # when it is answered, so are those
        slack.say(SOUK, "@mersal salam salam", user=SAMIR)
        await until(lambda: len(slack.said(souk)) == 5)
    said = slack.said(souk)
    assert sum("Try again in" in one or "عاود من هنا" in one for one in said) == 1
    assert any(one.endswith("salam") for one in said)


async def test_in_threads_a_mention_may_be_asked_for(
    slack: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    settings, souk = changed(chat_settings, threads="mention"), slack.atay.channels[SOUK]
    async with bots(settings):
        asked = slack.say(SOUK, "@mersal one")
        await until(lambda: len(slack.said(souk)) == 1)
        slack.say(SOUK, "two", thread_ts=asked.ts)
        slack.say(SOUK, "@mersal three", thread_ts=asked.ts)
        await until(lambda: len(slack.said(souk)) == 2)
    assert slack.said(souk)[-1].endswith("three")


async def test_commands_may_be_typed_in_a_thread(
    slack: Platform, chat_settings: Settings, bots: Bots
) -> None:
    souk = slack.atay.channels[SOUK]
    with working(Counting(), chat_settings):
        async with bots(chat_settings):
            asked = slack.say(SOUK, "@mersal hello")
            await until(lambda: len(slack.said(souk)) == 1)
            slack.say(SOUK, "@mersal !new", thread_ts=asked.ts)  # arrives as two events
            await until(lambda: len(slack.said(souk)) == 2)
            slack.say(SOUK, "hello again", thread_ts=asked.ts)
            await until(lambda: len(slack.said(souk)) == 3)
    first, new, again = slack.said(souk, asked.ts)
    assert "new conversation" in new
    assert first.endswith(" 1") and again.endswith(" 1")  # nothing is remembered


async def test_who_is_not_admitted_is_told_where_nobody_else_sees_it(
    slack: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    settings, team = changed(chat_settings, allowed=f"T1ATAY/{AMINA}"), slack.atay
    souk, samir = team.channels[SOUK], team.direct(SAMIR)
    async with bots(settings):
        slack.say(SOUK, "@mersal hello", user=SAMIR)
        slack.say("D", "hello", user=SAMIR)
        slack.slash("help", SOUK, user=SAMIR)
        slack.open_home(user=SAMIR)
        await until(lambda: slack.said(samir) and slack.ephemeral)
        slack.say(SOUK, "@mersal mine")
        await until(lambda: slack.said(souk))
    assert [one.split()[-1] for one in slack.said(souk)] == ["mine"]
    assert not team.homes
    (told,) = slack.ephemeral
    assert told[2] == SAMIR and "/mersal" not in told[3]


async def test_an_app_that_is_removed_is_forgotten(
    slack: Platform, chat_settings: Settings, bots: Bots, tmp_path: Path
) -> None:
    settings = changed(chat_settings, client_id="1.2", client_secret=SecretStr("x"), port=0)
    store, team = installation_store(settings), slack.belgha
    assert store is not None
    await store.async_save(
        Installation(user_id=AMINA, team_id=team.id, bot_token=team.bot_token,
                     bot_id=team.bot_id, bot_user_id=team.bot_user, app_id="A1")
    )  # fmt: skip
    souk = team.channels[SOUK]
    with working(EchoEngine(), settings):
        async with bots(settings):
            slack.say(SOUK, "@mersal hello", team=team)
            await until(lambda: slack.said(souk))
            slack.tell(team, souk, {"type": "app_uninstalled"})
            await until(lambda: not store.find_bot(enterprise_id=None, team_id=team.id))
    assert (settings.state_dir / "slack" / "installations.sqlite3").stat().st_mode & 0o077 == 0


async def test_an_edit_of_the_first_question_brings_the_thread_so_far_again(
    slack: Platform, chat_settings: Settings, bots: Bots
) -> None:
    class Listening(EchoEngine):
        asked: list[str] = []

        def answer(self, request: CompletionRequest) -> str:
            self.asked.append(request.messages[-1].content)
            return "واخا"

    souk = slack.atay.channels[SOUK]
    with working(Listening(), chat_settings):
        async with bots(chat_settings):
            start = slack.say(SOUK, "السعر 25 درهم", user=SAMIR)
            asked = slack.say(SOUK, "@mersal شحال؟", thread_ts=start.ts)
            await until(lambda: len(Listening.asked) == 1 and slack.said(souk))
            slack.edit(souk, asked, "@mersal شحال بالضبط؟", slack.atay)
            await until(lambda: len(Listening.asked) == 2)
            slack.say(SOUK, "شكرا", thread_ts=start.ts)
            await until(lambda: len(Listening.asked) == 3)
    first, edited, after = Listening.asked
    assert "25" in first and "25" in edited and "بالضبط" in edited
    assert "25" not in after


async def test_an_app_that_an_organisation_removes_keeps_no_token(chat_settings: Settings) -> None:
    settings = changed(chat_settings, client_id="1.2")
    store = installation_store(settings)
    assert store is not None
    for company in ("E1", "E2"):
        await store.async_save(
            Installation(
                app_id="A0",
                user_id="U1",
                enterprise_id=company,
                is_enterprise_install=True,
                bot_token="xoxb-1",
                bot_id="B0BOT",
                bot_user_id="U0BOT",
            )
        )
    async with aiohttp.ClientSession() as session:
        workspaces = Workspaces(session, settings.slack, store)
        for place in (Workspace("T1", "E1"), Workspace("T2", "E1"), Workspace("T3", "E2")):
            await workspaces.find(place)
        await workspaces.forget(Workspace("T1", "E1"))
        for team in ("T1", "T2"):
            with pytest.raises(Unreachable):
                await workspaces.find(Workspace(team, "E1"))
        await workspaces.find(Workspace("T3", "E2"))
    assert store.find_bot(enterprise_id="E1", team_id=None, is_enterprise_install=True) is None


def test_events_are_known_again_for_longer_than_slack_sends_them() -> None:
    """Slack tries at once, after a minute and after five; where its admins wish, for a day."""
    assert RetentionSettings().dedup_s > 86400
    with pytest.raises(ValueError):
        RetentionSettings(dedup_s=6 * 60)
