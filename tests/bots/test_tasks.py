"""Tasks as commands, on a real Redis: what goes into the queue, and what is said instead."""

from dataclasses import replace

import pytest
from redis.asyncio import Redis

from bots import catalog
from bots.commands import Commands
from bots.person import Person
from bots.targets import TARGETS, Target, with_target
from bots.tasks import Asked, Sources, parse
from bots.telegram import keyboards
from broker.claims import Claims
from broker.connection import worker_pool
from broker.conversation import Conversations
from broker.messages import TASKS, Address, Task, UserMessage
from broker.preferences import Preferences
from broker.settings import Settings

HOME = Address("telegram", "7")
AMINA = Person(HOME, "7", "1", "ary")
NAMES: dict[Target, str] = {
    "ary": "ary darija Darija: الدارجة دارجة للدارجة بالدارجة bdarija marocain",
    "ar": "ar arabe العربية للعربية l3arbiya 3arbiya الفصحى",
    "fr": "fr français francais Français الفرنسية للفرنسية فرنسية french fransawiya",
    "en": "en english l’anglais الإنجليزية للإنجليزية نجليزية ngliziya",
}


@pytest.fixture
def home(settings: Settings) -> Settings:
    """Settings under which "echo" answers who chose no model; it has a worker and does all."""
    worker = settings.worker.model_copy(update={"model": "echo"})
    settings = settings.model_copy(update={"worker": worker})
    announce(settings, "echo", TASKS)
    return settings


def announce(settings: Settings, model: str, tasks: frozenset[Task]) -> None:
    """A worker of the model says what it can."""
    Claims(worker_pool(settings), settings, model, tasks).sweep("w1", 4, 30.0)


async def queued(redis: Redis, settings: Settings) -> list[UserMessage]:
    return list((await Conversations(redis, settings).snapshot(HOME)).pending)


@pytest.mark.parametrize(("target", "name"), [(t, n) for t in TARGETS for n in NAMES[t].split()])
def test_a_language_is_known_by_many_names(target: Target, name: str) -> None:
    assert with_target(f"{name} Casablanca 7\n8") == (target, "Casablanca 7\n8")
    assert with_target(name) == (target, "")


@pytest.mark.parametrize("words", ["to french", "en français", "ل الفرنسية", "b fransawiya"])
def test_a_word_before_the_language_is_not_the_text(words: str) -> None:
    assert with_target(f"{words} salam") == ("fr", "salam")


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("ary", "moroccan arabic"),
        ("ary", "الدارجة المغربية"),
        ("ar", "اللغة العربية"),
        ("ar", "to Modern Standard Arabic"),
        ("fr", "باللغة الفرنسية"),
    ],
)
def test_a_language_may_have_a_name_of_several_words(target: Target, name: str) -> None:
    assert with_target(f"{name} Casablanca 7") == (target, "Casablanca 7")
    assert with_target(name) == (target, "")


@pytest.mark.parametrize(
    "text",
    [
        "En fait je suis là",
        "en fait je suis là",
        "en tout cas, on verra",
        "FR",
        "Dr Alaoui est là",
        "English people are strange",
        "Darija zwina bzaf",
        "الدارجة زوينة بزاف",
        "in English please",
    ],
)
def test_a_language_that_begins_a_sentence_is_text(text: str) -> None:
    assert with_target(text) == (None, text)


@pytest.mark.parametrize("text", ["en: fait chaud", "en\nfait chaud", "english:  fait chaud"])
def test_a_colon_or_a_new_line_ends_all_doubt(text: str) -> None:
    assert with_target(text) == ("en", "fait chaud")
    assert with_target("Darija: zwina bzaf") == ("ary", "zwina bzaf")


def test_what_a_text_is_in_does_not_matter_to_a_code() -> None:
    assert with_target("en bonjour à tous") == ("en", "bonjour à tous")
    assert with_target("en hello") == ("en", "hello")


@pytest.mark.parametrize("text", ["Ben is here", "bar aujourd'hui", "l'école", "salam", "", "في"])
def test_what_only_resembles_a_language_is_text(text: str) -> None:
    assert with_target(text) == (None, text)


def test_a_summary_is_of_a_text_or_of_so_many_messages() -> None:
    assert parse("summarize", " 20 ") == Asked("", last=20)
    assert parse("summarize", "20 درهم") == Asked("20 درهم")
    assert parse("summarize", "") == Asked("", last=0)
    assert parse("explain", "20") == Asked("20")


