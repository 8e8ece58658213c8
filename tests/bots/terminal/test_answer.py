"""An answer on a terminal: each character once, whatever is lost or comes twice."""

import io
import time

import pytest

from bots.terminal.answer import Answer
from bots.terminal.paper import Paper, printable
from broker.conversation import Snapshot
from broker.messages import Address, Reply, ReplyDelta, Said, Turn

ADDRESS = Address("terminal", "1000")
TEXT = "واحد جوج تلاتة"


def delta(offset: int, text: str, reply_id: str = "r1") -> ReplyDelta:
    return ReplyDelta(ADDRESS.conversation_id, reply_id, offset, text)


def reply(text: str = TEXT, reply_id: str = "r1") -> Reply:
    return Reply(ADDRESS, reply_id, ("m1",), text, "answered", language="en")


def snapshot(partial: str = "", turns: tuple[Turn, ...] = ()) -> Snapshot:
    return Snapshot("leased", "echo", turns, (), "r1" if partial else "", partial)


class Desk:
    """A terminal and an answer on it."""

    def __init__(self, streams: bool = True) -> None:
        self.out, self.remarks = io.StringIO(), io.StringIO()
        self.answer = Answer("m1", "en", Paper(self.out, self.remarks, streams))

    @property
    def shown(self) -> str:
        return self.out.getvalue()


async def test_pieces_are_shown_once_although_they_come_twice() -> None:
    desk = Desk()
    for piece in (delta(0, TEXT[:5]), delta(0, TEXT[:5]), delta(3, TEXT[3:8])):
        assert desk.answer.show_delta(piece)
    assert desk.shown == TEXT[:8]
    desk.answer.show_reply(reply())
    assert desk.shown == TEXT + "\n"
    assert await desk.answer.outcome() == "answered"


async def test_a_piece_is_a_sign_and_its_repetition_too(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    desk = Desk()
    now = 107.0
    assert desk.answer.silent_s == 7.0
    desk.answer.show_delta(delta(0, TEXT[:5]))
    assert desk.answer.silent_s == 0.0
    now = 110.0
    desk.answer.show_snapshot(snapshot(TEXT[:5]))
    assert desk.answer.silent_s == 0.0


async def test_a_missing_piece_is_asked_for_and_read_from_the_conversation() -> None:
    desk = Desk()
    desk.answer.show_delta(delta(0, TEXT[:2]))
    assert not desk.answer.show_delta(delta(6, TEXT[6:9]))
    desk.answer.show_snapshot(snapshot(TEXT[:9]))
    assert desk.shown == TEXT[:9]


async def test_an_answer_that_begins_anew_is_shown_on_a_line_of_its_own() -> None:
    desk = Desk()
    desk.answer.show_delta(delta(0, "نص", "r1"))
    desk.answer.show_delta(delta(0, TEXT[:4], "r2"))
    desk.answer.show_reply(reply(reply_id="r2"))
    assert desk.shown == f"نص\n{TEXT}\n"


async def test_a_missed_end_is_found_in_the_history() -> None:
    desk = Desk()
    said = (Said("m1", "سؤال", 0.0),)
    turn = Turn(said, "r1", TEXT, "stopped", language="en")
    desk.answer.show_snapshot(snapshot(turns=(turn,)))
    desk.answer.show_snapshot(snapshot(turns=(turn,)))
    assert await desk.answer.outcome() == "stopped"
    assert desk.shown == TEXT + "\n"
    assert desk.remarks.getvalue().count("\n") == 1


async def test_somebody_elses_reply_is_not_shown() -> None:
    desk = Desk()
    desk.answer.show_reply(Reply(ADDRESS, "r9", ("m9",), "ماشي ليك", "answered"))
    assert desk.shown == ""


async def test_a_pipe_gets_the_answer_when_it_is_whole() -> None:
    desk = Desk(streams=False)
    desk.answer.show_delta(delta(0, TEXT[:5]))
    assert desk.shown == ""
    desk.answer.show_reply(reply())
    assert desk.shown == TEXT + "\n\n"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("سطر\nسطر\tآخر", "سطر\nسطر\tآخر"),
        ("\x1b[2J\x1b]0;title\x07", "[2J]0;title"),
        ("\u009b31m", "31m"),
        ("a\rb", "ab"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_an_answer_cannot_command_the_terminal(text: str, shown: str) -> None:
    assert printable(text) == shown
