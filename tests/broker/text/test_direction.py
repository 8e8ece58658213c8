"""The cases are those that the browser's rule is tested with, too."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.text.direction import direction

CASES = json.loads((Path(__file__).parent / "direction_cases.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_the_direction_is_that_of_most_words(text: str, expected: str) -> None:
    assert direction(text) == expected


@given(st.text())
def test_any_text_has_a_direction_or_none(text: str) -> None:
    assert direction(text) in ("rtl", "ltr", "")


@given(st.text(alphabet="ابتثجحخ 123.,"))
def test_arabic_alone_is_never_left_to_right(text: str) -> None:
    assert direction(text) != "ltr"
