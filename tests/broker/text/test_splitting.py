"""Splitting long texts."""

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from broker.text.splitting import split, steady_end, utf16_units

PIECES = st.sampled_from(
    ["سلام", "واش كاين شي ", "أتاي. ", "؟ ", "!\n\n", "\n", " ", "hello ", "1. ", "👩‍👩‍👧", "🇲🇦",
     "e\u0301\u0323", "\u200f", "مُحَمَّد", "x" * 30, "https://a.ma/b ", "، "]
)  # fmt: skip


def parts_of(text: str, limit: int, **options: object) -> list[str]:
    return [text[a:b] for a, b in split(text, limit, **options)]  # type: ignore[arg-type]


def test_a_short_text_stays_whole() -> None:
    assert parts_of("سلام", 10) == ["سلام"]
    assert parts_of("", 10) == []


def test_paragraphs_are_the_best_place() -> None:
    assert parts_of("واحد جوج.\n\nتلاتة ربعة خمسة", 20) == ["واحد جوج.\n\n", "تلاتة ربعة خمسة"]


def test_arabic_questions_end_a_part() -> None:
    assert parts_of("واش كاين أتاي؟ بغيت نشري شوية", 20)[0] == "واش كاين أتاي؟ "


def test_a_list_number_or_an_initial_does_not_end_a_sentence() -> None:
    assert parts_of("صافي جا حسن. عندو 1. أتاي د. مزيان", 28)[0] == "صافي جا حسن. "


def test_what_must_stay_whole_stays_whole() -> None:
    text = "شوف هنا [الدار البيضاء](https://a.ma/b) مزيان"
    link = (text.index("["), text.index(")") + 1)
    parts = parts_of(text, 38, whole=[link])
    assert any(text[slice(*link)] in part for part in parts)


@pytest.mark.parametrize(
    "whole",
    [
        "+212 612-345678",
        "1 000 000",
        "250 DH",
        "50 درهم",
        "https://example.com/a,b;c?d=1",
        "someone@example.com",
        "د. أحمد",
        "Dr. Alaoui",
        "👩‍👩‍👧🇲🇦",
        "مُحَمَّدٌ",
    ],
)
def test_numbers_links_and_names_stay_whole_wherever_the_cut_falls(whole: str) -> None:
    for before in range(24):
        text = "ا" * before + " " + whole + " واحد جوج تلاتة ربعة خمسة ستة"
        parts = parts_of(text, 31)
        assert any(whole in part for part in parts), parts


@pytest.mark.parametrize("end", ["؟", "!", "?", "…", ".", "؟!", '."'])
def test_sentences_end_a_part_in_both_scripts(end: str) -> None:
    assert parts_of(f"صافي جا حسن{end} ومن بعد مشا", 18)[0] == f"صافي جا حسن{end} "
    assert parts_of(f"Hassan came{end} Then he went", 18)[0] == f"Hassan came{end} "


@pytest.mark.parametrize("end", ["،", "؛", ",", ";", ":"])
def test_without_a_sentence_a_clause_does(end: str) -> None:
    assert parts_of(f"جا حسن للدار{end} ومن بعد مشا", 18)[0] == f"جا حسن للدار{end} "


@pytest.mark.parametrize(
    ("text", "steady"),
    [
        ("سلام عليكم", "سلام عليكم"),
        ("رقمي +212 612", "رقمي "),
        ("شوف https://exam", "شوف "),
        ("عيط ل @mers", "عيط ل "),
        ("كتب ل someone@exa", "كتب ل "),
        ("الثمن هو 25", "الثمن هو "),
        ("الثمن هو 250 د", "الثمن هو 250 د"),
        ("مع د.", "مع "),
        ("x" * 200, "x" * 200),
        ("https://example.com/" + "x" * 200, "https://example.com/" + "x" * 200),
        ("", ""),
    ],
)
def test_an_unfinished_text_is_shown_up_to_what_may_go_on(text: str, steady: str) -> None:
    assert text[: steady_end(text)] == steady


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=60).map("".join))
def test_an_unfinished_text_never_ends_inside_a_letter_or_a_link(text: str) -> None:
    end = steady_end(text)
    assert 0 <= end <= len(text)
    assert end in {match.end() for match in regex.finditer(r"\X", text)} | {0}
    assert len(text) - end <= 80


def test_what_is_longer_than_a_part_is_cut_at_its_lines() -> None:
    code = "x = 1\ny = 2\nz = 3\n"
    assert parts_of(code, 12, whole=[(0, len(code))]) == ["x = 1\ny = 2\n", "z = 3\n"]


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=60).map("".join), st.integers(12, 80))
def test_nothing_is_lost_nor_too_long_nor_cut_inside_a_letter(text: str, limit: int) -> None:
    parts = parts_of(text, limit, measure=utf16_units)
    assert "".join(parts) == text
    assert all(sum(map(utf16_units, part)) <= limit for part in parts)
    letters = {match.end() for match in regex.finditer(r"\X", text)} | {0}
    end = 0
    for part in parts:
        end += len(part)
        assert end in letters


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="اe\u0301\u064b\u200d👍\n ", max_size=200), st.integers(1, 9))
def test_any_text_is_cut_into_parts_that_fit(text: str, limit: int) -> None:
    parts = parts_of(text, max(limit, 2), measure=utf16_units)
    assert "".join(parts) == text
    assert all(0 < sum(map(utf16_units, part)) <= max(limit, 2) for part in parts)
