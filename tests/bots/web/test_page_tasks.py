"""Tasks on the page: behind a slash, from a message's menu, and the choices about them."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from bots import catalog
from broker.settings import Settings
from inference.catalog import find
from inference.echo import EchoEngine
from inference.engine import CompletionRequest
from tests.bots.hand import Hand
from tests.bots.web.page import ask_and_answer, await_true, say
from tests.workers.worker_in_thread import working

pytestmark = pytest.mark.browser

OPTIONS = "#completion [role=option]"


def commands(page: Page) -> list[str]:
    return page.locator(f"{OPTIONS} .command").all_text_contents()


def chosen(page: Page) -> str:
    """The option that a screen reader is told of."""
    ident = page.get_attribute("#input", "aria-activedescendant")
    return page.locator(f"#{ident} .command").inner_text()


def test_a_task_is_written_with_the_keyboard_alone_and_survives_a_reload(
    page: Page, hand: Hand
) -> None:
    page.focus("#input")
    page.keyboard.type("/")
    expect(page.locator(OPTIONS).first).to_be_visible()
    assert commands(page)[:4] == ["/translate", "/summarize", "/explain", "/sentiment"]
    page.keyboard.press("ArrowUp")
    assert chosen(page) == "/help"
    page.keyboard.type("tr")
    assert commands(page) == ["/translate"]
    page.keyboard.press("Enter")
    expect(page.locator("#input")).to_have_value("/translate ")
    assert commands(page) == [f"/translate {tag}" for tag in ("ary", "ar", "fr", "en")]
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert chosen(page) == "/translate fr"
    page.keyboard.press("Tab")
    expect(page.locator("#input")).to_have_value("/translate fr ")
    expect(page.locator("#completion")).to_be_hidden()
    expect(page.locator("#input")).not_to_have_attribute("aria-activedescendant", "offer-0")
    page.keyboard.type("فين كاين المحل؟")
    page.keyboard.press("Enter")
    claim = hand.take()
    message = claim.messages[0]
    assert (message.task, message.target, message.text) == ("translate", "fr", "فين كاين المحل؟")
    hand.write(claim, "Où ")
    expect(page.locator(".answer.aside.open")).to_contain_text("Où")
    hand.commit(claim, "Où est le magasin ?")
    for _ in range(2):
        expect(page.locator(".said .bubble")).to_have_text("فين كاين المحل؟")
        expect(page.locator(".said .task")).to_have_text("ترجمة للفرنسية · برا المحادثة")
        expect(page.locator(".answer.aside .answer-text")).to_have_text("Où est le magasin ?")
        page.reload()


def test_a_task_is_stopped_and_done_again(page: Page, hand: Hand) -> None:
    say(page, "/summarize نص طويل بزاف")
    claim = hand.take()
    hand.write(claim, "نص")
    expect(page.locator(".answer.open")).to_be_visible()
    page.keyboard.press("Escape")
    hand.await_stop(claim)
    hand.commit(claim, "نص", "stopped")
    page.get_by_role("button", name="عاود الجواب").click()
    again = hand.take()
    assert again.messages[0].action == "regenerate"
    hand.commit(again, "نص طويل")
    expect(page.locator(".answer.aside .answer-text")).to_have_text("نص طويل")
    expect(page.locator(".said .task")).to_contain_text("لخص")


def test_a_message_has_a_menu_of_what_can_be_done_with_it(page: Page, hand: Hand) -> None:
    ask_and_answer(page, hand, "سلام", "وعليكم السلام، **مرحبا** بيك")
    more = page.locator(".answer .more")
    more.focus()
    page.keyboard.press("Enter")
    entries = page.locator("#message-menu [role=menuitem]")
    expect(entries).to_have_count(8)  # four languages, three tasks, Latin letters
    expect(entries.first).to_be_focused()
    expect(more).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(page.locator("#message-menu")).to_be_hidden()
    expect(more).to_be_focused()
    expect(more).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowUp")
    expect(entries.last).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    message = hand.take().messages[0]
    assert (message.task, message.target) == ("translate", "fr")
    assert message.text == "وعليكم السلام، **مرحبا** بيك"


def test_the_menu_stays_inside_a_small_window(page: Page, hand: Hand) -> None:
    page.set_viewport_size({"width": 360, "height": 420})
    ask_and_answer(page, hand, "سلام", "وعليكم السلام")
    for button in page.locator(".more:visible").all():
        button.click()
        box = page.locator("#message-menu").bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= 360
        assert box["y"] >= 0 and box["y"] + box["height"] <= 420
        page.keyboard.press("Escape")


def test_other_letters_are_there_at_once_and_after_a_reload_until_erased(
    page: Page, hand: Hand
) -> None:
    ask_and_answer(page, hand, "شنو سميتك؟", "سميتي مرسال")
    page.locator(".said").hover()
    page.locator(".said .more").click()
    page.get_by_role("menuitem", name="بالحروف اللاتينية").click()
    for _ in range(2):
        expect(page.locator(".answer.aside .answer-text")).to_have_text("chno smitek?")
        expect(page.locator(".said .task").last).to_contain_text("بالحروف اللاتينية")
        page.reload()
    ask_and_answer(page, hand, "ومن بعد؟", "والو")
    texts = page.locator(".answer-text")
    expect(texts).to_have_text(["سميتي مرسال", "chno smitek?", "والو"])
    page.on("dialog", lambda dialog: dialog.accept())
    page.click("#menu-open")
    page.locator("#conversations .round").click()
    page.click("#menu-close")
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.includes('told'))") == []


def test_forget_leaves_nothing_that_the_user_wrote(page: Page, hand: Hand) -> None:
    ask_and_answer(page, hand, "سر كبير", "واخا")
    say(page, "/arabizi سر كبير")
    expect(page.locator(".answer.aside .answer-text")).to_have_text("ser kbir")
    say(page, "/forget")
    expect(page.locator(".said .bubble")).to_have_text(["/forget"])
    expect(page.locator(".answer-text")).to_have_text([catalog.text("forgotten", "ary")])
    assert "سر" not in page.evaluate("JSON.stringify(localStorage)")
    page.reload()
    expect(page.locator("#welcome")).to_be_visible()
    expect(page.locator(".said")).to_have_count(0)


def test_what_the_bot_itself_says_is_no_markdown(page: Page) -> None:
    text = "# 2*3*4\n1. __x__"
    say(page, f"/arabizi {text}")
    shown = page.locator(".answer.aside .answer-text")
    expect(shown).to_be_visible()
    assert shown.inner_text() == text


def test_the_menu_keeps_choices_for_the_session(page: Page, hand: Hand) -> None:
    page.click("#menu-open")
    page.select_option("[name=script]", "latn")
    page.select_option("[name=tasks]", "kept")
    page.reload()
    await_true(page, "window.mersal?.ready")
    page.click("#menu-open")
    expect(page.locator("[name=script]")).to_have_value("latn")
    expect(page.locator("[name=tasks]")).to_have_value("kept")
    page.click("#menu-close")
    say(page, "/explain هاد الهضرة")
    message = hand.take().messages[0]
    assert (message.keeps, message.script) == (True, "latn")


def test_the_page_itself_does_what_concerns_it(page: Page, hand: Hand) -> None:
    ask_and_answer(page, hand, "سلام", "وعليكم السلام")
    say(page, "/settings")
    expect(page.locator("#menu")).to_be_visible()
    page.click("#menu-close")
    say(page, "/help")
    expect(page.locator(OPTIONS).first).to_be_visible()
    page.keyboard.press("Escape")
    page.evaluate("mersal.completion.know([...mersal.completion.offers])")  # it stays closed
    expect(page.locator("#completion")).to_be_hidden()
    say(page, "/new")
    expect(page.locator("#welcome")).to_be_visible()
    expect(page.locator(".said")).to_have_count(0)


def test_the_bots_answer_to_a_command_has_its_buttons(page: Page, hand: Hand) -> None:
    say(page, "/translate Bonjour à tous les amis")
    page.get_by_role("button", name="الدارجة").click()
    message = hand.take().messages[0]
    assert (message.target, message.text) == ("ary", "Bonjour à tous les amis")


class InArabicLetters(EchoEngine):
    """Answers in Arabic letters, and keeps what it read."""

    def __init__(self, model: str) -> None:
        super().__init__(model)
        self.read: list[str] = []

    def answer(self, request: CompletionRequest) -> str:
        self.read.append(request.messages[-1].content)
        return f"مرحبا بيك، سولتيني على {len(self.read)} حوايج"


@pytest.fixture
def reader(settings: Settings) -> Iterator[InArabicLetters]:
    engine = InArabicLetters(settings.worker.model)
    with working(engine, settings, card=replace(find("echo"), arabizi="convert")):
        yield engine


def test_who_writes_only_arabizi_is_answered_in_it(page: Page, reader: InArabicLetters) -> None:
    asked = ["salam, chno smitek?", "wach kayn tawsil l casa?", "chokran bzaf"]
    for number, text in enumerate(asked, 1):
        say(page, text)
        answer = page.locator(".answer-text").nth(number - 1)
        expect(answer).to_have_text(f"mer7ba bik, sewweltini 3la {number} 7wayej")
        expect(answer).to_have_attribute("dir", "ltr")
        expect(page.locator(".answer.last")).to_be_visible()
    expect(page.locator(".said .bubble")).to_have_text(asked)
    assert reader.read == ["سلام، شنو سميتك؟", "واش كاين توصيل ل كازا؟", "شكرا بزاف"]
