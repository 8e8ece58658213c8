"""The page in a real browser: who can use it, and how it looks."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.bots.hand import Hand
from tests.bots.web.page import RICH, ask_and_answer

pytestmark = pytest.mark.browser


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


def test_a_chosen_language_is_kept(page: Page) -> None:
    page.click("#menu-open")
    page.select_option("#language", "ary-Latn")
    for _ in range(2):
        expect(page.locator("html")).to_have_attribute("lang", "ary-Latn")
        expect(page.locator("html")).to_have_attribute("dir", "ltr")
        expect(page.locator("#input")).to_have_attribute("placeholder", "Kteb l message dyalek…")
        page.reload()


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
