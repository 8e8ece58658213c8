"""Random Markdown, rendered and split: all accepted, nothing lost, nobody called."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bots.slack.buttons import under_answer
from bots.slack.rendering import Part, for_stream, render, words
from bots.slack.sides import is_one_sided, one_sided
from broker.messages import Address, Reply
from broker.text.direction import direction
from tests.slack import blocks, rules

WORDS = (
    "سلام مُحَمَّد المغرب hello API 250 👩‍👩‍👧 🇲🇦 e\u0301 \u200f \u202eabc \u2066x "
    "https://a.ma/ب a<b x||y ؟ ، . … <!channel> <@U1AMINA> @here <!subteam^S1> a@channel.ma &amp;"
).split() + ["+212 612-345678"]
MARKUP = (
    "** * _ ` ``` ~~ <div> || $x$ \\ [نص](https://a.ma) ![p](https://a.ma/p.png) [x](javascript:1)"
).split()
MARKUP += ["```python\n", "\n```\n", "# ", "## ", "> ", "- ", "1. ", "\n", "\n\n", "  ", "---\n"]
MARKUP += ["| a | b |\n|---|---|\n| ج | د |\n", "\n| a |\n|---|\n", "|", "\n|---|---|\n"]
MARKDOWN = st.lists(st.sampled_from(WORDS + MARKUP + [" "] * 8), max_size=150).map("".join)
REPLY = Reply(Address("slack", "T1/C1"), "slack:T1%2FC1:/1", (), "text", "answered", "ar")
BUTTONS = under_answer(REPLY)
CALL = re.compile(r"<!(?:channel|here|everyone|subteam)|<@[UW]|(?<![\w.+-])@(?:here|channel)\b")


def check(parts: tuple[Part, ...]) -> None:
    """Slack takes every part, buttons below it too, and none of them calls anybody."""
    for shown in parts:
        part = shown.above(*BUTTONS)
        message: dict[str, object] = {"text": part.notification}
        if part.blocks:
            message["blocks"] = list(part.blocks)
        rules.check_message(message)
        for text in [*blocks.texts(list(part.blocks)), part.notification]:
            assert not CALL.search(text), text


def seen(parts: tuple[Part, ...]) -> str:
    """What people read."""
    read = ("\n".join(blocks.texts(list(part.blocks))) or part.text for part in parts)
    return re.sub("[\u200b\u2060]", "", "\n".join(read))


@settings(max_examples=200, deadline=None)
@example("@herehttps://a.ma/ب", 200)
@example("سلام+212 612-345678@here", 200)
@given(MARKDOWN, st.sampled_from([200, 400, 11000]))
def test_every_part_is_accepted_and_calls_nobody(markdown: str, limit: int) -> None:
    check(render(markdown, limit))


@settings(max_examples=150, deadline=None)
@example("سلام " * 40 + "\n# سلام\n", 200)  # a heading that heads nothing
@given(MARKDOWN, st.sampled_from([200, 400]))
def test_no_word_is_lost_or_broken(markdown: str, limit: int) -> None:
    shown = seen(render(markdown, limit))
    for word in ("سلام", "المغرب", "hello", "👩‍👩‍👧"):
        languages = markdown.count(f"```{word}") + markdown.count(f"~~~{word}")  # of code
        assert shown.count(word) >= markdown.count(word) - languages


@settings(max_examples=100, deadline=None)
@example(" +212 612-345678", 1)  # a blank alone tells nothing
@given(MARKDOWN, st.integers(1, 20))
def test_what_a_stream_says_only_grows_and_calls_nobody(markdown: str, step: int) -> None:
    said = ""
    for end in range(0, len(markdown) + step, step):
        more = for_stream(markdown[:end], 11000)
        assert more.startswith(said)
        assert not CALL.search(more)
        said = more


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_rendered(text: str) -> None:
    check(render(text, 200))


def test_emphasis_after_an_attached_prefix_and_a_table_are_native() -> None:
    parts = render("و**الثمن** و*الجودة*:\n\n| أ | ب |\n|---|---|\n| أتاي | 25 |", 11000)
    check(parts)
    first, table = (block for part in parts for block in part.blocks)
    assert (first["type"], table["type"]) == ("markdown", "table")
    assert "و\u200b**الثمن** و\u200b*الجودة*" in first["text"]


def test_lines_with_bars_are_no_table_without_its_line() -> None:
    for text in ("كتب x | y\nولا z | w", "a | b | c\nd | e | f | g"):
        (part,) = render(text, 11000)
        check((part,))
        assert [block["type"] for block in part.blocks] == ["markdown"]
        assert seen((part,)).split() == text.split()


def test_a_long_answer_keeps_its_code_and_both_tables() -> None:
    code = "\n".join(f"print({number})  # سطر" for number in range(900))
    table = "| أ | ب |\n|---|---|\n| 1 | 2 |\n"
    parts = render(f"{table}\nو\n\n{table}\nهادا:\n\n```python\n{code}\n```\n\nصافي.", 11000)
    check(parts)
    assert len(parts) > 2
    tables = [block for part in parts for block in part.blocks if block["type"] == "table"]
    assert len(tables) == 2
    assert all(f"print({number})  # سطر" in seen(parts) for number in range(900))


@pytest.mark.parametrize("count", [24, 25, 47, 48, 49, 50, 51, 120])
@pytest.mark.parametrize("line", ["## قسم {}\n", "## قسم {}\n\nكلمة\n\n", "كلمة {}\n\n1. جوج\n\n"])
def test_under_any_number_of_blocks_there_is_room_for_buttons(count: int, line: str) -> None:
    text = "".join(line.format(number) for number in range(count))
    parts = render(text, 11000)
    check(parts)
    shown = seen(parts)
    assert all(str(number) in shown for number in range(count))


def test_what_is_all_markup_is_split_too() -> None:
    parts = render("![](https://a.ma/p.png)\n\n" * 2000, 11000)
    check(parts)


def test_a_part_that_is_refused_loses_its_markup_first_and_its_buttons_last() -> None:
    native = render("و**الثمن**\n\n1. واحد", 11000)[0].above(*BUTTONS)
    plain = native.simpler()
    assert plain is not None and plain.blocks[-2:] == BUTTONS and plain.text == native.text
    assert [block["type"] for block in plain.blocks[:-2]] == ["section"]
    bare = plain.simpler()
    assert bare is not None and [block["type"] for block in bare.blocks] == ["section"]
    assert bare.simpler() is None


MIXED = """مرحبا، هادو الأثمنة ديالنا:

