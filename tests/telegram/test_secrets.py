"""The token and what people write are in no log, however bad things get and however loud it is."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from broker.settings import Settings
from inference.echo import EchoEngine
from tests.channels.bot_process import BotProcess
from tests.patience import until
from tests.telegram.platform import TOKEN, Failure, Platform
from tests.telegram.rules import Bad
from tests.telegram.server import BotApiServer

AMINA, POISONED = 77, 78
LOUD = """
import logging
from bots.telegram import run
from broker.settings import read_settings
from mersal.log import configure_logging
settings = read_settings()
settings = settings.model_copy(update={"log": settings.log.model_copy(update={"level": "debug"})})
configure_logging(settings)
for name in ("httpx", "httpcore", "asyncio"):
    logging.getLogger(name).setLevel("DEBUG")
run(settings)
"""


@pytest.fixture
def bot(chat_settings: Settings, tmp_path: Path) -> Iterator[BotProcess]:
    process = BotProcess("telegram", chat_settings, tmp_path, LOUD)
    process.start()
    yield process
    process.close()


async def test_neither_the_token_nor_a_text_is_ever_logged(
    server: BotApiServer, telegram: Platform, bot: BotProcess, echo: EchoEngine
) -> None:
    kinds: list[Failure] = ["lost", "dropped", "500", "429"]
    failures = {"sendMessage": kinds[::3], "sendMessageDraft": kinds[:], "getUpdates": kinds[:]}

    def fail(method: str, _: object) -> Failure | None:
        return failures[method].pop() if failures.get(method) else None

    ask = telegram._getUpdates
    refusals = [Bad("Unauthorized", 401), Bad("Not Found", 404)]

    async def picky(parameters: dict[str, object]) -> list[dict[str, object]]:
        if refusals:
            raise refusals.pop()
        return await ask(parameters)

    await until(lambda: "setMyCommands" in [method for method, _ in telegram.calls], 60)
    telegram.fail = fail
    telegram._getUpdates = picky  # type: ignore[method-assign]
    telegram.update(message={**telegram.message(POISONED, text="private words"), "date": "never"})
    telegram.say(AMINA, "private words")
    await until(lambda: telegram.said(AMINA) and not failures["getUpdates"] and not refusals, 90)
    telegram.blocked = {AMINA}
    telegram.say(AMINA, "more private words")
    server.disconnect()
    await until(lambda: not telegram.unconfirmed, 90)
    bot.close()
    log = bot.log.read_text()
    assert TOKEN not in log and TOKEN.split(":")[1] not in log
    assert "private words" not in log
    # it was loud: the address of a call is there, without the token
    assert "/bot[secret]/sendMessage" in log and "Traceback" in log
