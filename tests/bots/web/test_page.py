"""The page in a real browser, on a real server, with a worker's side moved by hand."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from broker.settings import Settings
from tests.bots.hand import Hand
from tests.bots.web.site import serving_aside
from tests.browser import open_browser

pytestmark = pytest.mark.browser

CASES = json.loads((Path(__file__).parents[1] / "direction_cases.json").read_text("utf-8"))
RICH = """مرحبا! هادي هي **الأثمنة**:

| السلعة | الثمن |
|---|---:|
| طاجين | 80 DH |
| Babouches | 120 DH |

API ديال الطلبات ساهلة:

1. دخل للموقع https://example.com/shop?id=1
2. عمر:
   - السمية
   - الواتساب: +212 612-345678

```python
def total(price):
    return price + 30
```

This line is English.
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as chromium:
        yield chromium


@pytest.fixture
def site(web_settings: Settings) -> Iterator[str]:
    with serving_aside(web_settings) as url:
        yield url


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(locale="ar-MA", viewport={"width": 1100, "height": 800})
    opened.set_default_timeout(20_000)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext, site: str) -> Iterator[Page]:
    """The loaded page; whatever it complains about fails the test."""
    opened = context.new_page()
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    opened.on("console", hear)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.goto(site)
    expect(opened.locator("#welcome")).to_be_visible()
    yield opened
    opened.close()
    # What a test broke on purpose is not the page's fault.
    assert [text for text in complaints if "net::ERR_" not in text] == []


def say(page: Page, text: str) -> None:
    page.fill("#input", text)
    page.keyboard.press("Enter")


def ask_and_answer(page: Page, hand: Hand, question: str, answer: str) -> None:
    say(page, question)
    hand.commit(hand.take(), answer)
    expect(page.locator(".answer.last .foot")).to_be_visible()


def lose_connection(page: Page) -> None:
    page.context.set_offline(True)
    page.evaluate("window.dispatchEvent(new Event('offline'))")
    # Chromium leaves open sockets alone when it is set offline: close it like a lost network.
    page.evaluate("window.mersal.wire.socket.close()")
    expect(page.locator("#trouble")).to_be_visible()


def await_true(page: Page, expression: str) -> None:
    """The page's policy forbids Playwright's own way, which evaluates inside the page."""
    for _ in range(200):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    raise AssertionError(expression)


def render(page: Page, text: str, still_open: bool = False) -> None:
    """Show an answer with the page's own code, without the way there."""
    page.evaluate(
        """async ([text, open]) => {
            const { Markdown } = await import('/static/markdown.js');
            document.querySelector('#rendered')?.remove();
            const place = document.createElement('div');
            place.id = 'rendered';
            place.className = 'answer-text';
            document.querySelector('#log').append(place);
            const labels = { copy: 'copy', copied: 'copied', code: 'code' };
            new Markdown(place, labels).show(text, open, 'rtl');
        }""",
        [text, still_open],
    )


def test_the_page_speaks_darija_from_right_to_left(page: Page) -> None:
    root = page.locator("html")
    expect(root).to_have_attribute("dir", "rtl")
    expect(root).to_have_attribute("lang", "ary")
    expect(page.locator("#input")).to_have_attribute("placeholder", "كتب الميساج ديالك…")
    expect(page.locator("#model")).to_have_text("نموذج تجريبي")
    expect(page.locator("#footnote")).to_contain_text("ما كيعرفش بزاف")


