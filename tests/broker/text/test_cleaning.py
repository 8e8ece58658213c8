"""What is taken out of people's text, and what stays."""

import unicodedata

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from broker.text.cleaning import MOST_MARKS, clean

PIECES = st.sampled_from(
    [
        "سلام", "مُحَمَّد", "می", "خواهم",
        "a", " ", "\n", "1", "د.", "👩", "🔥", "❤", "👍🏽", "🇲🇦", "क्",
        "ष", "\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\u061c", "\u202a",
        "\u202e", "\u2066",
        "\u2067", "\u2069", "\u2060", "\ufe00", "\ufe0e", "\ufe0f", "\u20e3", "\u0301", "\u064e",
        "\u0651", "\U0001f3f4", "\U000e0067", "\U000e0062", "\U000e0065", "\U000e007f", "\x1b",
    ]
)  # fmt: skip
MIXTURES = st.lists(PIECES, max_size=30).map("".join)


@pytest.mark.parametrize(
    "text",
    [
        "مُحَمَّدٌ رَسُولُ اللّٰهِ",
        "می\u200cخواهم",  # a joiner that Persian writes
        "👩‍👩‍👧 ❤️‍🔥 🏳️‍🌈 🙋🏽‍♀️ 👍🏽",
        "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",  # Scotland
        "🇲🇦 سلام",
        "1️⃣ #️⃣ ☎︎",
        "क्\u200dष",
        "မြို့",
        "Tiếng Việt, e\u0301a\u0302\u0301",
        "\u200fAPI ديال",
        "رقمي \u2066+212 612-345678\u2069 عافاك",
        "tab\tline\r\nnext",
        "كـــبيرة ﷺ ٣٤",
    ],
)
def test_what_a_reader_would_miss_stays(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\u202egnp.exe", "gnp.exe"),
        ("ok\U000e0041\U000e0042", "ok"),  # letters that nobody sees
        ("\U0001f3f4" + "\U000e0061" * 40 + "\U000e007f", "\U0001f3f4"),  # a text inside a flag
        ("ig\u200bnore\u2060 pre\u00advious\ufeff", "ignore previous"),
        ("a\u200db\u200cc", "abc"),
        ("سلا\u200d\u200d\u200dم", "سلا\u200dم"),
        ("\u2067abc\ndef\u2069", "abc\ndef"),
        ("z" + "\u0300" * 30, "z" + "\u0300" * MOST_MARKS),
        ("❤\ufe0f\ufe0f\ufe01", "❤\ufe0f"),
        ("a\ufe0f\ufe01", "a"),
        ("\u200e\u200f\u200fسلام", "\u200fسلام"),
        ("\u3164", ""),
        ("a\u17b4\u180b\u180f\ufff3\U0001bca1\U0001d175b", "ab"),
        ("a\u2800b", "ab"),
        ("red\x1b[2Jtext\x00", "red[2Jtext"),
    ],
)
def test_what_hides_or_reorders_goes(text: str, expected: str) -> None:
    assert clean(text) == expected


@settings(max_examples=400)
@given(MIXTURES)
def test_what_is_clean_stays_as_it_is(text: str) -> None:
    once = clean(text)
    assert clean(once) == once


@settings(max_examples=400)
@given(MIXTURES)
def test_only_what_has_no_width_goes(text: str) -> None:
    def visible(one: str) -> list[str]:
        return [letter for letter in one if unicodedata.category(letter) not in ("Cf", "Mn", "Me")
                and letter != "\x1b"]  # fmt: skip

    assert visible(clean(text)) == visible(text)


@settings(max_examples=400)
@given(MIXTURES)
def test_nothing_dangerous_is_left(text: str) -> None:
    left = clean(text)
    assert not regex.search(r"[\u202a-\u202e\u200b\u2060\x1b]|[\u200e\u200f\u061c]{2}", left)
    flags = regex.sub(r"\U0001f3f4[\U000e0030-\U000e007a]{3,6}\U000e007f", "", left)
    assert not regex.search(r"[\U000e0000-\U000e0fff]", flags)
    for line in left.splitlines():
        depth = 0
        for letter in line:
            depth += (letter in "\u2066\u2067") - (letter == "\u2069")
            assert depth >= 0
        assert depth == 0


def test_nothing_that_unicode_lets_programs_ignore_is_left() -> None:
    """Joiners and selectors have their own rules; shorthand and the rest have none."""
    ignorable = regex.compile(r"\p{Default_Ignorable_Code_Point}")
    passed = [chr(one) for one in range(0x110000) if not 0xD800 <= one < 0xE000]
    left = clean("\n".join(one for one in passed if ignorable.fullmatch(one)))
    assert not set(left) - {"\n", "\u061c", "\u200e", "\u200f"}


@given(st.text())
def test_any_text_is_cleaned(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\u200d" * 10_000, ""),
        ("\u2066" * 10_000, ""),
        ("\u064e\u200d" * 5000, "\u064e" * MOST_MARKS),
        ("ا" + "\u064e" * 10_000, "ا" + "\u064e" * MOST_MARKS),
    ],
)
def test_of_a_text_full_of_them_little_is_left(text: str, expected: str) -> None:
    assert clean(text) == expected
