"""Random Markdown, rendered and split: accepted by the strict server, nothing lost."""

import unicodedata

import regex
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bots.telegram.part import Part
from bots.telegram.rendering import plain_parts, render
from tests.telegram import rules

WORDS = (
    "سلام مُحَمَّد المغرب hello API 250 👩‍👩‍👧 🇲🇦 e\u0301 \u200f \u202eabc \u2066x "
    "https://a.ma/ب a<b x||y ؟ ، . …"
).split() + ["+212 612-345678"]
MARKUP = (
    "** * _ ` ``` ~~ <div> || $x$ \\ [نص](https://a.ma) ![p](https://a.ma/p.png) [x](javascript:1)"
).split()
MARKUP += ["```python\n", "\n```\n", "# ", "## ", "> ", "- ", "1. ", "\n", "\n\n", "  ", "---\n"]
MARKUP += ["| a | b |\n|---|---|\n| ج | د |\n"]
MARKDOWN = st.lists(st.sampled_from(WORDS + MARKUP + [" "] * 8), max_size=150).map("".join)


def check(parts: tuple[Part, ...], limit: int) -> None:
    for part in parts:
        rules.check_text(part.text)
        assert rules.units(part.text) <= limit
        rules.check_entities(part.text, part.api_entities())


@settings(max_examples=300, deadline=None)
@given(MARKDOWN, st.sampled_from([64, 100, 400, 4096]))
def test_every_part_is_accepted(markdown: str, limit: int) -> None:
    check(render(markdown, limit), limit)


@settings(max_examples=200, deadline=None)
@example("- ```سلام ", 100)
@given(MARKDOWN, st.sampled_from([64, 100, 400]))
def test_no_word_is_lost_or_broken(markdown: str, limit: int) -> None:
    shown = "".join(part.text for part in render(markdown, limit))
    for word in ("سلام", "المغرب", "hello", "👩‍👩‍👧"):
        languages = markdown.count(f"```{word}") + markdown.count(f"~~~{word}")  # of code
        assert shown.count(word) >= markdown.count(word) - languages * (word == "hello")


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from([*WORDS, " ", "\n", "\n\n"]), min_size=1, max_size=120), st.just(64)
)
def test_letters_keep_their_marks_across_parts(words: list[str], limit: int) -> None:
    for part in render("".join(words), limit):
        assert not unicodedata.combining(part.text[0])
        assert part.text[0] not in "\u200d\ufe0f"


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_rendered(text: str) -> None:
    check(render(text, 100), 100)


def test_emoji_count_as_what_telegram_counts_them() -> None:
    for limit in (64, 4096):
        parts = render("😀🇲🇦👩‍👩‍👧 " * 2000, limit)
        check(parts, limit)
        assert "".join(part.text for part in parts).count("👩‍👩‍👧") == 2000


def test_a_long_answer_keeps_its_code_and_table_readable() -> None:
    code = "\n".join(f"print({number})  # سطر" for number in range(600))
    parts = render(f"هادا الكود:\n\n```python\n{code}\n```\n\nصافي.", 4096)
    check(parts, 4096)
    assert len(parts) > 2
    for part in parts[:-1]:
        (pre,) = [one for one in part.api_entities() if one["type"] == "pre"]
        assert pre["language"] == "python"
    lines = "\n".join(part.text for part in parts)
    assert all(f"print({number})  # سطر" in lines for number in range(600))


def test_a_line_that_begins_with_latin_reads_from_the_right() -> None:
    (part,) = render("API ديال مرسال واجد\n\nThe API is ready\n\n🇲🇦 سلام عليكم", 4096)
    lines = part.text.splitlines()
    assert lines[0].startswith("\u200f") and lines[4].startswith("\u200f")
    assert lines[2] == "The API is ready"


def test_a_phone_number_in_an_arabic_line_keeps_its_order() -> None:
    (part,) = render("عيط ليا ف +212 612-345678 عافاك **دابا**", 4096)
    assert "\u2066+212 612-345678\u2069" in part.text
    (bold,) = part.api_entities()
    raw = part.text.encode("utf-16-le")
    start = int(bold["offset"]) * 2
    assert raw[start : start + int(bold["length"]) * 2].decode("utf-16-le") == "دابا"


def test_controls_that_telegram_drops_are_gone_before_offsets_are_counted() -> None:
    (part,) = render("a\u202eb\u2029 **c**\r\n", 4096)
    assert part.text == "ab c"
    assert regex.fullmatch(r"[^\p{Cc}]*", part.text)


def test_a_name_in_a_group_calls_nobody_and_code_stays_as_it_is() -> None:
    markdown = "قول ل @amina ول **@said**: `@wraps` a@b.ma\n\n```python\n@property\n```"
    (called,) = render(markdown, 4096)
    (part,) = render(markdown, 4096, mentions=False)
    assert "@amina" in called.text and "@amina" not in part.text
    assert "@\u2060amina" in part.text and "@\u2060said" in part.text
    assert "@wraps" in part.text and "@property" in part.text and "a@b.ma" in part.text
    check((part,), 4096)
    bold = part.entities[0]
    assert part.text[bold.start : bold.end] == "@\u2060said"


def test_the_bots_own_lines_that_begin_with_a_command_read_from_the_right() -> None:
    (part,) = plain_parts("الأوامر:\n/help — عاوني", 4096)
    assert part.text.splitlines()[1] == "\u200f\u2066/help\u2069 — عاوني"
    (part,) = plain_parts("Commands:\n/help — Help", 4096)
    assert part.text.splitlines()[1] == "/help — Help"
