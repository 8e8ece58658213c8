"""The seam for safeguards: what it keeps from the model, and what from the user."""

import pytest

from broker.settings import Settings
from tests.workers.desk import Attentive, Desk
from tests.workers.worker_in_thread import working
from workers.transcript import Question, Wish


class OfWords:
    """Forbids questions with POISON, ends answers before KNIFE, hides CARD; holds a word back."""

    def __init__(self) -> None:
        self.refusal = ""
        self._held = ""

    def before(self, question: Question) -> str:
        return "poison" if any("POISON" in one.text for one in question.said) else ""

    def kept(self, text: str) -> str:
        return text

    def masked(self, text: str) -> str:
        return text.replace("CARD", "****")

    def feed(self, piece: str) -> str:
        if self.refusal:
            return ""
        if "KNIFE" in piece:
            self.refusal = "knife"
            self._held = ""
            return ""
        shown, self._held = self._held, piece
        return shown

    def end(self) -> str:
        shown, self._held = self._held, ""
        return shown


async def test_a_forbidden_question_never_reaches_the_model(
    desk: Desk, echo_settings: Settings
) -> None:
    engine = Attentive()
    with working(engine, echo_settings, guards=OfWords):
        await desk.say("some POISON please")
        reply = await desk.reply()
        await desk.say("salam khoya")
        assert (await desk.reply()).text == "salam khoya"
    assert (reply.outcome, reply.text, reply.refusal) == ("refused", "", "poison")
    assert engine.asked == [["salam khoya"]]
    assert (await desk.snapshot()).turns[0].refusal == "poison"


async def test_an_answer_ends_where_it_must_not_go_on(desk: Desk, echo_settings: Settings) -> None:
    # Without an end it would go on for minutes.
    with working(Attentive(delay_s=200), echo_settings, guards=OfWords):
        await desk.say("one two three KNIFE" + " four five" * 350)
        reply = await desk.reply()
    with working(Attentive(), echo_settings, guards=OfWords):
        await desk.say("one KNIFE two", wish=Wish("explain"))
        task = await desk.reply()
    assert (reply.outcome, reply.text, reply.refusal) == ("refused", "one two ", "knife")
    assert (task.outcome, task.refusal, "two" in task.text) == ("refused", "knife", False)


async def test_what_is_hidden_from_the_model_stays_in_the_history(
    desk: Desk, echo_settings: Settings
) -> None:
    engine = Attentive()
    with working(engine, echo_settings, guards=OfWords):
        await desk.say("my CARD is this")
        assert (await desk.reply()).text == "my **** is this"
        await desk.say("and now")
        await desk.reply()
    assert engine.asked[1] == ["my **** is this", "my **** is this", "and now"]
    assert (await desk.snapshot()).turns[0].said[0].text == "my CARD is this"


class Failing(OfWords):
    """Has a bug that some words bring out."""

    def masked(self, text: str) -> str:
        if "BUG" in text:
            raise ZeroDivisionError
        return super().masked(text)


async def test_safeguards_that_fail_let_nothing_through(
    desk: Desk, echo_settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    engine = Attentive()
    with working(engine, echo_settings, guards=Failing):
        await desk.say("my BUG is this")
        assert (await desk.reply()).outcome == "failed"
        await desk.say("and now")
        assert (await desk.reply()).text == "and now"
    assert engine.asked == [["and now"]]
    assert "is this" not in caplog.text
