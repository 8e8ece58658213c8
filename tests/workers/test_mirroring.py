"""Who writes Darija in Latin letters is read in Arabic ones, and answered in his."""

from dataclasses import replace

from broker.claims import Claim
from broker.messages import Reply, ReplyDelta, UserMessage
from broker.settings import Settings
from broker.text.arabizi_latin import to_latin
from inference.catalog import find
from inference.engine import CompletionRequest
from tests.workers.desk import ADDRESS, Attentive, Desk
from tests.workers.worker_in_thread import working
from workers.running import RunningTurn
from workers.transcript import Wish
from workers.turn import TurnRunner

READS_ARABIC = replace(find("echo"), arabizi="convert")
IN_LATIN = Wish(script="latn")
ASKED = "labas 3lik, chno kayn lyoum?"
READ = "لاباس عليك، شنو كاين اليوم؟"


class Answering(Attentive):
    """Says the same long thing to everybody."""

    ANSWER = "كاين اليوم طاجين بالخضرة، والكسكس نهار الجمعة. " * 12

    def answer(self, request: CompletionRequest) -> str:
        super().answer(request)
        return self.ANSWER


async def test_arabizi_is_read_in_arabic_letters_and_remembered_as_it_was_written(
    desk: Desk, echo_settings: Settings
) -> None:
    engine = Attentive()
    with working(engine, echo_settings, card=READS_ARABIC):
        await desk.say(ASKED, wish=IN_LATIN)
        reply = await desk.reply()
    assert engine.asked == [[READ]]
    assert reply.text == to_latin(READ)
    (turn,) = (await desk.snapshot()).turns
    assert (turn.said[0].text, turn.said[0].read) == (ASKED, READ)
    assert (turn.text, turn.original, turn.script) == (reply.text, READ, "latn")


async def test_the_model_reads_its_own_words_again_to_the_letter(
    desk: Desk, echo_settings: Settings
) -> None:
    engine = Attentive()
    with working(engine, echo_settings, card=READS_ARABIC):
        for text in (ASKED, "Bonjour, merci pour votre réponse", "safi, bghit nemchi daba"):
            await desk.say(text, wish=IN_LATIN)
            await desk.reply()
    first, second, third = engine.asked
    assert second[:2] == [*first, READ]
    assert third[:4] == [*second, second[-1]]


async def test_a_model_that_knows_arabizi_reads_it_as_it_is(
    desk: Desk, echo_settings: Settings
) -> None:
    engine = Attentive()
    with working(engine, echo_settings):
        await desk.say(ASKED)
        assert (await desk.reply()).text == ASKED
    (turn,) = (await desk.snapshot()).turns
    assert (turn.said[0].read, turn.original) == ("", "")


async def test_who_wants_arabic_letters_gets_them_from_a_model_that_writes_latin_ones(
    desk: Desk, echo_settings: Settings
) -> None:
    with working(Attentive(), echo_settings):
        await desk.say(ASKED, wish=Wish(script="arab"))
        assert (await desk.reply()).text == READ
    (turn,) = (await desk.snapshot()).turns
    assert turn.original == ASKED


async def test_pieces_come_in_the_letters_of_the_reply(desk: Desk, echo_settings: Settings) -> None:
    events = desk.live.events()
    assert await anext(events) is None  # subscribed
    with working(Answering(delay_s=1), echo_settings):
        await desk.say("chno kayn?", wish=IN_LATIN)
        text, deltas = "", 0
        async for event in events:
            if isinstance(event, ReplyDelta):
                assert event.offset == len(text)
                text, deltas = text + event.text, deltas + 1
            elif isinstance(event, Reply):
                assert event.text.startswith(text)
                assert event.text == to_latin(Answering.ANSWER)
                break
    assert deltas > 3


async def test_what_was_said_before_a_stop_is_the_same_in_both_letters(
    desk: Desk, echo_settings: Settings
) -> None:
    with working(Answering(delay_s=100), echo_settings):
        await desk.say("chno kayn?", wish=IN_LATIN)
        await desk.until_shown()
        await desk.inbox.cancel(desk.address)
        reply = await desk.reply()
    assert reply.outcome == "stopped"
    (turn,) = (await desk.snapshot()).turns
    assert Answering.ANSWER.startswith(turn.original) and turn.original
    assert turn.text == reply.text == to_latin(turn.original)


async def test_a_second_answer_comes_in_the_letters_of_the_first(
    desk: Desk, echo_settings: Settings
) -> None:
    with working(Attentive(), echo_settings, card=READS_ARABIC):
        await desk.say(ASKED, wish=IN_LATIN)
        first = await desk.reply()
        await desk.say("", action="regenerate")
        assert (await desk.reply()).text == first.text
    (turn,) = (await desk.snapshot()).turns
    assert (turn.script, turn.said[0].read) == ("latn", READ)


def test_a_turn_that_is_given_up_keeps_what_was_said_in_both_letters(settings: Settings) -> None:
    claim = Claim("web:c1:", "1", 0, False, False, (asked_in_latin(),), ())
    runner = TurnRunner(Attentive(), READS_ARABIC, settings, lambda _, __: True)
    turn = RunningTurn("w1", claim, deadline_s=60)
    assert runner.run(turn)
    turn.text, turn.original = "labas ", "لاباس علي"  # as if the engine hung here
    done = runner.give_up(turn)
    assert done.turn
    assert (done.reply.outcome, done.turn.text, done.turn.original) == (
        "timed_out",
        "labas ",
        "لاباس علي",
    )
    assert (done.turn.said[0].text, done.turn.said[0].read) == (ASKED, READ)


def asked_in_latin() -> UserMessage:
    return UserMessage(ADDRESS, "1", "u1", ASKED, 1.0, script="latn")
