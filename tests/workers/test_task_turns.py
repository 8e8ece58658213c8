"""Tasks through the queue: apart from the conversation, part by part, and what ends them."""

import asyncio
from dataclasses import replace

import pytest

from broker.messages import Task
from broker.settings import Settings, TurnSettings
from inference.catalog import find
from inference.engine import CompletionRequest, Sampling
from tests.workers.desk import Attentive, Desk
from tests.workers.worker_in_thread import working
from workers.transcript import Wish

TO_DARIJA = Wish("translate", "ary")
FRENCH = "Bonjour mes amis, comment allez-vous ?"
FRAMED = f"ترجم النص التالي من الفرنسية إلى الدارجة المغربية:\n{FRENCH}"
LONG = "Une phrase assez courte, mes amis. " * 40


async def test_a_task_stands_aside_of_the_conversation(desk: Desk, echo_settings: Settings) -> None:
    engine = Attentive()
    with working(engine, echo_settings):
        await desk.say("salam")
        await desk.reply()
        await desk.say(FRENCH, sender="Amina", wish=TO_DARIJA)
        reply = await desk.reply()
        await desk.say("wakha")
        await desk.reply()
    assert engine.asked == [["salam"], [FRAMED], ["salam", "salam", "wakha"]]
    assert (reply.text, reply.outcome, reply.task) == (FRAMED, "answered", "translate")
    turn = (await desk.snapshot()).turns[1]
    assert (turn.task, turn.target, turn.aside) == ("translate", "ary", True)
    assert (turn.said[0].text, turn.said[0].sender) == (FRENCH, "Amina")


async def test_a_task_that_is_kept_is_remembered_with_what_asked_for_it(
    desk: Desk, echo_settings: Settings
) -> None:
    engine = Attentive()
    with working(engine, echo_settings):
        await desk.say(FRENCH, wish=replace(TO_DARIJA, keeps=True))
        await desk.reply()
        await desk.say("wakha")
        await desk.reply()
    assert engine.asked == [[FRAMED], [FRAMED, FRAMED, "wakha"]]
    turn = (await desk.snapshot()).turns[0]
    assert (turn.aside, turn.said[0].text) == (False, FRENCH)


async def test_a_task_in_a_burst_stands_alone(desk: Desk, echo_settings: Settings) -> None:
    for text, wish in (("a", Wish()), ("b", Wish()), (FRENCH, TO_DARIJA), ("c", Wish())):
        await desk.say(text, wish=wish)
    engine = Attentive()
    with working(engine, echo_settings):
        replies = [await desk.reply() for _ in range(3)]
    assert [reply.message_ids for reply in replies] == [("1", "2"), ("3",), ("4",)]
    assert engine.asked == [["a\nb"], [FRAMED], ["a\nb", "a\nb", "c"]]


async def test_an_edit_of_a_task_that_waits_takes_its_place(
    desk: Desk, echo_settings: Settings
) -> None:
    ident = await desk.say("Bonjour", wish=TO_DARIJA)
    await desk.say(FRENCH, action="edit", replaces=ident)
    engine = Attentive()
    with working(engine, echo_settings):
        assert (await desk.reply()).text == FRAMED
    assert len(engine.requests) == 1


async def test_a_task_is_done_once_more_on_request_and_after_an_edit(
    desk: Desk, echo_settings: Settings
) -> None:
    engine = Attentive()
    with working(engine, echo_settings):
        ident = await desk.say("Bonjour à vous tous", wish=TO_DARIJA)
        await desk.reply()
        await desk.say("", action="regenerate")
        again = await desk.reply()
        await desk.say(FRENCH, action="edit", replaces=ident)
        edited = await desk.reply()
    assert [reply.task for reply in (again, edited)] == ["translate"] * 2
    first, second, third = engine.requests
    assert first.messages == second.messages
    assert [one.sampling.temperature > 0 for one in engine.requests] == [False, True, False]
    assert edited.text == FRAMED
    (turn,) = (await desk.snapshot()).turns
    assert (turn.text, turn.aside, turn.target) == (FRAMED, True, "ary")


async def test_a_task_is_done_without_chance_however_free_the_model_talks(
    desk: Desk, echo_settings: Settings
) -> None:
    engine, card = Attentive(), replace(find("echo"), sampling=Sampling(temperature=0.9))
    with working(engine, echo_settings, card=card):
        await desk.say("salam")
        await desk.reply()
        await desk.say(FRENCH, wish=TO_DARIJA)
        await desk.reply()
    assert [one.sampling.temperature for one in engine.requests] == [0.9, 0.0]


