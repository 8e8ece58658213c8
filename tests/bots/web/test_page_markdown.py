"""What a model writes, as the page shows it."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.bots.hand import Hand
from tests.bots.web.page import RICH, ask_and_answer, render

pytestmark = pytest.mark.browser

_CASES = Path(__file__).parents[2] / "broker/text/direction_cases.json"
CASES = json.loads(_CASES.read_text("utf-8"))


# How far from the left edge each of some words is drawn, the first time that it stands there.
_LEFTS = """(element, words) => words.map((word) => {
    const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const at = texts.currentNode.data.indexOf(word);
        if (at < 0) continue;
        const range = document.createRange();
        range.setStart(texts.currentNode, at);
        range.setEnd(texts.currentNode, at + word.length);
        return range.getBoundingClientRect().left;
    }
    return NaN;
})"""


def test_the_direction_rule_is_that_of_the_bots(page: Page) -> None:
    found = page.evaluate(
        """async (texts) => {
            const { direction } = await import('/static/direction.js');
            return texts.map(direction);
        }""",
        [text for text, _ in CASES],
    )
    assert found == [expected for _, expected in CASES]


def test_what_is_kept_apart_in_a_line_is_what_the_bots_keep_apart(page: Page) -> None:
    cases = json.loads((_CASES.parent / "runs_cases.json").read_text("utf-8"))
    found = page.evaluate(
        """async (texts) => {
            const { leftToRight } = await import('/static/runs.js');
            return texts.map(leftToRight);
        }""",
        [text for text, _ in cases],
    )
    assert found == [expected for _, expected in cases]


def test_a_rich_answer_has_each_block_in_its_own_direction(page: Page, hand: Hand) -> None:
    ask_and_answer(page, hand, "الأثمنة", RICH)
    text = page.locator(".answer.last .answer-text")
    expect(text).to_have_attribute("dir", "rtl")
    expect(text.locator("table")).to_have_attribute("dir", "rtl")
    expect(text.locator("td")).to_have_text(["طاجين", "80 DH", "Babouches", "120 DH"])
    expect(text.locator("> p").nth(1)).to_have_attribute("dir", "rtl")  # begins with "API"
    expect(text.locator("> p").last).to_have_attribute("dir", "ltr")
    expect(text.locator("pre")).to_have_attribute("dir", "ltr")
    expect(text.locator("pre code")).to_have_text("def total(price):\n    return price + 30")
    expect(text.locator("ol > li")).to_have_count(2)
    expect(text.locator("ol ul > li")).to_have_count(2)
    expect(text.locator("bdi")).to_have_text("+212 612-345678")
    expect(text.locator("bdi")).to_have_attribute("dir", "ltr")
    link = text.locator("a")
    expect(link).to_have_attribute("href", "https://example.com/shop?id=1")
    assert "noopener" in (link.get_attribute("rel") or "")
    # What is seen, not only what is marked: the Arabic lines end at the right edge.
    right = text.evaluate("(e) => e.getBoundingClientRect().right")
    for line in (text.locator("> p").nth(0), text.locator("> p").nth(1)):
        ends = line.evaluate(
            "(e) => { const r = document.createRange(); r.selectNodeContents(e);"
            " return r.getBoundingClientRect().right; }"
        )
        assert right - ends < 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        # what stands from left to right on the screen
        ("كنتعلم C++ من بعد -5 دروس", ["دروس", "-5", "بعد", "C++", "كنتعلم"]),
        ("1. Docker كيخدم\n2. الثمن هو 250 DH", ["كيخدم", "Docker"]),
        ("عيط ل +212 612-345678 دابا", ["دابا", "+212", "612-345678", "عيط"]),
        ("سؤال: 3 + 4 = 7 صحيح", ["صحيح", "3", "4", "7", "سؤال"]),
        ("Price of طاجين: 45 DH today", ["Price", "طاجين", "45", "DH", "today"]),
        ("ماك مستعمل: 6 800,00 درهم", ["درهم", "6", "800", "00", "مستعمل"]),
        ("تبع @mersal_ma و #soldes", ["#", "soldes", "و", "@", "mersal_ma", "تبع"]),
        ("الحرارة -5°C فإفران", ["فإفران", "-5", "°", "C", "الحرارة"]),
        ("HP 15s (8GB): الثمن هو 80", ["80", "هو", "الثمن", "HP", "8GB"]),
    ],
)
def test_a_mixed_line_is_drawn_in_order(page: Page, text: str, words: list[str]) -> None:
    render(page, text)
    lefts = page.locator("#rendered").evaluate(_LEFTS, words)
    assert lefts == sorted(lefts)


@pytest.mark.parametrize(
    ("text", "block", "side"),
    [
        ("هادو الأثمنة:\n\n- Lenovo IdeaPad\n- طاجين", "ul", "rtl"),
        ("هادو الأثمنة:\n\n- Lenovo IdeaPad\n- HP 15s", "ul", "ltr"),
        ("Here are the prices of all:\n\n1. Lenovo\n2. طاجين", "ol", "ltr"),
        ("Here are the prices of all the things:\n\n1. طاجين\n2. كسكس", "ol", "rtl"),
        ("هادو الأثمنة:\n\n| Model | الثمن |\n|-|-|\n| HP | 80 DH |", "table", "rtl"),
        ("هادو الأثمنة:\n\n| Model | Prix |\n|-|-|\n| HP | 80 DH |", "table", "ltr"),
    ],
)
def test_lists_and_tables_of_both_sides_go_with_the_answer(
    page: Page, text: str, block: str, side: str
) -> None:
    render(page, text)
    expect(page.locator(f"#rendered {block}")).to_have_attribute("dir", side)


def test_what_is_copied_is_what_was_written(page: Page, hand: Hand) -> None:
    """Without marks: the page isolates by markup, and what a model wrote of them is taken out."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    line = "عيط ل +212 612-345678 ولا C++ ب 3 990 DH"
    ask_and_answer(page, hand, "رقمكم؟", f"\u2067{line}\u2069")
    expect(page.locator(".answer bdi")).to_have_count(3)
    page.get_by_role("button", name="نسخ").click()
    expect(page.get_by_role("button", name="تنسخ")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == line
    page.evaluate("getSelection().selectAllChildren(document.querySelector('.answer-text'))")
    page.keyboard.press("Control+C")
    assert str(page.evaluate("navigator.clipboard.readText()")).strip() == line


@pytest.mark.parametrize(
    "attack",
    [
        "<img src=x onerror=\"document.title='broken'\">",
        "<script>document.title='broken'</script>",
        "[click](javascript:document.title='broken')",
        "[click](data:text/html,<script>alert(1)</script>)",
        "<javascript:alert(1)>",
        "![x](https://example.com/x.png)",
        "`<b onclick=alert(1)>`",
        "```html\n<svg onload=alert(1)>\n```",
        "| <iframe src=//evil.example> |\n|---|\n| <style>*{display:none}</style> |",
        '[a](https://example.com/"onmouseover="alert(1))',
    ],
)
def test_markup_in_messages_and_answers_stays_text(page: Page, attack: str) -> None:
    render(page, attack)
    rendered = page.locator("#rendered")
    strange = rendered.locator("img, script, iframe, style, svg:not(.icon), object, [onclick]")
    expect(strange).to_have_count(0)
    for link in rendered.locator("a").all():
        assert (link.get_attribute("href") or "").startswith("https://example.com/")
    expect(page).to_have_title("مرسال")


def test_every_prefix_of_an_answer_is_rendered_and_the_last_is_the_whole(page: Page) -> None:
    text = RICH + "\n> قول\n\n~~خطأ~~ *مائل* __قوي__ [رابط](https://example.com/a_b) a*b*c\n\n---\n"
    result = page.evaluate(
        """async (text) => {
            const { Markdown } = await import('/static/markdown.js');
            const labels = { copy: 'copy', copied: 'copied', code: 'code' };
            const streamed = document.createElement('div');
            const growing = new Markdown(streamed, labels);
            let first = null, kept = true, bare = [];
            for (let end = 0; end <= text.length; end += 1) {
                growing.show(text.slice(0, end), true, 'rtl');
                if (streamed.children.length > 1) {
                    first ??= streamed.firstElementChild;
                    kept &&= first === streamed.firstElementChild;
                }
                const seen = streamed.cloneNode(true);
                seen.querySelectorAll('pre').forEach((e) => e.remove());
                const marks = /\\*\\*|^#|\\|/m;
                if (marks.test(seen.textContent)) bare.push(text.slice(0, end).slice(-30));
            }
            growing.show(text, false, 'rtl');
            const whole = document.createElement('div');
            new Markdown(whole, labels).show(text, false, 'rtl');
            return { same: streamed.innerHTML === whole.innerHTML, kept, bare };
        }""",
        text,
    )
    assert result == {"same": True, "kept": True, "bare": []}


@pytest.mark.parametrize(
    ("text", "selector", "expected"),
    [
        ("# عنوان", "h3", ["عنوان"]),
        ("a\nb", "p > .line", ["a", "b"]),
        ("١. واحد\n٢. جوج", "ol.arabic-indic > li", ["واحد", "جوج"]),
        ("3) ثلاثة\n4) أربعة", "ol[start='3'] > li", ["ثلاثة", "أربعة"]),
        ("- a\n  - b\n    - c\n- d", "ul ul ul > li", ["c"]),
        ("- a\n\n- b", "ul > li", ["a", "b"]),
        ("1. a\n\n   more\n2. b", "ol > li", ["amore", "b"]),
        ("نص\n- a\n- b", "ul > li", ["a", "b"]),
        ("> a\n> b", "blockquote .line", ["a", "b"]),
        ("|a|b|\n|-|:-:|\n|1|2|\n|3|", "td", ["1", "2", "3", ""]),
        ("| `a|b` | c\\|d |\n|-|-|", "th", ["a|b", "c|d"]),
        ("~~~\n**x**\n~~~", "pre code", ["**x**"]),
        ("``a`b``", "code", ["a`b"]),
        ("**a *b* c**", "strong em", ["b"]),
        ("***a***", "strong em", ["a"]),
        ("snake_case_name و 2*3*4", "em", ["3"]),
        ("\\*a\\*", "p", ["*a*"]),
        ("(https://example.com/a_(b)).", "a", ["https://example.com/a_(b)"]),
        ("[https://example.com/?q=[a]!]", "a", ["https://example.com/?q=[a]"]),
        ("<https://example.com/>", "a", ["https://example.com/"]),
        ("mail me@example.com!", "a[href='mailto:me@example.com']", ["me@example.com"]),
        ("[a **b**](https://example.com)", "a strong", ["b"]),
        ("0612345678", "bdi", []),
        ("عام 2024-2025", "bdi", ["2024-2025"]),
        ("Price of طاجين: 45 DH today", "bdi[dir=rtl]", ["طاجين"]),
        ("ab\u202ecd\u2066", "p", ["abcd"]),
    ],
)
def test_markdown_becomes_what_it_means(
    page: Page, text: str, selector: str, expected: list[str]
) -> None:
    render(page, text)
    assert page.locator(f"#rendered {selector}").all_text_contents() == expected


def test_a_hostile_text_is_rendered_in_no_time(page: Page) -> None:
    for text in (
        "[" * 20_000,
        "**a " * 8_000,
        "> " * 5_000,
        "`" * 20_001,
        "- " * 9_000,
        "|" * 20_000,
        "https://example.com/" + ")" * 50_000,
    ):
        began = page.evaluate("performance.now()")
        render(page, text, still_open=True)
        # Fractions of a second on a machine at rest, minutes where time grows with the square.
        assert page.evaluate("performance.now()") - began < 30_000
