"""Commands and their keyboards, as a user meets them."""

from broker.settings import Settings
from inference.echo import EchoEngine
from tests.telegram.conftest import Bots, until
from tests.telegram.platform import Platform
from tests.telegram.test_journey import changed

AMINA = 77


async def test_an_answer_longer_than_a_message_is_split_with_its_buttons_below(
    telegram: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    async with bots(changed(chat_settings, text_units=120)):
        telegram.say(AMINA, "/help")
        await until(lambda: "/forget" in "".join(telegram.said(AMINA)))
        telegram.say(AMINA, "/language")
        await until(lambda: telegram.sent[-1].parameters.get("reply_markup"))
    parts = telegram.said(AMINA)
    assert len(parts) > 3 and all(len(part) <= 120 for part in parts)
    lines = [line for part in parts for line in part.splitlines()]
    assert all(any(line.startswith(f"/{name} —") for line in lines) for name in ("start", "export"))
