"""What the makers of a model ask to be told: a disclaimer, and Jais's own system text."""

from dataclasses import replace

import pytest

from broker.messages import Said
from broker.settings import Settings
from inference.catalog import find
from inference.echo import EchoEngine
from tests.inference.test_formats import JAIS_AR, JAIS_EN, written
from tests.workers.desk import ADDRESS, Desk
from tests.workers.worker_in_thread import working
from workers.transcript import Question, to_chat


async def test_a_disclaimer_comes_once_a_conversation(desk: Desk, echo_settings: Settings) -> None:
    card = replace(find("echo"), disclaimer=True)
    with working(EchoEngine(), echo_settings, card=card):
        notices = []
        for text in ("salam", "labas?"):
            await desk.say(text)
            notices.append((await desk.reply()).notices)
        await desk.say("", "regenerate")
        notices.append((await desk.reply()).notices)
        await desk.inbox.forget(ADDRESS)
        await desk.say("salam")
        notices.append((await desk.reply()).notices)
        await desk.say("", "regenerate")
        notices.append((await desk.reply()).notices)
    assert notices == [("disclaimer",), (), (), ("disclaimer",), ("disclaimer",)]


async def test_a_model_whose_makers_ask_for_none_gets_none(
    desk: Desk, echo_settings: Settings
) -> None:
    with working(EchoEngine(), echo_settings):
        await desk.say("salam")
        assert (await desk.reply()).notices == ()


def test_these_makers_ask_for_one() -> None:
    models = ("allam-2-7b-instruct", "jais-30b-chat-v1", "acegpt-7b-chat", "acegpt-13b-chat")
    assert all(find(model).disclaimer for model in models)


@pytest.mark.parametrize(("asked", "guardrail"), [("Hello", JAIS_EN), ("مرحبا", JAIS_AR)])
def test_jais_reads_its_guardrail_unless_the_operator_has_his_own(
    asked: str, guardrail: str
) -> None:
    question = Question(1, (Said("1", asked, 0.0),), ())
    usual = written("jais-30b-chat-v1", list(to_chat(question, "")))
    own = written("jais-30b-chat-v1", list(to_chat(question, "Be brief.")))
    assert guardrail in usual
    assert guardrail not in own
    assert "Be brief." in own
