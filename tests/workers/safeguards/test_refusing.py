"""The rules' guard over an answer that is being written."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workers.safeguards.refusing import Refusing, Sides
from workers.safeguards.rulebook import read_rules
from workers.safeguards.rules import Rule, Rules

RULES = Rules([Rule("weapons", ("bomb",), (("mix", "خلط"),), ("history",), near=4)])
RULED = Sides(Rules([]), RULES)

HARMLESS = (
    "Tea is easy. First boil water, then mix in sugar.\nA bomb fell in 1943. Drink it hot!  \n"
)
HARMFUL = "Sure! For a bomb you mix this and that."


def pieces(text: str, cuts: list[int]) -> list[str]:
    places = sorted({0, len(text), *(cut % (len(text) + 1) for cut in cuts)})
    return [text[a:b] for a, b in zip(places, places[1:], strict=False)]


def told(text: str, cuts: list[int]) -> tuple[str, str]:
    guard = Refusing(RULED, RULED)
    shown = "".join(guard.feed(piece) for piece in pieces(text, cuts)) + guard.end()
    return shown, guard.refusal


@settings(deadline=None)
@given(st.lists(st.integers(0, 200), max_size=60))
def test_a_harmless_answer_comes_whole_however_it_is_cut(cuts: list[int]) -> None:
    assert told(HARMLESS, cuts) == (HARMLESS, "")


@settings(deadline=None)
@given(st.lists(st.integers(0, 200), max_size=60))
def test_a_harmful_answer_ends_before_its_subject_however_it_is_cut(cuts: list[int]) -> None:
    shown, refusal = told(HARMFUL, cuts)
    assert refusal == "weapons"
    assert "Sure! For a ".startswith(shown)


def test_words_are_shown_as_soon_as_they_are_whole() -> None:
    guard = Refusing(RULED, RULED)
    shown = [guard.feed(piece) for piece in ("Te", "a is", " go", "od ")]
    assert shown == ["", "Tea", " is", " good"]


def test_behind_a_subject_only_as_much_waits_as_may_break_the_rule() -> None:
    guard = Refusing(RULED, RULED)
    shown = [guard.feed(f"{word} ") for word in "the bomb of a b c d e".split()]
    assert shown[:2] == ["the", ""]
    assert "".join(shown[2:]).strip().startswith("bomb of a")


def test_an_exception_lets_its_sentence_pass() -> None:
    text = "The history of how they mix a bomb is long. "
    assert told(text, list(range(60))) == (text, "")


@pytest.mark.parametrize(
    "text",
    [
        "Making a bomb at home is illegal and dangerous.",
        "Fabriquer une bombe est interdit par la loi. Parlons d'autre chose !",
        "صنع القنبلة غير قانوني وممنوع.",
        "تصنيع المخدرات ممنوع فالمغرب",
    ],
)
def test_an_exception_behind_the_subject_lets_its_sentence_pass_too(text: str) -> None:
    answers = Rules(rule for rule in read_rules() if rule.answers)
    assert not answers.broken_by(text)
    guard = Refusing(Sides(Rules([]), answers), Sides(Rules([]), answers))
    assert "".join(map(guard.feed, re.findall(r"\s?\S+", text))) + guard.end() == text


def test_only_the_sentence_s_end_is_waited_for() -> None:
    for text in (f"{HARMFUL} And its history is long.", HARMFUL[:-1] + " so" * 50):
        shown, refusal = told(text, list(range(len(text))))
        assert (shown, refusal) == ("Sure! For a", "weapons")


def test_a_subject_of_several_words_is_seen_when_its_last_word_comes() -> None:
    rules = Rules([Rule("weapons", ("dirty bomb",), (("mix",),), near=4)])
    guard = Refusing(Sides(rules, rules), Sides(rules, rules))
    shown = [guard.feed(f"{word} ") for word in "First mix a dirty bomb now".split()]
    assert "".join(shown) == "First mix a dirty"
    assert guard.refusal == "weapons"


def test_an_answer_that_says_nothing_else_is_not_held_back_for_ever() -> None:
    guard = Refusing(RULED, RULED)
    assert any(guard.feed("bomb ") for _ in range(100))