@pytest.mark.parametrize(("locale", "placeholder"), [("fr-FR", "Écrivez"), ("en-GB", "Write")])
def test_the_page_follows_the_browsers_language(
    browser: Browser, site: str, locale: str, placeholder: str
) -> None:
    page = browser.new_page(locale=locale)
    page.goto(site)
    expect(page.locator("#welcome")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("dir", "ltr")
    assert placeholder in (page.get_attribute("#input", "placeholder") or "")
    page.close()


def test_every_language_has_every_label(page: Page) -> None:
    missing = page.evaluate(
        """async () => {
            const { labelsFor } = await import('/static/labels.js');
            const keys = Object.keys(labelsFor('ary', ''));
            const kinds = (tag) => keys.map((key) => `${key} ${typeof labelsFor(tag, '')[key]}`);
            return ['fr', 'en'].flatMap((tag) =>
                kinds('ary').filter((kind) => !kinds(tag).includes(kind)));
        }"""
    )
    assert missing == []


def test_the_direction_rule_is_that_of_the_bots(page: Page) -> None:
    found = page.evaluate(
        """async (texts) => {
            const { direction } = await import('/static/direction.js');
            return texts.map(direction);
        }""",
        [text for text, _ in CASES],
    )
    assert found == [expected for _, expected in CASES]


def test_an_answer_streams_and_then_stays(page: Page, hand: Hand) -> None:
    say(page, "شحال الطاجين؟")
    expect(page.locator(".said .bubble")).to_have_text("شحال الطاجين؟")
    expect(page.locator(".typing")).to_be_visible()
    claim = hand.take()
    hand.write(claim, "الطاجين ب", "**80** ")
    expect(page.locator(".answer.open")).to_contain_text("الطاجين ب80")
    expect(page.locator("#stop")).to_be_visible()
    expect(page.locator("#spoken")).to_be_empty()  # a screen reader waits for the whole
    hand.write(claim, "درهم", start=16)
    hand.commit(claim, "الطاجين ب**80** درهم")
    answer = page.locator(".answer.last")
    expect(answer.locator(".answer-text")).to_have_text("الطاجين ب80 درهم")
    expect(answer.locator("strong")).to_have_text("80")
    expect(page.locator("#stop")).to_be_hidden()
    expect(page.locator("#spoken")).to_contain_text("الطاجين ب80 درهم")
    expect(page.locator("#input")).to_be_focused()


def test_the_conversation_is_there_after_a_reload_also_in_the_middle(
    page: Page, hand: Hand
) -> None:
    ask_and_answer(page, hand, "سلام", "وعليكم السلام")
    say(page, "شرح ليا")
    claim = hand.take()
    hand.write(claim, "هادا ")
    expect(page.locator(".answer.open")).to_contain_text("هادا")
    page.reload()
    expect(page.locator(".answer.open")).to_contain_text("هادا")
    hand.write(claim, "هو الجواب", start=5)
    expect(page.locator(".answer.open .answer-text")).to_have_text("هادا هو الجواب")
    hand.commit(claim, "هادا هو الجواب")
    expect(page.locator(".answer .answer-text")).to_have_text(["وعليكم السلام", "هادا هو الجواب"])
    expect(page.locator(".said .bubble")).to_have_text(["سلام", "شرح ليا"])


def test_a_lost_connection_is_resumed_and_nothing_is_lost(page: Page, hand: Hand) -> None:
    say(page, "شرح ليا")
    claim = hand.take()
    hand.write(claim, "واحد ")
    expect(page.locator(".answer.open")).to_contain_text("واحد")
    lose_connection(page)
    say(page, "ومن بعد؟")
    hand.write(claim, "جوج", start=5)
    page.context.set_offline(False)
    expect(page.locator(".answer.open .answer-text")).to_have_text("واحد جوج")
    expect(page.locator("#trouble")).to_be_hidden()
    hand.commit(claim, "واحد جوج")
    second = hand.take()
    assert [message.text for message in second.messages] == ["ومن بعد؟"]
    hand.commit(second, "تلاتة")
    expect(page.locator(".answer .answer-text")).to_have_text(["واحد جوج", "تلاتة"])


def test_stop_and_regenerate(page: Page, hand: Hand) -> None:
    say(page, "حكي ليا")
    claim = hand.take()
    hand.write(claim, "كان")
    expect(page.locator(".answer.open")).to_be_visible()
    page.keyboard.press("Escape")
    page.wait_for_timeout(300)
    assert hand.wishes(claim) == "stop"
    hand.commit(claim, "كان", "stopped")
    expect(page.locator(".answer.last .words")).to_have_text("صافي، حبست.")
    page.get_by_role("button", name="عاود الجواب").click()
    again = hand.take()
    assert again.messages[0].action == "regenerate"
    hand.write(again, "كان يا")
    expect(page.locator(".answer.open .answer-text")).to_have_text("كان يا")
    hand.commit(again, "كان يا ما كان")
    expect(page.locator(".answer .answer-text")).to_have_text(["كان يا ما كان"])
    expect(page.locator(".said")).to_have_count(1)


def test_a_new_conversation_and_the_way_back(page: Page, hand: Hand) -> None:
    ask_and_answer(page, hand, "الأولى", "جواب")
    page.click("#new")
    expect(page.locator("#welcome")).to_be_visible()
    ask_and_answer(page, hand, "الثانية", "جواب آخر")
    page.click("#menu-open")
    expect(page.locator(".conversation")).to_have_text(["الثانية", "الأولى"])
    page.locator(".conversation").nth(1).click()
    expect(page.locator(".said .bubble")).to_have_text(["الأولى"])
    page.go_back()
    expect(page.locator(".said .bubble")).to_have_text(["الثانية"])
    page.on("dialog", lambda dialog: dialog.accept())
    page.click("#menu-open")
    page.locator("#conversations li").first.locator(".round").click()
    page.click("#menu-close")
    expect(page.locator("#welcome")).to_be_visible()


def test_what_is_erased_offline_is_forgotten_once_a_page_is_online(
    page: Page, hand: Hand, context: BrowserContext, site: str
) -> None:
    ask_and_answer(page, hand, "الأولى", "جواب")
    page.click("#new")
    expect(page.locator("#welcome")).to_be_visible()
    ask_and_answer(page, hand, "الثانية", "جواب آخر")
    lose_connection(page)
    page.on("dialog", lambda dialog: dialog.accept())
    page.click("#menu-open")
    page.locator("#conversations .round").last.click()
    page.locator("#conversations .round").click()
    expect(page.locator("#conversations li")).to_have_count(0)
    expect(page.locator(".said")).to_have_count(0)
    page.close()
    context.set_offline(False)
    later = context.new_page()
    later.goto(site)
    expect(later.locator("#welcome")).to_be_visible()
    await_true(later, "JSON.parse(localStorage['mersal.erasing'] ?? '[]').length === 0")
    for number in (1, 2):
        later.goto(f"{site}#{number}")
        await_true(later, f"mersal.number === {number} && mersal.ready")
        expect(later.locator(".said")).to_have_count(0)
        expect(later.locator("#welcome")).to_be_visible()


def test_what_is_erased_stays_away_while_the_server_has_not_heard(page: Page, hand: Hand) -> None:
    ask_and_answer(page, hand, "الأولى", "جواب")
    lose_connection(page)
    page.on("dialog", lambda dialog: dialog.accept())
    page.click("#menu-open")
    page.locator("#conversations .round").click()
    page.click("#menu-close")
    page.evaluate("location.hash = '1'")
    await_true(page, "location.hash !== '#1'")
    say(page, "من جديد")
    page.context.set_offline(False)
    claim = hand.take()
    assert ([message.text for message in claim.messages], claim.turns) == (["من جديد"], ())
    hand.commit(claim, "مرحبا")
    expect(page.locator(".answer-text")).to_have_text(["مرحبا"])


def test_another_answer_cannot_be_asked_for_offline_and_the_page_says_so(
    page: Page, hand: Hand
) -> None:
    ask_and_answer(page, hand, "سلام", "جواب")
    lose_connection(page)
    page.get_by_role("button", name="عاود الجواب").click()
    expect(page.locator(".remark .words")).to_have_text("ما كاينش الاتصال دابا. عاود من هنا شوية.")
    page.context.set_offline(False)
    expect(page.locator("#trouble")).to_be_hidden(timeout=20_000)
    page.get_by_role("button", name="عاود الجواب").click()
    hand.commit(hand.take(), "جواب جديد")
    expect(page.locator(".answer-text")).to_have_text(["جواب جديد"])
    expect(page.locator(".remark")).to_have_count(0)


def test_what_is_erased_in_one_tab_is_gone_from_the_others(
    page: Page, hand: Hand, context: BrowserContext, site: str
) -> None:
    ask_and_answer(page, hand, "سلام", "جواب")
    other = context.new_page()
    other.goto(f"{site}#1")
    expect(other.locator(".answer-text")).to_have_text(["جواب"])
    page.on("dialog", lambda dialog: dialog.accept())
    page.click("#menu-open")
    page.locator("#conversations .round").click()
    expect(other.locator("#welcome")).to_be_visible()
    assert not other.url.endswith("#1")


def test_a_stop_that_was_asked_for_offline_stops_that_answer_alone(page: Page, hand: Hand) -> None:
    say(page, "شرح ليا")
    claim = hand.take()
    hand.write(claim, "واحد")
    expect(page.locator(".answer.open")).to_contain_text("واحد")
    lose_connection(page)
    page.click("#stop")
    expect(page.locator("#stop")).to_be_disabled()
    say(page, "ومن بعد؟")
    page.context.set_offline(False)
    await_true(page, "mersal.stopLater === null && !mersal.conversation.unsent.length")
    assert hand.wishes(claim) == "stop"
    hand.commit(claim, "واحد", "stopped")
    second = hand.take()
    assert (hand.wishes(second), [each.text for each in second.messages]) == ("kept", ["ومن بعد؟"])
    hand.commit(second, "جوج")
    expect(page.locator(".answer .answer-text")).to_have_text(["واحد", "جوج"])


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


def test_what_a_user_writes_stays_text(page: Page, hand: Hand) -> None:
    attack = '<img src=x onerror="document.title=1"> **سلام**'
    ask_and_answer(page, hand, attack, attack)
    expect(page.locator(".said .bubble")).to_have_text(attack)
    expect(page.locator(".answer img, .said img")).to_have_count(0)
    page.click("#menu-open")
    expect(page.locator(".conversation")).to_have_text(attack)
    expect(page.locator("#conversations img")).to_have_count(0)
    expect(page).to_have_title("مرسال")


def test_what_a_user_writes_reads_in_the_right_order(page: Page, hand: Hand) -> None:
    text = "عيط ليا ف 0612-34-56-78 ولا شوف https://example.com/a?b=قميص (mail me@example.com)."
    ask_and_answer(page, hand, text, "واخا")
    bubble = page.locator(".said .bubble")
    expect(bubble).to_have_text(text)
    expect(bubble.locator("bdi[dir=ltr]")).to_have_text("0612-34-56-78")
    expect(bubble.locator("a[dir=ltr]")).to_have_text(
        ["https://example.com/a?b=قميص", "me@example.com"]
    )


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
        ("0612345678", "bdi", ["0612345678"]),
        ("2024-2025", "bdi", []),
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


def test_a_phone_shows_everything_without_scrolling_sideways(page: Page, hand: Hand) -> None:
    page.set_viewport_size({"width": 360, "height": 640})
    long = "https://example.com/" + "very-long-path/" * 20
    ask_and_answer(page, hand, "كلمةطويلةبزاف" * 20, RICH + f"\n{long}\n\n" + "x" * 400)
    widths = page.evaluate(
        "[document.documentElement.scrollWidth, document.querySelector('#scroll').scrollWidth"
        " - document.querySelector('#scroll').clientWidth, document.body.scrollWidth]"
    )
    assert widths == [360, 0, 360]
    for button in page.locator("header button, footer button:visible").all():
        box = button.bounding_box()
        assert box and box["width"] >= 44 and box["height"] >= 44
        assert box["x"] >= 0 and box["x"] + box["width"] <= 360


def test_light_and_dark_follow_the_system_until_they_are_chosen(page: Page) -> None:
    def background(theme: str) -> str:
        expect(page.locator("html")).to_have_attribute("data-theme", theme)
        return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))

    page.emulate_media(color_scheme="light")
    light = background("light")
    page.emulate_media(color_scheme="dark")
    dark = background("dark")
    assert dark != light
    page.click("#theme")
    assert background("light") == light
    page.reload()
    assert background("light") == light
    page.emulate_media(color_scheme="light")
    page.click("#theme")
    assert background("dark") == dark


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_stand_out_enough(page: Page, hand: Hand, scheme: str) -> None:
    """WCAG AA: 4.5 to 1 for text."""
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    expect(page.locator("html")).to_have_attribute("data-theme", scheme)
    ask_and_answer(
        page, hand, "سلام", "[رابط](https://example.com) `كود`\n\n| a |\n|-|\n| b |\n\n> قول"
    )
    weak = page.evaluate(
        """() => {
            const parse = (c) => c.match(/[\\d.]+/g).map(Number);
            const light = ([r, g, b]) => [r, g, b]
                .map((v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
                .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
            const behind = (e) => {
                for (; e; e = e.parentElement) {
                    const c = parse(getComputedStyle(e).backgroundColor);
                    if (c.length < 4 || c[3] === 1) return c;
                }
            };
            const weak = [];
            for (const e of document.querySelectorAll('body *')) {
                const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
                if (!own || !e.checkVisibility() || e.closest('.unseen')) continue;
                const a = light(parse(getComputedStyle(e).color)), b = light(behind(e));
                const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
                if (ratio < 4.5) weak.push([e.tagName, e.className, ratio]);
            }
            return weak;
        }"""
    )
    assert weak == []


