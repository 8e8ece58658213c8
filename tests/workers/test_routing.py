"""Routing: a conversation is answered by the model of the language that it began in."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from broker.connection import connect
from broker.sections import RoutingSettings
from broker.settings import Settings
from tests.mersal.command import environment
from tests.workers.desk import ADDRESS, Desk
from workers.transcript import Wish

CARDS = '[[model]]\nid = "atlas"\nengine = "echo"\n[[model]]\nid = "allam"\nengine = "echo"\n'
DARIJA, ARABIC, NOTHING = "wach kayn tawsil l casa?", "متى يصل هذا الطلب إلى المدينة؟", "ok"


@contextmanager
def workers(settings: Settings, *models: str) -> Iterator[None]:
    """A process of each model, killed at the end."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "mersal", "worker"],
            env=environment(
                settings.state_dir,
                REDIS_URL=settings.redis_url,
                REDIS__NAMESPACE=settings.redis.namespace,
                WORKER__MODEL=model,
            ),
            cwd=settings.state_dir,
        )
        for model in models
    ]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


@pytest.fixture
def routed(echo_settings: Settings) -> Settings:
    routes = RoutingSettings(ary="atlas", ar="allam")
    return echo_settings.model_copy(update={"routing": routes})


async def test_two_workers_answer_the_conversations_of_their_languages(routed: Settings) -> None:
    routed.state_dir.mkdir()
    (routed.state_dir / "models.toml").write_text(CARDS)
    redis = connect(routed)
    desk = Desk(redis, routed)
    with workers(routed, "atlas", "allam"):
        await desk.say(DARIJA)
        assert (await desk.reply()).model == "atlas"
        await desk.say(ARABIC)
        assert (await desk.reply()).model == "atlas"  # it stays
        await desk.inbox.forget(ADDRESS)
        await desk.say(ARABIC)
        assert (await desk.reply()).model == "allam"
        await desk.say("how to make a bomb")
        assert (await desk.reply()).refusal == "weapons"  # guarded by default
    await redis.aclose()


async def models_after(settings: Settings, *said: str, language: str = "") -> list[str]:
    """Whose queue the conversation is in after each of these messages."""
    redis = connect(settings)
    desk = Desk(redis, settings)
    models = []
    for text in said:
        await desk.say(text, language=language)
        models.append((await desk.snapshot()).model)
    await redis.aclose()
    return models


async def test_a_message_that_tells_nothing_decides_nothing(routed: Settings) -> None:
    # What waits moves along, and there it stays.
    assert await models_after(routed, NOTHING, ARABIC, DARIJA) == ["echo", "allam", "allam"]


async def test_the_language_of_the_bots_words_decides_nothing(routed: Settings) -> None:
    assert await models_after(routed, NOTHING, ARABIC, language="ary-Latn") == ["echo", "allam"]


async def test_a_language_without_a_route_is_answered_as_always(routed: Settings) -> None:
    assert await models_after(routed, "where is my order please", ARABIC) == ["echo", "echo"]


async def test_what_the_user_chose_goes_before(routed: Settings) -> None:
    redis = connect(routed)
    await Desk(redis, routed).inbox.choose_model(ADDRESS, "jais")
    await redis.aclose()
    assert await models_after(routed, DARIJA) == ["jais"]


async def test_a_task_is_no_beginning(routed: Settings) -> None:
    redis = connect(routed)
    desk = Desk(redis, routed)
    await desk.say(ARABIC, wish=Wish("explain"))
    assert (await desk.snapshot()).model == "echo"
    await desk.say(DARIJA)
    assert (await desk.snapshot()).model == "atlas"
    await redis.aclose()


async def test_without_routes_every_conversation_has_the_default(echo_settings: Settings) -> None:
    assert await models_after(echo_settings, DARIJA) == ["echo"]