async def test_what_a_model_cannot_do_is_said(desk: Desk, echo_settings: Settings) -> None:
    card = replace(find("echo"), tasks=("translate",), translates=("ar", "en"))
    engine = Attentive()
    with working(engine, echo_settings, card=card):
        for wish in (TO_DARIJA, Wish("summarize"), Wish("translate", "ar"), Wish("translate")):
            await desk.say(FRENCH, wish=wish)
            reply = await desk.reply()
            assert (reply.outcome, reply.text, reply.task) == ("cannot", "", wish.task)
    assert not engine.requests


async def test_a_text_that_is_in_the_language_already_is_given_back(
    desk: Desk, echo_settings: Settings
) -> None:
    engine = Attentive()
    with working(engine, echo_settings):
        await desk.say(FRENCH, wish=Wish("translate", "fr"))
        reply = await desk.reply()
    assert (reply.outcome, reply.text) == ("answered", FRENCH)
    assert not engine.requests


async def test_a_stop_ends_a_long_text_between_its_parts_too(
    desk: Desk, echo_settings: Settings
) -> None:
    engine = Attentive(delay_s=0.5)
    with working(engine, echo_settings):
        await desk.say(LONG * 4, wish=TO_DARIJA)
        while len(engine.requests) < 2:
            await asyncio.sleep(0.01)
        await desk.inbox.cancel(desk.address)
        reply = await desk.reply()
    assert reply.outcome == "stopped"
    assert reply.text.startswith("ترجم")
    assert len(engine.requests) < 5  # of eleven


async def test_a_long_text_takes_no_longer_than_a_turn_may(
    desk: Desk, echo_settings: Settings
) -> None:
    hurried = echo_settings.model_copy(update={"turn": TurnSettings(deadline_s=1)})
    with working(Attentive(delay_s=0.6), hurried):
        await desk.say(LONG, wish=TO_DARIJA)
        reply = await desk.reply()
    assert reply.outcome == "timed_out"
    assert "ترجم" in reply.text


async def test_parts_come_in_order_and_their_tokens_are_summed(
    desk: Desk, echo_settings: Settings
) -> None:
    engine = Attentive()
    with working(engine, echo_settings):
        await desk.say(LONG, wish=TO_DARIJA)
        reply = await desk.reply()
    assert len(engine.requests) > 2
    assert reply.text == " ".join(asked for (asked,) in engine.asked)
    assert reply.tokens == len(reply.text.split())


async def test_a_part_too_long_for_a_small_window_is_halved(
    desk: Desk, echo_settings: Settings
) -> None:
    engine = Attentive(context_tokens=60)
    with working(engine, echo_settings):
        await desk.say(LONG, wish=TO_DARIJA)
        reply = await desk.reply()
    assert reply.outcome == "answered"
    assert reply.text.count("Une phrase") == 40


@pytest.mark.parametrize("words", ["{text}", "{0} {from}", "ترجم للفرنساوية:\n%s"])
async def test_a_text_that_looks_like_the_frame_changes_nothing(
    desk: Desk, echo_settings: Settings, words: str
) -> None:
    with working(Attentive(), echo_settings):
        await desk.say(words, wish=Wish("explain"))
        assert (await desk.reply()).text == f"اشرح النص التالي بكلمات بسيطة:\n{words}"


async def test_a_task_is_not_told_that_old_turns_are_unread(
    desk: Desk, echo_settings: Settings
) -> None:
    turn = echo_settings.turn.model_copy(update={"history_turns": 1})
    with working(Attentive(), echo_settings.model_copy(update={"turn": turn})):
        for _ in range(3):
            await desk.say(FRENCH, wish=TO_DARIJA)
            assert (await desk.reply()).notices == ()
        await desk.say("salam")
        assert (await desk.reply()).notices == ("old_turns_dropped",)


class Wordy(Attentive):
    """Finds no end where it reads of phrases."""

    def answer(self, request: CompletionRequest) -> str:
        super().answer(request)
        return "and so on " * 100 if "phrase" in request.messages[-1].content else "in short."


@pytest.mark.parametrize(("task", "told"), [("summarize", ()), ("explain", ("cut_at_length",))])
async def test_that_an_answer_was_cut_is_told_of_what_the_user_reads(
    desk: Desk, echo_settings: Settings, task: Task, told: tuple[str, ...]
) -> None:
    worker = echo_settings.worker.model_copy(update={"max_new_tokens": 40})
    settings = echo_settings.model_copy(update={"worker": worker})
    with working(Wordy(context_tokens=400), settings):
        await desk.say(LONG, wish=Wish(task))
        reply = await desk.reply()
    assert (reply.outcome, reply.notices) == ("answered", told)
