"""The thread so far, and the names in it: however long, however slowly Slack tells them."""

import time
from typing import Any

import pytest

from bots.slack import names
from broker.settings import Settings
from inference.echo import EchoEngine
from inference.engine import CompletionRequest
from tests.channels.bot import Bots
from tests.patience import until
from tests.slack.platform import AMINA, SAMIR, SECRET, SOUK, Failure, Platform
from tests.slack.rates import Rates
from tests.slack.workspace import Message
from tests.workers.worker_in_thread import working


class Listening(EchoEngine):
    """Keeps what it was asked, as the model gets it."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def answer(self, request: CompletionRequest) -> str:
        self.asked.append(request.messages[-1].content)
        return "واخا"


def calls(slack: Platform, method: str) -> int:
    return sum(name == method for name, _ in slack.calls)


@pytest.mark.parametrize("every_s", [1.0, 3600.0])
async def test_of_a_long_thread_the_model_sees_the_end(
    every_s: float, slack: Platform, chat_settings: Settings, bots: Bots
) -> None:
    souk, model = slack.atay.channels[SOUK], Listening()
    began, first = time.time() - 1300 * every_s, f"{time.time() - 1300 * every_s:.6f}"
    for number in range(1300):
        ts = f"{began + number * every_s:.6f}" if number else first
        slack.atay.keep(souk, Message(ts, SAMIR, [f"line-{number}-"], first))
    with working(model, chat_settings):
        async with bots(chat_settings):
            slack.say(SOUK, "@mersal لخص", thread_ts=first)
            await until(lambda: model.asked)
    (prompt,) = model.asked
    assert "line-1299-" in prompt and "line-1250-" in prompt
    assert "line-100-" not in prompt
    assert calls(slack, "conversations.replies") <= 12


async def test_a_question_with_many_strangers_waits_for_some_names_and_not_for_long(
    slack: Platform, chat_settings: Settings, bots: Bots, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names, "PATIENCE_S", 1.0)
    souk, model = slack.atay.channels[SOUK], Listening()
    crowd = [f"U7{number:03}" for number in range(60)]
    for user in crowd:
        slack.atay.person(user, f"Name-{user}")

    def fail(method: str, given: dict[str, Any]) -> Failure | None:
        return "hang" if given.get("user") in crowd[2:] else None

    slack.fail = fail
    with working(model, chat_settings):
        async with bots(chat_settings):
            slack.say(SOUK, "@mersal " + " ".join(f"<@{user}>" for user in crowd))
            slack.say(SECRET, "@mersal elsewhere", user=SAMIR)
            await until(lambda: len(model.asked) == 2)
            asked = calls(slack, "users.info")
            await until(lambda: slack.said(souk))
            again = slack.say(SOUK, f"@mersal <@{crowd[5]}>?")
            await until(lambda: slack.said(souk, again.ts))
    assert model.asked[0].endswith("elsewhere")
    assert "@Name-U7000 @Name-U7001 @… @…" in model.asked[1]
    assert asked <= names.ASKED + 2 + 2  # who asks, in two channels; the bot itself is not asked
    assert calls(slack, "users.info") == asked  # who had no name was remembered


async def test_look_ups_leave_room_for_those_who_ask(
    slack: Platform, chat_settings: Settings, bots: Bots
) -> None:
    model = Listening()
    slack.rates = Rates(posts=(1000, 1.0))
    real = {"tier_share": 1.0, "streaming": False}
    ours = chat_settings.slack.model_copy(update=real)
    crowd = [f"U7{number:03}" for number in range(80)]
    for user in crowd:
        slack.atay.person(user, f"Name-{user}")
    settings = chat_settings.model_copy(update={"slack": ours})
    with working(model, settings):
        async with bots(settings):
            for first in range(0, 80, 20):
                named = " ".join(f"<@{user}>" for user in crowd[first : first + 20])
                slack.say("D", named, user=AMINA)
            await until(lambda: len(model.asked) == 4)
            began = time.monotonic()
            slack.say(SECRET, "@mersal salam", user=SAMIR)
            await until(lambda: len(model.asked) == 5)
    assert model.asked[-1] == "Samir-atay: salam"
    assert time.monotonic() - began < 20
    assert calls(slack, "users.info") <= 60
    assert not slack.rates.refused
