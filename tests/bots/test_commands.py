"""Commands, on a real Redis."""

import asyncio
import json
from dataclasses import replace

import pytest
from redis.asyncio import Redis

from bots.access import Access, read_ids
from bots.commands import NAMES, Commands
from bots.language import LANGUAGES
from bots.menu import MENU, help_text
from bots.person import Person
from broker.claims import Claims
from broker.connection import worker_pool
from broker.conversation import Conversations
from broker.errors import SettingsError
from broker.inbox import Inbox
from broker.messages import Address, Task
from broker.preferences import Preferences
from broker.settings import Settings
from inference.echo import EchoEngine
from tests.workers.worker_in_thread import working

HOME = Address("telegram", "7")
WHO = Person(HOME, "7", "1", "ary")


def test_help_lists_every_command() -> None:
    assert all(f"/{name} " in help_text("fr") for name in MENU)


async def test_every_command_answers_in_the_persons_language(
    redis: Redis, settings: Settings
) -> None:
    commands = Commands(redis, settings)
    for name in NAMES:
        if name == "regenerate":  # its answer is the model's
            continue
        assert (await commands.run(name, "", WHO)).text, name
    assert "ما كنعرفوش" in (await commands.run("nonsense", "", WHO)).text


async def test_only_who_steers_a_group_changes_what_concerns_all(
    redis: Redis, settings: Settings
) -> None:
    member = Person(Address("telegram", "-5"), "7", "1", "en", steers=False)
    assert "admins" in (await Commands(redis, settings).run("forget", "", member)).text


async def test_a_language_is_chosen_and_left_again(redis: Redis, settings: Settings) -> None:
    commands, preferences = Commands(redis, settings), Preferences(redis, settings)
    offered = await commands.run("language", "", WHO)
    assert [choice.argument for choice in offered.choices] == [*LANGUAGES, "auto"]
    assert "parlerai" in (await commands.run("language", "fr", WHO)).text
    assert (await preferences.of("telegram:7")).language == "fr"
    await commands.run("language", "auto", WHO)
    assert (await preferences.of("telegram:7")).language == ""


async def test_only_a_model_with_a_worker_is_chosen(redis: Redis, settings: Settings) -> None:
    commands = Commands(redis, settings)
    Claims(worker_pool(settings), settings, "echo").sweep("w1", 4, 30.0)
    offered = await commands.run("model", "", WHO)
    assert [choice.argument for choice in offered.choices] == ["echo"]
    assert "gpt" not in (await commands.run("model", "gpt", WHO)).text
    assert "echo" in (await commands.run("model", "echo", WHO)).text
    assert (await Conversations(redis, settings).snapshot(HOME)).model == "echo"


@pytest.mark.parametrize(("choice", "script"), [("mirror", ""), ("arab", "arab"), ("latn", "latn")])
async def test_again_is_in_the_letters_that_the_user_chose_since(
    choice: str, script: str, redis: Redis, settings: Settings
) -> None:
    commands = Commands(redis, settings)
    await commands.run("script", choice, WHO)
    assert (await commands.run("regenerate", "", WHO)).awaited
    (message,) = (await Conversations(redis, settings).snapshot(HOME)).pending
    assert (message.action, message.script) == ("regenerate", script)


async def test_capitals_in_the_name_of_a_command_do_not_matter(
    redis: Redis, settings: Settings
) -> None:
    answer = await Commands(redis, settings).run("Arabizi", "كيف داير؟", WHO)
    assert answer.text == "kif dayer?"


async def test_what_was_said_is_exported_and_forgotten(redis: Redis, settings: Settings) -> None:
    settings = settings.model_copy(
        update={"worker": settings.worker.model_copy(update={"model": "echo"})}
    )
    commands, conversations = Commands(redis, settings), Conversations(redis, settings)
    with working(EchoEngine(), settings):
        for count, event_id in enumerate("12", start=1):
            message = replace(WHO, event_id=event_id).message("سلام")
            task: Task = "explain" if event_id == "2" else ""
            await Inbox(redis, settings).submit(replace(message, task=task))
            while len((await conversations.snapshot(HOME)).turns) < count:
                await asyncio.sleep(0.02)
    document = (await commands.run("export", "", WHO)).document
    assert document is not None
    first, second = json.loads(document.content)
    assert first["answer"] == "سلام" and "task" not in first
    assert second["said"][0]["text"] == "سلام" and second["task"] == "explain"
    await commands.run("forget", "", WHO)
    assert (await conversations.snapshot(HOME)).turns == ()
    assert "والو" in (await commands.run("export", "", WHO)).text


def test_access_is_by_user_or_chat() -> None:
    assert Access().admits("1", "1")
    access = Access(allowed=frozenset({"1", "-5"}), denied=frozenset({"2"}), admins=frozenset("9"))
    assert access.admits("1", "77") and access.admits("3", "-5") and access.admits("9", "9")
    assert not access.admits("3", "3") and not access.admits("2", "-5")
    assert access.steers("9", private=False) and access.steers("1", private=True)
    assert not access.steers("1", private=False)


def test_lists_of_ids_are_read_or_refused_by_name() -> None:
    assert read_ids("X", " 1, -100,U9 ") == {"1", "-100", "U9"}
    with pytest.raises(SettingsError, match="MERSAL_TELEGRAM__ALLOWED"):
        read_ids("MERSAL_TELEGRAM__ALLOWED", "1, a b")
