"""Messages become turns; whole turns are dropped, the oldest first, until the rest fits."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.engine import ChatMessage, Role
from inference.errors import InvalidRequest, PromptTooLong
from inference.history import Conversation, Fit, fit, read_conversation
from inference.shortening import GAP, shortened


def chat(*contents: str, system: str = "") -> list[ChatMessage]:
    roles: tuple[Role, Role] = ("user", "assistant")
    head = [ChatMessage("system", system)] if system else []
    return head + [ChatMessage(roles[i % 2], text) for i, text in enumerate(contents)]


def a_token_per_letter(messages: Sequence[ChatMessage]) -> list[int]:
    return [ord(letter) for message in messages for letter in message.content]


def kept(conversation: Conversation, context: int, answer: int) -> tuple[str, int, int]:
    fitted = fit(conversation, a_token_per_letter, context, answer)
    return "".join(map(chr, fitted.ids)), fitted.max_new_tokens, fitted.dropped_turns


def test_everything_is_kept_while_it_fits() -> None:
    assert kept(read_conversation(chat("aa", "bb", "cc")), 20, 5) == ("aabbcc", 5, 0)


def test_the_oldest_turns_go_first_and_always_whole() -> None:
    conversation = read_conversation(chat("aa", "bb", "cc", "dd", "ee", system="S"))
    assert kept(conversation, 12, 5) == ("Sccddee", 5, 1)
    assert kept(conversation, 11, 5) == ("See", 5, 2)


def test_the_answer_yields_to_history_at_most_half_the_window() -> None:
    conversation = read_conversation(chat("a" * 20, "b" * 20, "c" * 10))
    assert kept(conversation, 100, 1000) == ("a" * 20 + "b" * 20 + "c" * 10, 50, 0)


def test_the_newest_message_may_press_the_answer_down_to_a_floor() -> None:
    assert kept(read_conversation(chat("x" * 90)), 102, 64) == ("x" * 90, 12, 0)
    with pytest.raises(PromptTooLong):
        fit(read_conversation(chat("x" * 91)), a_token_per_letter, 102, 64)


def cut(text: str, context: int, answer: int, system: str = "S") -> tuple[str, Fit]:
    conversation = read_conversation(chat("old", "older", text, system=system))
    fitted = fit(conversation, a_token_per_letter, context, answer, cuts=True)
    return "".join(map(chr, fitted.ids)), fitted


def test_a_message_longer_than_the_window_loses_its_middle() -> None:
    words = [f"word{number}" for number in range(100)]
    text, fitted = cut(" ".join(words), context=200, answer=50)
    beginning, gap, end = text.partition(GAP)
    assert gap and beginning.startswith("Sword0 word1 ") and end.endswith(" word98 word99")
    assert set(beginning[1:].split()) | set(end.split()) <= set(words)  # no word was cut in two
    assert (fitted.cut, fitted.dropped_turns, fitted.max_new_tokens) == (True, 1, 200 - len(text))
    assert 130 < len(text) <= 150


def test_a_message_that_fits_is_not_cut() -> None:
    text, fitted = cut("x" * 85, context=100, answer=20)
    assert (text, fitted.cut) == ("S" + "x" * 85, False)


def test_a_system_text_that_leaves_no_room_is_an_error_all_the_same() -> None:
    with pytest.raises(PromptTooLong):
        cut("x" * 300, context=200, answer=50, system="S" * 140)


@given(st.text("اب\u064b\u0651 \n", min_size=2, max_size=120), st.integers(1, 119))
def test_what_is_shortened_keeps_letters_with_their_marks(text: str, length: int) -> None:
    short = shortened(text, length)
    if length >= len(text):
        assert short == text
        return
    beginning, _, end = short.partition(GAP)
    assert len(beginning) + len(end) <= length
    assert text.startswith(beginning) and text.endswith(end)
    for rest in (text[len(beginning) :], end):
        assert not rest.startswith(("\u064b", "\u0651")) or rest == text


def test_a_short_answer_needs_no_more_room_than_itself() -> None:
    assert kept(read_conversation(chat("x" * 99)), 100, 1) == ("x" * 99, 1, 0)


def test_neighbours_of_one_role_are_joined_by_a_newline() -> None:
    messages = [ChatMessage("user", " a "), ChatMessage("user", "b"), *chat("", "c")[1:]]
    conversation = read_conversation([*messages, ChatMessage("user", "d")])
    assert [m.content for m in conversation.newest(2)] == ["a\nb", "c", "d"]


def test_an_answer_to_nothing_is_left_out() -> None:
    conversation = read_conversation([ChatMessage("assistant", "welcome"), *chat("hi")])
    assert [m.content for m in conversation.newest(9)] == ["hi"]


@pytest.mark.parametrize(
    "messages",
    [
        [],
        chat("a", "b"),
        chat(" \n"),
        [ChatMessage("system", "s")],
        [*chat("a", "b"), ChatMessage("system", "s"), *chat("c")],
    ],
)
def test_what_is_no_question_is_refused(messages: list[ChatMessage]) -> None:
    with pytest.raises(InvalidRequest):
        read_conversation(messages)


@given(
    st.lists(st.text("ab", min_size=1, max_size=30), min_size=1, max_size=15),
    st.integers(8, 300),
    st.integers(1, 300),
)
def test_what_is_kept_fits_and_ends_with_the_newest(
    contents: list[str], context: int, answer: int
) -> None:
    contents = contents[: len(contents) - (len(contents) + 1) % 2]
    conversation = read_conversation(chat(*contents, system="S"))
    try:
        text, room, dropped = kept(conversation, context, answer)
    except PromptTooLong:
        assert len(contents[-1]) + 1 > context - min(answer, 64, max(1, context // 8))
        return
    assert text == "S" + "".join(contents[2 * dropped :])
    assert len(text) + room <= context and 1 <= room <= answer
    if 0 < dropped:
        longer = "S" + "".join(contents[2 * (dropped - 1) :])
        assert len(longer) > context - min(answer, context // 2)
