"""The seam for safeguards: what it keeps from the model, and what from the user."""

import pytest

from broker.claims import Claim, Finished
from broker.messages import UserMessage
from broker.sections import SafeguardSettings
from broker.settings import Settings
from inference.catalog import find
from tests.workers.desk import ADDRESS, Attentive, Desk
from tests.workers.worker_in_thread import working
from workers.running import RunningTurn
from workers.transcript import Question, Wish
from workers.turn import TurnRunner

HOOK = "tests.workers.safeguards.own_safeguard:NoCheese"


def with_(settings: Settings, **wanted: str) -> Settings:
    return settings.model_copy(update={"safeguards": SafeguardSettings(**wanted)})  # type: ignore[arg-type]


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
            raise ValueError(text)
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
    assert "ValueError" in caplog.text
    assert (await desk.snapshot()).turns[0].said[0].text == "my BUG is this"


class FailingLater(OfWords):
    """Has a bug that shows when the model is to be asked."""

    def before(self, question: Question) -> str:
        raise ValueError(question.said[0].text)


async def test_logs_hold_no_message_of_an_operator_s_safeguard(
    desk: Desk, echo_settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    with working(Attentive(), with_(echo_settings, hook=HOOK), guards=FailingLater):
        await desk.say("my CARD is this")
        assert (await desk.reply()).outcome == "failed"
    assert "my CARD" not in caplog.text
    assert "ValueError" in caplog.text


@pytest.mark.parametrize("wanted", [{"mask": "history"}, {"hook": HOOK}])
async def test_words_that_were_not_read_are_not_kept_where_masks_are(
    desk: Desk, echo_settings: Settings, wanted: dict[str, str]
) -> None:
    with working(Attentive(), with_(echo_settings, **wanted), guards=Failing):
        ident = await desk.say("my BUG is 0612345678")
        await desk.reply()
        await desk.say("", action="regenerate")
        assert (await desk.reply()).outcome == "nothing_to_regenerate"
    (turn,) = (await desk.snapshot()).turns
    assert [(one.message_id, one.text) for one in turn.said] == [(ident, "")]


def claim_of(text: str, tries: int = 0, cancel: bool = False) -> Claim:
    said = UserMessage(ADDRESS, "1", "u1", text, 1.0)
    return Claim("web:c1:", "1", tries, cancel, False, (said,), ())


def turn_of(claim: Claim, settings: Settings) -> Finished:
    runner = TurnRunner(Attentive(), find("echo"), settings, lambda *_: True, Failing)
    done = runner.run(RunningTurn("w1", claim, deadline_s=60))
    assert done
    return done


def test_what_killed_workers_is_looked_at_by_no_safeguard(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    for cancel, outcome in ((False, "set_aside"), (True, "stopped")):
        claim = claim_of("my BUG is this", settings.turn.max_tries, cancel)
        assert turn_of(claim, settings).reply.outcome == outcome
    assert "safeguards failed" not in caplog.text


def test_a_turn_that_was_stopped_says_so_though_the_safeguards_fail(settings: Settings) -> None:
    assert turn_of(claim_of("my BUG is this", cancel=True), settings).reply.outcome == "stopped"


def test_a_turn_that_is_given_up_unread_keeps_no_words_where_masks_are(settings: Settings) -> None:
    claim = claim_of("0612345678")
    runner = TurnRunner(Attentive(), find("echo"), with_(settings, mask="history"), lambda *_: True)
    done = runner.give_up(RunningTurn("w1", claim, deadline_s=60))
    assert done.turn
    assert done.turn.said[0].text == ""
