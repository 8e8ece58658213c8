"""What is pressed, chosen or commanded in Slack, and what shows it."""

import asyncio
from typing import Any

import pytest
from redis.asyncio import Redis

from bots import catalog
from bots.slack import bot, status
from bots.slack.place import CHANNEL
from bots.slack.status import SESSION, STATUS
from broker.awaited import Awaited
from broker.settings import Settings
from inference.echo import EchoEngine
from tests.channels.bot import Bots
from tests.patience import until
from tests.slack.platform import AMINA, SAMIR, SOUK, Failure, Platform
from tests.workers.worker_in_thread import working


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
            await until(lambda: slack.being_written(souk))
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
    prompts = slack.atay.prompts[0]["prompts"]
    assert prompts[0] == {"title": "شنو تقدر دير؟", "message": "سلام، شنو تقدر تعاوني فيه؟"}
    here = (direct.id, asked.ts)
    assert (*here, "كنكتب الجواب…") in slack.atay.statuses
    sessions = [given["status"] for name, given in slack.calls if name == SESSION]
    assert sessions == ["processing", "active"] and slack.atay.sessions[here] == "active"
    assert any(one[:2] == here for one in slack.atay.titles)
    assert not slack.refused


async def test_a_question_asked_while_an_answer_streams_has_its_own_sign(
    slack: Platform, chat_settings: Settings, bots: Bots, redis: Redis
) -> None:
    def sessions() -> list[str]:
        return [given["status"] for name, given in slack.calls if name == SESSION]

    awaited, words = Awaited(redis, chat_settings, CHANNEL), "واحد جوج تلاتة " * 20
    with working(EchoEngine(delay_s=3.0), chat_settings):
        async with bots(chat_settings):
            asked = slack.say("D", words)
            direct = slack.atay.direct(AMINA)
            await until(lambda: slack.being_written(direct))
            slack.say("D", "و " + words, thread_ts=asked.ts)
            await until(lambda: sessions() == ["processing", "active", "processing"])
            assert slack.atay.sessions[direct.id, asked.ts] == "processing"
            async with asyncio.timeout(30):
                while not await awaited.all():  # a restart takes it up
                    await asyncio.sleep(0.02)
            await until(lambda: sessions()[3:] == ["active"])
    assert len(slack.said(direct)) == 2
    thinking = (direct.id, asked.ts, catalog.text("slack-thinking", "ary"))
    assert slack.atay.statuses.count(thinking) == 2
    assert not slack.refused


async def test_a_sign_that_slack_takes_no_more_leaves_no_stop_button_behind(
    slack: Platform, chat_settings: Settings, bots: Bots, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sign is renewed while one waits; the renewals, which must not wait, are too many."""
    monkeypatch.setattr(bot, "EVERY_S", 0.2)
    processing: list[str] = []

    def fail(method: str, given: dict[str, Any]) -> Failure | None:
        if method != SESSION or given["status"] != "processing":
            return None
        processing.append(method)
        return "429" if len(processing) > 1 else None

    slack.fail = fail
    async with bots(chat_settings):
        asked = slack.say("D", "سلام")
        await until(lambda: len(processing) > 1)
        with working(EchoEngine(), chat_settings):
            await until(lambda: slack.said(slack.atay.direct(AMINA)))
            here = (slack.atay.direct(AMINA).id, asked.ts)
            await until(lambda: slack.atay.sessions[here] == "active")


def patient(settings: Settings) -> Settings:
    """A bot that waits for what Slack holds back."""
    ours = settings.slack.model_copy(update={"timeout_s": 60.0})
    return settings.model_copy(update={"slack": ours})


def holding_first(slack: Platform, late: str) -> list[str]:
    """The first call of a method is held back until `slack.released`; returned once it came."""
    held: list[str] = []

    def fail(method: str, given: dict[str, Any]) -> Failure | None:
        if method != late or held:
            return None
        held.append(method)
        return "held"

    slack.fail = fail
    return held


@pytest.mark.parametrize("late", [STATUS, SESSION])
async def test_a_sign_that_arrives_after_the_answer_is_taken_away(
    slack: Platform, chat_settings: Settings, bots: Bots, late: str
) -> None:
    held = holding_first(slack, late)
    async with bots(patient(chat_settings)):
        asked = slack.say("D", "سلام")
        direct = slack.atay.direct(AMINA)
        await until(lambda: held)
        with working(EchoEngine(), chat_settings):
            await until(lambda: slack.said(direct))
        slack.released.set()
        await until(lambda: slack.atay.statuses[-1:] == [(direct.id, asked.ts, "")])
    assert slack.atay.sessions.get((direct.id, asked.ts)) != "processing"


async def test_a_sign_that_arrives_late_takes_the_next_questions_sign_not_away(
    slack: Platform, chat_settings: Settings, bots: Bots, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status, "PATIENCE_S", 0.1)
    held = holding_first(slack, SESSION)
    async with bots(patient(chat_settings)):
        asked = slack.say("D", "سلام")
        direct = slack.atay.direct(AMINA)
        here = (direct.id, asked.ts)
        await until(lambda: held)
        with working(EchoEngine(), chat_settings):
            await until(lambda: slack.said(direct))
        slack.say("D", "لاباس", thread_ts=asked.ts)  # nobody answers this yet
        await until(lambda: not slack.courier.unacknowledged)
        await asyncio.sleep(1.0)  # its sign waits behind the first one's
        slack.released.set()
        thinking = (*here, catalog.text("slack-thinking", "ary"))
        await until(lambda: slack.atay.statuses.count(thinking) >= 2)
        await until(lambda: slack.atay.sessions.get(here) == "processing")
        await asyncio.sleep(0.5)
        assert slack.atay.statuses[-1] == thinking
        assert slack.atay.sessions[here] == "processing"
        with working(EchoEngine(), chat_settings):
            await until(lambda: slack.atay.sessions[here] == "active")


@pytest.mark.parametrize("failure", ["429", "500", "dropped"])
async def test_a_stop_button_goes_away_however_often_slack_refuses_that(
    slack: Platform,
    chat_settings: Settings,
    bots: Bots,
    failure: Failure,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing is said, the case in which the status has to be taken away too."""
    monkeypatch.setattr(status, "PAUSE_S", 0.1)
    broken = [SESSION, STATUS, STATUS, SESSION]

    def fail(method: str, given: dict[str, Any]) -> Failure | None:
        if given.get("status") not in ("", "active") or method not in broken:
            return None
        broken.remove(method)
        return failure

    slack.fail = fail
    async with bots(chat_settings):
        start = slack.say(SOUK, "شكون جاي؟", user=SAMIR)
        asked = slack.say(SOUK, "@mersal never mind", thread_ts=start.ts)
        here = (SOUK, start.ts)
        await until(lambda: slack.atay.sessions.get(here) == "processing")
        slack.delete(slack.atay.channels[SOUK], asked, slack.atay)
        await until(lambda: slack.atay.statuses[-1] == (*here, ""))
        await until(lambda: slack.atay.sessions[here] == "active")
    assert not broken


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
