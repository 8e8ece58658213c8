"""Streamed text: whole characters, no stop string, and nothing lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.slots.text import TextAssembler, TokenizerDecoder

from .conftest import gemma_tokenizer

TOKENIZER = gemma_tokenizer()
DECODER = TokenizerDecoder(TOKENIZER)


class BytesDecoder:
    """Every byte is a token: the worst that a tokenizer can do to a character."""

    def decode(self, ids: object) -> str:
        assert isinstance(ids, list)
        return bytes(ids).decode("utf-8", "replace")


def stream(text: str, stop: tuple[str, ...] = ()) -> tuple[list[str], TextAssembler]:
    """The pieces of `text` byte by byte, up to where the assembler says stop."""
    assembler = TextAssembler(BytesDecoder(), stop)
    pieces = []
    for byte in text.encode():
        pieces.append(assembler.add(byte))
        if assembler.stopped:
            break
    pieces.append(assembler.finish())
    return [piece for piece in pieces if piece], assembler


@pytest.mark.parametrize(
    "text",
    ["مُحَمَّدٌ", "e\u0301a", "👨\u200d👩\u200d👧!", "👍🏽👍", "🇲🇦🇫🇷", "سلام 🙂", "❤\ufe0f"],
)
def test_no_piece_begins_inside_a_character(text: str) -> None:
    pieces, _ = stream(text)
    assert "".join(pieces) == text
    for piece in pieces:
        assert (
            piece[0] not in "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0301\u200d\ufe0f🏽"
        )
    assert "🇲🇦" not in text or pieces == ["🇲🇦", "🇫🇷"]


@given(st.text(max_size=40))
def test_the_pieces_are_the_text(text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    assert "".join(stream(text)[0]) == text.removeprefix(" ")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_a_real_tokenizers_pieces_are_the_text(text: str) -> None:
    assembler = TextAssembler(DECODER, ())
    ids = TOKENIZER.encode(text, add_special_tokens=False, split_special_tokens=True)
    pieces = [assembler.add(i) for i in ids] + [assembler.finish()]
    assert "".join(pieces) == assembler.shown == text.removeprefix(" ")


@pytest.mark.parametrize(
    ("said", "shown"),
    [(" سلام", "سلام"), ("  a", " a"), ("\n a", "\n a"), (" ", ""), ("a b", "a b")],
)
def test_one_space_before_the_answer_is_the_formats(said: str, shown: str) -> None:
    assert "".join(stream(said)[0]) == shown


def test_a_stop_string_across_tokens_is_never_shown_nor_begun() -> None:
    pieces, assembler = stream("answer\n### Input: more", ("\n### Input:", "[|Human|]"))
    assert assembler.stopped and "".join(pieces) == "answer"
    assert all("\n" not in piece for piece in pieces)


def test_what_only_looked_like_a_stop_string_is_shown() -> None:
    pieces, assembler = stream("a ## b ##", ("###",))
    assert not assembler.stopped and "".join(pieces) == "a ## b ##"


def test_the_earliest_of_several_stop_strings_counts() -> None:
    pieces, _ = stream("abcdef", ("cde", "bc"))
    assert "".join(pieces) == "a"


@given(st.text("ab#", max_size=30), st.lists(st.text("ab#", min_size=1, max_size=4), max_size=3))
def test_streaming_stops_where_the_whole_text_first_holds_a_stop_string(
    text: str, stop: list[str]
) -> None:
    pieces, assembler = stream(text, tuple(stop))
    prefixes = (text[:i] for i in range(len(text) + 1))
    until = next((p for p in prefixes if any(s in p for s in stop)), None)
    if until is None:
        assert "".join(pieces) == text
    else:
        assert assembler.stopped
        assert "".join(pieces) == until[: min(until.find(s) for s in stop if s in until)]


def test_control_tokens_are_not_text() -> None:
    assembler = TextAssembler(DECODER, ())
    ids = TOKENIZER.encode("hello<start_of_turn>", add_special_tokens=False)
    assert "".join([assembler.add(i) for i in ids] + [assembler.finish()]) == "hello"


def test_bytes_that_never_become_text_do_not_hold_the_rest_back_for_ever() -> None:
    assembler = TextAssembler(BytesDecoder(), ())
    shown = "".join(assembler.add(0xFF) for _ in range(500))
    assert len(shown) > 400
