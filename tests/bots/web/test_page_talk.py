"""A conversation on the page, with a worker's side moved by hand."""

import time

import pytest
from playwright.sync_api import Browser, Page, expect
from redis import Redis

from bots import catalog
from broker.keys import Keys
from broker.settings import Settings
from tests.bots.hand import Hand
from tests.bots.web.page import ask_and_answer, say
from tests.bots.web.site import serving_aside

pytestmark = pytest.mark.browser


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


def test_stop_and_regenerate(page: Page, hand: Hand) -> None:
    say(page, "حكي ليا")
    claim = hand.take()
    hand.write(claim, "كان")
    expect(page.locator(".answer.open")).to_be_visible()
    page.keyboard.press("Escape")
    hand.await_stop(claim)
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


@pytest.mark.parametrize("command", ["", "/summarize "])
def test_while_no_worker_is_left_the_page_says_so_until_an_answer_begins(
    page: Page, hand: Hand, settings: Settings, command: str
) -> None:
    living = Keys(settings.redis.namespace)("living", "all")
    with Redis.from_url(settings.redis_url) as redis:
        redis.zadd(living, {settings.worker.model: time.time() - 61})
    say(page, f"{command}كاين شي حد؟")
    remark = page.locator("article.remark")
    expect(remark).to_have_text(catalog.text("nobody", "ary"))
    expect(page.locator(".said .bubble")).to_have_text("كاين شي حد؟")
    claim = hand.take()
    hand.write(claim, "أنا هنا")
    expect(page.locator(".answer.open")).to_contain_text("أنا هنا")
    expect(remark).to_have_count(0)


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
