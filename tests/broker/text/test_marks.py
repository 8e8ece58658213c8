"""Direction marks, against the bidirectional algorithm itself: lines as a client draws them."""

import json
from pathlib import Path

import pytest
from bidi import get_display
from hypothesis import given
from hypothesis import strategies as st

from broker.text.direction import direction, first_strong
from broker.text.marks import line_marks
from broker.text.runs import left_to_right

CASES = json.loads((Path(__file__).parent / "runs_cases.json").read_text("utf-8"))
CONTROLS = str.maketrans("", "", "\u200e\u200f\u2066\u2069")


def marked(line: str) -> str:
    for at, mark in reversed(line_marks(line)):
        line = line[:at] + mark + line[at:]
    return line


def drawn(line: str) -> str:
    """The line from left to right as a client draws it that goes by its first strong letter."""
    side = "R" if first_strong(line) in ("R", "AL") else "L"
    return str(get_display(line, base_dir=side)).translate(CONTROLS)


@pytest.mark.parametrize(("line", "runs"), CASES)
def test_what_reads_as_one_piece_is_found(line: str, runs: list[str]) -> None:
    assert [line[slice(*span)] for span in left_to_right(line)] == runs


@pytest.mark.parametrize(("line", "runs"), [case for case in CASES if case[1]])
def test_it_is_drawn_as_it_is_written_thanks_to_the_marks(line: str, runs: list[str]) -> None:
    assert all(run in drawn(marked(line)) for run in runs)
    assert not all(run in str(get_display(line, base_dir="R")) for run in runs)


@pytest.mark.parametrize(
    ("line", "left_to_right_order"),
    [
        # Each line as one sees it, from left to right; Arabic letters are reversed.
        ("API ديال الطلبات", ["تابلطلا", "لايد", "API"]),
        ("1. API ديال الطلبات", ["تابلطلا", "لايد", "API", ".1"]),
        ("🇲🇦 سلام عليكم", ["مكيلع", "مالس"]),
        ("شوف https://example.com/a-b?x=1 دابا", ["اباد", "https://example.com/a-b?x=1", "فوش"]),
        ("Price of طاجين: 45 DH today", ["Price", "نيجاط", "45", "DH", "today"]),
        ("On lit صبر 3 fois dans le texte", ["On", "lit", "ربص", "3", "fois", "texte"]),
    ],
)
def test_a_mixed_line_is_drawn_in_order(line: str, left_to_right_order: list[str]) -> None:
    seen = drawn(marked(line))
    places = [seen.index(word) for word in left_to_right_order]
    assert places == sorted(places), seen


def test_a_price_behind_arabic_reads_amount_first() -> None:
    """From the right: the ware, the amount, the currency."""
    assert drawn(marked("الطاجين: 250 DH")) == "DH 250 :نيجاطلا"


@pytest.mark.parametrize(
    "line", ["سلام عليكم", "hello world", "250", "", "شوف example.com", "عيط ل @mersal_bot دابا"]
)
def test_a_line_that_is_drawn_right_gets_no_marks(line: str) -> None:
    assert line_marks(line) == []


def test_nothing_is_put_into_links_mentions_and_code() -> None:
    line = "شوف https://a.ma/1-2-3 و a@b.ma و `x-1-2` ومزيان"
    code = (line.index("`"), line.rindex("`") + 1)
    places = [at for at, _ in line_marks(line, [code])]
    assert places == [code[0], code[1]]
    assert line_marks("See https://ar.wikipedia.org/wiki/طنجة_2024 for more of this") == []


@given(st.text(alphabet='اب ab1+-/.()"$#', max_size=40))
def test_marks_come_in_order_and_in_pairs(line: str) -> None:
    marks = line_marks(line)
    assert [at for at, _ in marks] == sorted(at for at, _ in marks)
    kinds = [mark for _, mark in marks]
    assert kinds.count("\u2066") == kinds.count("\u2069")
    assert marked(line).translate(CONTROLS) == line
    if direction(line) == "rtl" and first_strong(line):
        assert first_strong(marked(line)) in ("R", "AL")