async def test_a_task_goes_into_the_queue_once_with_all_that_a_worker_needs(
    redis: Redis, home: Settings
) -> None:
    commands = Commands(redis, home)
    for _ in range(2):  # the platform may ask again
        answer = await commands.run("translate", "fr شكرا بزاف", AMINA)
        assert answer.awaited and not answer.text
    (message,) = await queued(redis, home)
    assert (message.task, message.target, message.text) == ("translate", "fr", "شكرا بزاف")
    assert message.language == "ary" and not message.keeps and message.script == ""


@pytest.mark.parametrize("task", sorted(TASKS - {"translate"}))
async def test_the_message_that_was_answered_is_worked_on(
    task: Task, redis: Redis, home: Settings
) -> None:
    await Commands(redis, home).run(task, "", AMINA, Sources("السوق عامر"))
    (message,) = await queued(redis, home)
    assert (message.task, message.text) == (task, "السوق عامر")


async def test_what_is_written_behind_a_command_goes_before_what_it_answers(
    redis: Redis, home: Settings
) -> None:
    await Commands(redis, home).run("explain", "هادي", AMINA, Sources("ماشي هادي"))
    assert [message.text for message in await queued(redis, home)] == ["هادي"]


async def test_the_language_of_a_translation_is_asked_for_once_and_remembered(
    redis: Redis, home: Settings
) -> None:
    commands = Commands(redis, home)
    asked = await commands.run("translate", "", AMINA, Sources("شحال هادي الطوموبيل؟"))
    assert asked.text == catalog.text("task-which-language", "ary") and not asked.awaited
    assert [choice.argument[:2] for choice in asked.choices] == ["ar", "fr", "en"]
    pressed = await commands.run("translate", "en", AMINA, Sources(""))
    assert pressed.awaited
    await commands.run("translate", "بغيت نشرب أتاي", replace(AMINA, event_id="2"))
    assert [(message.text, message.target) for message in await queued(redis, home)] == [
        ("شحال هادي الطوموبيل؟", "en"),
        ("بغيت نشرب أتاي", "en"),
    ]
    again = await commands.run("translate", "I would like some tea", AMINA)
    assert again.choices, "English into English makes no sense"


async def test_each_question_for_a_language_is_about_its_own_text(
    redis: Redis, home: Settings
) -> None:
    commands, texts = Commands(redis, home), ["شحال هادي؟", "فين غادي؟"]
    asked = [await commands.run("translate", text, replace(AMINA, event_id=text)) for text in texts]
    for one in asked:  # what they carry is short enough
        keyboard = keyboards.of_choices(one.choices)
        assert keyboard is not None and len(keyboard.inline_keyboard) == 3
    for number, one in enumerate((*asked, asked[0])):
        pressed = replace(AMINA, event_id=f"press {number}")
        answer = await commands.run("translate", one.choices[number].argument, pressed)
        assert answer.awaited
    await commands.run("translate", "fr", replace(AMINA, event_id="typed"))
    assert [(message.text, message.target) for message in await queued(redis, home)] == [
        (texts[0], "ar"),
        (texts[1], "fr"),
        (texts[0], "en"),
        (texts[1], "fr"),  # without a mark, the newest
    ]


async def test_what_is_too_long_is_not_kept_for_its_language(redis: Redis, home: Settings) -> None:
    limits = home.limits.model_copy(update={"message_chars": 10})
    commands = Commands(redis, home.model_copy(update={"limits": limits}))
    told = await commands.run("translate", "شحال هادي الطوموبيل؟", AMINA)
    assert told.text == catalog.text("message-too-long", "ary") and not told.choices
    assert not (await commands.run("translate", "fr", AMINA)).awaited


async def test_a_text_that_waits_for_its_language_is_nobody_elses_and_can_be_forgotten(
    redis: Redis, home: Settings
) -> None:
    commands, other = Commands(redis, home), replace(AMINA, user_id="8", event_id="2")
    await commands.run("translate", "", AMINA, Sources("سر ديالي"))
    assert not (await commands.run("translate", "fr", other, Sources(""))).awaited
    await commands.run("forget", "", AMINA)
    assert not (await commands.run("translate", "fr", AMINA, Sources(""))).awaited


