"""Of an answer that will never be finished nothing stays."""

from pathlib import Path

import pytest

from broker.settings import Settings, TurnSettings
from inference.echo import EchoEngine
from tests.channels.bot import Bots
from tests.chaos.fleet import Fleet
from tests.chaos.worker import Character
from tests.patience import until
from tests.slack.platform import SOUK, Platform
from tests.slack.workspace import Message
from tests.workers.worker_in_thread import working

LONG = "واحد جوج تلاتة " * 40


def shows(slack: Platform, texts: int = 2) -> bool:
    """An answer is under way, and goes on."""
    return any(one.streaming and len(one.texts) >= texts for one in souk_answers(slack))


def souk_answers(slack: Platform) -> list[Message]:
    return slack.answers(slack.atay.channels[SOUK])


async def test_half_an_answer_of_a_worker_that_died_goes(
    slack: Platform, chat_settings: Settings, bots: Bots, tmp_path: Path
) -> None:
    settings = chat_settings.model_copy(update={"turn": TurnSettings(lease_s=1.0)})
    with Fleet(settings, tmp_path / "workers.log", size=1, character=Character(2.5)) as fleet:
        async with bots(settings):
            asked = slack.say(SOUK, f"@mersal {LONG} end")
            await until(lambda: shows(slack))
            (half,) = souk_answers(slack)
            fleet.kill(0)
            await until(
                lambda: any(one.endswith("end") for one in slack.said(slack.atay.channels[SOUK]))
            )
            await until(lambda: half not in souk_answers(slack))
            await until(lambda: slack.atay.sessions.get((SOUK, asked.ts)) == "active")
    (answer,) = souk_answers(slack)
    assert answer.seen.endswith("end") and not answer.streaming
    assert not slack.refused


@pytest.mark.parametrize("command", ["new", "forget"])
async def test_a_conversation_that_begins_anew_leaves_no_half_answer(
    command: str, slack: Platform, chat_settings: Settings, bots: Bots
) -> None:
    async with bots(chat_settings):
        with working(EchoEngine(delay_s=60), chat_settings):
            asked = slack.say(SOUK, f"@mersal {LONG}")
            await until(lambda: shows(slack))
            slack.slash(command, SOUK)
            await until(lambda: slack.ephemeral and not souk_answers(slack))
            await until(lambda: slack.atay.sessions.get((SOUK, asked.ts)) == "active")
        with working(EchoEngine(), chat_settings):
            slack.say(SOUK, "and now", thread_ts=asked.ts)
            await until(lambda: souk_answers(slack))
    assert [one.seen for one in souk_answers(slack)] == ["Amina-atay: and now"]
    assert (SOUK, asked.ts, "") in slack.atay.statuses
    assert not slack.refused