def test_the_page_is_used_by_keyboard_alone(page: Page, hand: Hand) -> None:
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#input")).to_be_focused()
    page.keyboard.type("سطر")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("جوج")
    page.keyboard.press("Enter")
    claim = hand.take()
    assert claim.messages[0].text == "سطر\nجوج"
    hand.commit(claim, "جواب")
    again = page.get_by_role("button", name="عاود الجواب")
    expect(again).to_be_visible()
    again.focus()
    page.keyboard.press("Enter")
    hand.commit(hand.take(), "جواب جديد")
    expect(page.locator(".answer-text")).to_have_text(["جواب جديد"])
    expect(page.locator("#input")).to_be_focused()


def test_everything_that_can_be_pressed_has_a_name(page: Page, hand: Hand) -> None:
    ask_and_answer(page, hand, "سلام", RICH)
    page.click("#menu-open")
    nameless = page.evaluate(
        """() => [...document.querySelectorAll('button, textarea, select, a')]
            .filter((e) => !(e.getAttribute('aria-label') || e.textContent.trim()
                || e.labels?.[0]?.textContent.trim()))
            .map((e) => e.outerHTML)"""
    )
    assert nameless == []
    expect(page.locator("#log")).to_have_attribute("aria-live", "off")
    expect(page.locator("#spoken")).to_have_attribute("aria-live", "polite")


def test_a_refused_message_can_be_sent_again_or_changed(
    browser: Browser, web_settings: Settings
) -> None:
    limits = web_settings.limits.model_copy(update={"message_chars": 10})
    with serving_aside(web_settings.model_copy(update={"limits": limits})) as url:
        page = browser.new_page(locale="ar-MA")
        page.goto(url)
        expect(page.locator("#welcome")).to_be_visible()
        say(page, "هاد الميساج طويل بزاف")
        expect(page.locator(".said .words")).to_contain_text("طويل بزاف. قسمو")
        page.get_by_role("button", name="بدل").click()
        expect(page.locator("#input")).to_have_value("هاد الميساج طويل بزاف")
        expect(page.locator(".said")).to_have_count(0)
        page.close()
