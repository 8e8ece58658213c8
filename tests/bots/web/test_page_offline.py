"""What is asked for on the page while the connection is away, and in another tab."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.bots.hand import Hand
from tests.bots.web.page import ask_and_answer, await_true, lose_connection, say

pytestmark = pytest.mark.browser


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
