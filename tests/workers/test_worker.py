"""A worker's threads on a real Redis: answers, cancels, deadlines, failures."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest

from broker.connection import connect
from broker.messages import Reply, ReplyDelta
from broker.settings import Settings, TurnSettings
from inference.catalog import find
from inference.echo import EchoEngine
from inference.engine import CompletionRequest, Sampling
from inference.errors import EngineError
from tests.workers.desk import ADDRESS, Attentive, Desk
from tests.workers.worker_in_thread import working
from workers.heartbeat import SWEEP_EVERY_S
from workers.turn import DOUBTFUL_FAILURES


async def test_a_message_is_answered_and_remembered(desk: Desk, echo_settings: Settings) -> None:
    with working(EchoEngine(), echo_settings):
        await desk.say("salam", language="ary-Latn")
        reply = await desk.reply()
    assert (reply.text, reply.outcome, reply.language) == ("salam", "answered", "ary-Latn")
    after = await desk.snapshot()
    assert [(turn.said[0].text, turn.text) for turn in after.turns] == [("salam", "salam")]
    assert after.status == "idle"
    assert not after.pending


async def test_pieces_stream_in_order_and_make_up_the_reply(
    desk: Desk, echo_settings: Settings
) -> None:
    events = desk.live.events()
    assert await anext(events) is None  # subscribed
    with working(EchoEngine(delay_s=0.6), echo_settings):
        await desk.say("wa7ed jouj tlata reb3a")
        text = ""
        async for event in events:
            if isinstance(event, ReplyDelta):
                assert event.offset == len(text)
                text += event.text
            elif isinstance(event, Reply):
                assert event.text.startswith(text)
                break
    assert text.startswith("wa7ed jouj")


async def test_stop_ends_a_running_answer(desk: Desk, echo_settings: Settings) -> None:
    """How fast is in the benchmarks."""
    said = "one two three " * 200
    with working(EchoEngine(delay_s=200), echo_settings):  # longer than desk.reply waits
        await desk.say(said)
        await desk.until_shown()
        assert await desk.inbox.cancel(ADDRESS) == "running"
        reply = await desk.reply()
    assert reply.outcome == "stopped"
    assert said.startswith(reply.text) and reply.text  # what was said stays said
    assert (await desk.snapshot()).turns[-1].text == reply.text


async def test_stop_while_waiting_ends_the_turn_without_the_model(
    desk: Desk, echo_settings: Settings
) -> None:
    await desk.say("never answered")
    assert await desk.inbox.cancel(ADDRESS) == "waiting"
    with working(EchoEngine(), echo_settings):
        reply = await desk.reply()
        await desk.say("but this is")
        assert (await desk.reply()).text == "but this is"
    assert (reply.outcome, reply.text) == ("stopped", "")


async def test_a_turn_past_its_deadline_keeps_what_was_said(
    desk: Desk, echo_settings: Settings
) -> None:
    hurried = echo_settings.model_copy(update={"turn": TurnSettings(deadline_s=0.5)})
    with working(EchoEngine(delay_s=60), hurried):
        await desk.say("word " * 600)
        reply = await desk.reply()
    assert reply.outcome == "timed_out"
    assert reply.text.startswith("word")


class BrokenEngine(EchoEngine):
    """Fails on some words, halfway through the answer."""

    def words(self, answer: str) -> Iterator[str]:
        for word in super().words(answer):
            if "engine-error" in word:
                raise EngineError("out of memory")
            if "surprise" in word:
                raise ZeroDivisionError
            yield word


@pytest.mark.parametrize("trouble", ["engine-error", "surprise"])
async def test_a_failing_model_apologises_and_the_conversation_goes_on(
    desk: Desk, echo_settings: Settings, trouble: str, caplog: pytest.LogCaptureFixture
) -> None:
    with working(BrokenEngine(), echo_settings):
        await desk.say(f"please {trouble} now", language="fr")
        reply = await desk.reply()
        await desk.say("still there?")
        assert (await desk.reply()).text == "still there?"
    assert (reply.outcome, reply.text, reply.language) == ("failed", "", "fr")
    assert "please" not in caplog.text  # logs hold ids, never text


async def test_a_message_too_long_for_the_model_is_told_so(
    desk: Desk, echo_settings: Settings
) -> None:
    with working(EchoEngine(context_tokens=5), echo_settings):
        await desk.say("one two three four five six")
        assert (await desk.reply()).outcome == "too_long"


class CountingEngine(Attentive):
    """Answers with its count of answers."""

    def answer(self, request: CompletionRequest) -> str:
        super().answer(request)
        return f"answer {len(self.requests)}"


async def test_regenerate_replaces_the_last_answer(desk: Desk, echo_settings: Settings) -> None:
    engine = CountingEngine()
    with working(engine, echo_settings):
        await desk.say("question")
        await desk.reply()
        await desk.say("", action="regenerate")
        assert (await desk.reply()).text == "answer 2"
    turns = (await desk.snapshot()).turns
    assert [(turn.said[0].text, turn.text) for turn in turns] == [("question", "answer 2")]
    assert engine.requests[1].messages == engine.requests[0].messages
    assert engine.requests[1].sampling.temperature > 0  # or it would say the same again


async def test_regenerating_nothing_says_so_and_remembers_nothing(
    desk: Desk, echo_settings: Settings
) -> None:
    with working(EchoEngine(), echo_settings):
        await desk.say("", action="regenerate")
        assert (await desk.reply()).outcome == "nothing_to_regenerate"
    assert not (await desk.snapshot()).turns


async def test_the_model_sees_the_turns_before(desk: Desk, echo_settings: Settings) -> None:
    engine = CountingEngine()
    with working(engine, echo_settings):
        await desk.say("first")
        await desk.reply()
        await desk.say("second")
        await desk.reply()
    seen = [(one.role, one.content) for one in engine.requests[1].messages]
    assert seen == [("user", "first"), ("assistant", "answer 1"), ("user", "second")]


@pytest.mark.parametrize(("setting", "longest", "least"), [(0, 200, 4), (3, 3, 3), (500, 500, 4)])
async def test_an_answer_is_as_long_as_the_card_says_unless_a_setting_does(
    desk: Desk, echo_settings: Settings, setting: int, longest: int, least: int
) -> None:
    worker = echo_settings.worker.model_copy(update={"max_new_tokens": setting})
    settings = echo_settings.model_copy(update={"worker": worker})
    sampling = Sampling(max_new_tokens=200, min_new_tokens=4)
    engine, card = CountingEngine(), replace(find("echo"), sampling=sampling)
    with working(engine, settings, card=card):
        await desk.say("hi")
        await desk.reply()
    sampling = engine.requests[0].sampling
    assert (sampling.max_new_tokens, sampling.min_new_tokens) == (longest, least)


async def test_that_old_turns_drop_out_is_told_once(desk: Desk, echo_settings: Settings) -> None:
    turn = echo_settings.turn.model_copy(update={"history_turns": 2})
    notices = []
    with working(EchoEngine(), echo_settings.model_copy(update={"turn": turn})):
        for number in range(5):
            await desk.say(f"question {number}")
            notices.append((await desk.reply()).notices)
    assert notices == [(), (), (), ("old_turns_dropped",), ()]


async def test_a_message_too_long_for_the_model_is_refused_or_cut_with_notice(
    desk: Desk, echo_settings: Settings
) -> None:
    worker = echo_settings.worker.model_copy(update={"long_message": "cut"})
    for settings, outcome, text, notices in (
        (echo_settings, "too_long", "", ()),
        (
            echo_settings.model_copy(update={"worker": worker}),
            "answered",
            "one two […] eight nine",
            ("message_cut",),
        ),
    ):
        with working(EchoEngine(context_tokens=4), settings):
            await desk.say("one two three four five six seven eight nine")
            reply = await desk.reply()
        assert (reply.outcome, reply.text, reply.notices) == (outcome, text, notices)


async def test_a_new_message_interrupts_the_answer_when_merging_is_set(
    echo_settings: Settings,
) -> None:
    merging = echo_settings.model_copy(update={"turn": TurnSettings(while_answering="merge")})
    redis = connect(merging)
    desk = Desk(redis, merging)
    with working(EchoEngine(delay_s=3), merging):
        await desk.say("a long story " * 50)
        await desk.until_leased()
        await asyncio.sleep(0.3)
        await desk.say("wait")
        assert (await desk.reply()).outcome == "interrupted"
        assert (await desk.reply()).text == "wait"
    await redis.aclose()


async def test_a_closing_worker_hands_its_turn_back(desk: Desk, echo_settings: Settings) -> None:
    with working(EchoEngine(delay_s=60), echo_settings):
        await desk.say("half done " * 100)
        await desk.until_leased()
    assert (await desk.snapshot()).status == "ready"
    with working(EchoEngine(), echo_settings):
        assert (await desk.reply()).outcome == "answered"


class DeadEngine(EchoEngine):
    """Fails at everything."""

    def words(self, answer: str) -> Iterator[str]:
        raise EngineError("CUDA error: an illegal memory access was encountered")


async def test_an_engine_that_fails_at_everything_ends_its_process(
    desk: Desk, echo_settings: Settings
) -> None:
    deaths: list[str] = []
    with working(DeadEngine(), echo_settings, deaths=deaths):
        for _ in range(DOUBTFUL_FAILURES):
            await desk.say("salam")
            assert (await desk.reply()).outcome == "failed"
        while not deaths:
            await asyncio.sleep(0.05)
    assert "the engine fails" in deaths[0]


class SilentEngine(EchoEngine):
    """Has no words for some questions."""

    def words(self, answer: str) -> Iterator[str]:
        return iter(()) if "silence" in answer else super().words(answer)


@pytest.mark.parametrize(
    ("engine", "words"),
    [(BrokenEngine(), "engine-error"), (BrokenEngine(), "surprise"), (SilentEngine(), "silence")],
)
async def test_nobody_can_end_the_process_with_words_that_the_model_fails_at(
    desk: Desk, echo_settings: Settings, engine: EchoEngine, words: str
) -> None:
    with working(engine, echo_settings):  # which fails if the worker wants to end
        for _ in range(4 * DOUBTFUL_FAILURES):
            await desk.say(words)
            assert (await desk.reply()).outcome == "failed"
        await asyncio.sleep(2 * SWEEP_EVERY_S)