Bonjour, voici les prix de l'API de la boutique :
أتاي أخضر 25 DH، عيط ف +212 612-345678 ولا خدم بـ `sum(-5)`.

1. API ديال الطلبات واجد
2. Le prix est bon

| produit | API ديال الطلبات |
|---|---|
| ج | د |

```python
print("سلام")
price = 1
```
Voilà **le
reste** du texte.

# الخلاصة
صافي، شوف https://a.ma/prix و @mersal."""


def test_paragraphs_of_two_directions_are_blocks_of_one_each_and_the_rest_is_whole() -> None:
    parts = render(MIXED, 11000)
    check(parts)
    shown = [block for part in parts for block in part.blocks]
    texts = [block["text"] for block in shown if block["type"] == "markdown"]
    assert [direction(text) for text in texts] == ["rtl", "ltr", "rtl", "ltr", "rtl"]
    assert "\u2066+212 612-345678\u2069" in texts[2] and "`sum(-5)`" in texts[2]
    assert "le\nreste" in texts[3] and texts[4].startswith("# الخلاصة\n")
    assert "https://a.ma/prix> و @mersal" in texts[4]
    assert list(blocks.texts(shown[3:4])) == ["\u200fAPI ديال الطلبات واجد", "Le prix est bon"]
    kinds = [block["type"] for block in shown]
    assert kinds == [*["markdown"] * 3, "rich_text", "table", "rich_text", "markdown", "markdown"]
    assert list(blocks.texts(shown[5:6])) == ['print("سلام")\nprice = 1']
    assert "\u200fAPI ديال الطلبات" in blocks.texts(shown[4:5])


@settings(max_examples=100, deadline=None)
@given(MARKDOWN)
def test_what_is_cut_where_the_direction_turns_is_the_whole_text(markdown: str) -> None:
    assert "".join(one_sided(markdown)) == markdown


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["سلام كيداير", "Bonjour à tous", "- أتاي", "- thé", "12"])))
def test_lists_stay_whole_and_other_pieces_turn_to_one_side(lines: list[str]) -> None:
    pieces = one_sided("\n\n".join(lines))
    for piece in pieces:
        sides = {direction(line) for line in piece.splitlines() if not line.startswith("-")}
        assert len(sides - {""}) <= 1
    assert "\n\n".join(lines).count("\n\n- ") >= sum(piece.startswith("- ") for piece in pieces[1:])


@pytest.mark.parametrize(
    ("so_far", "stream"),
    [
        ("مرحبا بيك API", True),
        ("مرحبا بيك\nBonjour à ", True),  # what line it begins is not known yet
        ("مرحبا بيك\nBonjour à tous ici", False),
        ("مرحبا بيك\n```\nx = 1 + 2 + 3\n```\nصافي", True),
        ("Bonjour à tous ici\n\nمرحبا\n", False),
    ],
)
def test_a_stream_shows_what_reads_right_as_one_block(so_far: str, stream: bool) -> None:
    assert is_one_sided(so_far) == stream


@pytest.mark.parametrize(
    ("so_far", "shown"),
    [
        ("API ديال ", ""),
        ("API ديال الطلبات واجد دابا ", "\u200fAPI ديال الطلبات واجد دابا "),
        ("مرحبا\n- WiFi كاين\n", "مرحبا\n- \u200fWiFi كاين\n"),
        ("```\nprint('سلام')\n", "```\nprint('سلام')\n"),
        ("Bonjour à tous, voici أتاي ", "Bonjour à tous, voici أتاي "),
    ],
)
def test_a_stream_marks_lines_once_they_tell_their_side(so_far: str, shown: str) -> None:
    assert for_stream(so_far, 11000) == shown


def test_commands_in_the_bots_own_words_are_kept_together() -> None:
    (section,) = words("الأوامر:\n/mersal new — محادثة جديدة").blocks
    assert section["text"]["text"].endswith("\u200f\u2066/mersal new\u2069 — محادثة جديدة")
