"""Of an answer that will never be finished nothing stays."""

from pathlib import Path

import pytest

from broker.settings import Settings, TurnSettings
from inference.echo import EchoEngine
from tests.channels.bot import Bots
from tests.chaos.fleet import Fleet
from tests.chaos.worker import Character
from tests.patience import until
from tests.telegram.platform import Platform
from tests.workers.worker_in_thread import working

GROUP = -1001
LONG = "واحد جوج تلاتة " * 40


def shows(telegram: Platform, texts: int = 2) -> bool:
    """An answer is under way, and goes on."""
    return any(len(one.texts) >= texts for one in telegram.sent)


async def test_half_an_answer_of_a_worker_that_died_goes(
    telegram: Platform, chat_settings: Settings, bots: Bots, tmp_path: Path
) -> None:
    settings = chat_settings.model_copy(update={"turn": TurnSettings(lease_s=1.0)})
    with Fleet(settings, tmp_path / "workers.log", size=1, character=Character(2.5)) as fleet:
        async with bots(settings):
            asked = telegram.say(GROUP, f"@mersal_bot {LONG} end", user_id=5)
            await until(lambda: shows(telegram))
            fleet.kill(0)
            await until(lambda: any(text.endswith("end") for text in telegram.said(GROUP)), 60)
            await until(lambda: len(telegram.said(GROUP)) == 1)
    assert len(telegram.sent) == 2 and telegram.sent[0].deleted
    assert telegram.sent[1].parameters["reply_parameters"]["message_id"] == asked
    assert not telegram.refused


@pytest.mark.parametrize("command", ["new", "forget"])
async def test_a_conversation_that_begins_anew_leaves_no_half_answer(
    command: str, telegram: Platform, chat_settings: Settings, bots: Bots
) -> None:
    async with bots(chat_settings):
        with working(EchoEngine(delay_s=60), chat_settings):
            telegram.say(GROUP, f"@mersal_bot {LONG}", user_id=5)
            await until(lambda: shows(telegram))
            telegram.say(GROUP, f"/{command}@mersal_bot", user_id=5)
            await until(lambda: len(telegram.sent) == 2 and telegram.sent[0].deleted)
        with working(EchoEngine(), chat_settings):
            telegram.say(GROUP, "@mersal_bot and now", user_id=5)
            await until(lambda: telegram.said(GROUP)[-1:] == ["Amina5: and now"])
    assert len(telegram.said(GROUP)) == 2  # what the command said, and the answer
    assert not telegram.refused


async def test_without_an_answer_no_placeholder_stays(
    telegram: Platform, chat_settings: Settings, bots: Bots
) -> None:
    """A message that is edited at once is answered in its new words alone."""
    with working(EchoEngine(delay_s=8), chat_settings):
        async with bots(chat_settings):
            asked = telegram.say(GROUP, f"@mersal_bot {LONG}", user_id=5)
            await until(lambda: telegram.sent)
            telegram.edit(GROUP, asked, "@mersal_bot قصير", user_id=5)
            await until(lambda: telegram.said(GROUP)[-1:] == ["\u200fAmina5: قصير"], 60)
    assert not any(text.endswith("…") for text in telegram.said(GROUP))