@pytest.mark.parametrize("name", [*sorted(TASKS), "arabizi", "3arabi", "arabi"])
async def test_without_a_text_the_person_is_told_how(
    name: str, redis: Redis, home: Settings
) -> None:
    commands = Commands(redis, home)
    answered = await commands.run(name, "", AMINA, Sources(""))
    command = f"/{'3arabi' if name == 'arabi' else name}"
    assert answered.text == catalog.text("task-no-reply", "ary", command=command)
    typed = await commands.run(name, "", AMINA)
    assert typed.text == catalog.text("task-no-text", "ary", command=command)
    assert await queued(redis, home) == []


async def test_the_latest_messages_of_a_group_are_summarized(redis: Redis, home: Settings) -> None:
    asked_for = []

    async def recent(count: int) -> str:
        asked_for.append(count)
        return "A: one\nB: two\nA: three"

    limits = home.limits.model_copy(update={"message_chars": 16})
    commands = Commands(redis, home.model_copy(update={"limits": limits}))
    await commands.run("summarize", "20", AMINA, Sources("answered", recent))
    await commands.run("summarize", "", replace(AMINA, event_id="2"), Sources("", recent))
    assert asked_for == [20, 0]
    assert {one.text for one in await queued(redis, home)} == {"B: two\nA: three"}, "the newest"

    async def none(count: int) -> str:
        return ""

    nothing = await commands.run("summarize", "5", AMINA, Sources("", none))
    assert nothing.text == catalog.text("task-no-messages", "ary", command="/summarize")


async def test_a_model_that_was_not_made_for_it_says_so_and_names_those_that_were(
    redis: Redis, home: Settings
) -> None:
    announce(home, "small", frozenset({"explain"}))
    commands = Commands(redis, home)
    await commands.run("model", "small", AMINA)
    cannot = await commands.run("sentiment", "فرحان", AMINA)
    assert "echo" in cannot.text and not cannot.awaited
    assert [(one.command, one.argument) for one in cannot.choices] == [("model", "echo")]
    member = replace(AMINA, steers=False)
    assert (await commands.run("sentiment", "فرحان", member)).choices == ()
    assert await queued(redis, home) == []
    told = (await commands.run("help", "", AMINA)).text
    assert "/explain" in told and "/sentiment" not in told and "/arabizi" in told


async def test_nobody_can_is_said_too(redis: Redis, home: Settings) -> None:
    announce(home, "echo", frozenset())
    cannot = await Commands(redis, home).run("explain", "هادي", AMINA)
    assert cannot.text == catalog.text("task-nobody-can", "ary") and not cannot.choices


async def test_letters_change_without_a_model(redis: Redis, home: Settings) -> None:
    commands = Commands(redis, home)
    latin = await commands.run("arabizi", "كيف داير؟ https://mersal.ma", AMINA)
    assert latin.text == "kif dayer? https://mersal.ma" and latin.quotes
    for name in ("3arabi", "arabi"):
        assert (await commands.run(name, "", AMINA, Sources("kif dayer"))).text == "كيف داير"


async def test_settings_show_what_was_chosen_and_offer_the_rest(
    redis: Redis, home: Settings
) -> None:
    commands, english = Commands(redis, home), replace(AMINA, language="en")
    before = await commands.run("settings", "", english)
    assert [one.command for one in before.choices] == ["model", "language", "script", "tasks"]
    assert "The way I write" in before.text and "Stay apart" in before.text
    for name, chosen in (("script", "latn"), ("tasks", "kept"), ("translate", "fr سلام")):
        await commands.run(name, chosen, english)
    after = (await commands.run("settings", "", english)).text
    assert "In Latin letters" in after and "Enter the conversation" in after and "Français" in after
    for name in ("script", "tasks"):
        offered = (await commands.run(name, "", english)).choices
        assert [one.command for one in offered] == [name] * len(offered) and len(offered) >= 2
    await commands.run("explain", "هادي", replace(english, event_id="2"))
    message = (await queued(redis, home))[-1]
    assert message.keeps and message.script == "latn"


async def test_the_letters_of_a_result_are_its_readers_not_its_writers(
    redis: Redis, home: Settings
) -> None:
    await Preferences(redis, home).spoke(AMINA.user_key, "ary-Latn")
    await Commands(redis, home).run("explain", "", AMINA, Sources("الجو زوين اليوم"))
    assert [message.script for message in await queued(redis, home)] == ["latn"]
