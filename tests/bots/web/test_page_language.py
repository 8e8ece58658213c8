"""The language of the page: the one that was chosen, else the one that the user writes."""

import pytest
from playwright.sync_api import Page, expect

from bots.catalog import text as words
from tests.bots.hand import Hand
from tests.bots.web.page import ask_and_answer, await_true, say
from tests.bots.web.site import Socket, new_cookie, tab


async def follows(socket: Socket, text: str) -> str:
    """The language that the page comes in because of this message; "" when it stays."""
    await socket.say(text)
    await socket.next("receipt")
    await socket.send(type="ping")
    frame = await socket.next("page", "pong")
    return str(frame.get("language", ""))


async def test_the_page_follows_the_first_message_then_two_in_a_row(url: str) -> None:
    async with tab(url, await new_cookie(url)) as socket:
        assert await follows(socket, "ok") == ""
        assert await follows(socket, "salam, chno smitek?") == "ary-Latn"
        assert await follows(socket, "Bonjour, vous livrez à Casablanca ?") == ""
        assert await follows(socket, "wach kayn tawsil l casa?") == ""
        assert await follows(socket, "Bonjour, vous livrez à Casablanca ?") == ""
        assert await follows(socket, "Quels sont vos horaires ?") == "fr"
        await socket.send(type="about")
        offers = (await socket.next("about"))["offers"]
        assert offers[0]["words"] == words("web-translate", "fr")


async def test_what_was_chosen_stays(url: str) -> None:
    cookie = f"{await new_cookie(url)}; mersal-language=en"
    async with tab(url, cookie, lang="en") as socket:
        assert await follows(socket, "salam, chno smitek?") == ""


@pytest.mark.browser
def test_who_writes_arabizi_has_the_page_in_it(page: Page, hand: Hand) -> None:
    ask_and_answer(page, hand, "salam, chno smitek?", "smiti mersal")
    for _ in range(2):
        expect(page.locator("html")).to_have_attribute("lang", "ary-Latn")
        expect(page.locator("html")).to_have_attribute("dir", "ltr")
        expect(page.get_by_placeholder(words("page-placeholder", "ary-Latn"))).to_be_visible()
        expect(page.locator("#input")).to_have_attribute("dir", "ltr")
        again = page.get_by_role("button", name=words("page-again", "ary-Latn"))
        expect(again).to_be_visible()
        expect(page.locator("#footnote")).to_have_text(words("page-demo-note", "ary-Latn"))
        page.reload()
    page.locator(".said .more").click()
    expect(page.locator("#message-menu")).to_contain_text(words("web-summarize", "ary-Latn"))


@pytest.mark.browser
@pytest.mark.parametrize("how", ["menu", "command"])
def test_a_choice_by_hand_wins_until_it_is_given_up(page: Page, hand: Hand, how: str) -> None:
    if how == "menu":
        page.click("#menu-open")
        page.select_option("#language", "fr")
    else:
        say(page, "/language fr")
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    await_true(page, "window.mersal?.ready")
    ask_and_answer(page, hand, "salam, chno smitek?", "smiti mersal")
    expect(page.get_by_role("button", name=words("page-again", "fr"))).to_be_visible()
    say(page, "/language auto")
    expect(page.locator("html")).to_have_attribute("lang", "ary")  # as the browser asks for
    await_true(page, "window.mersal?.ready")
    say(page, "wach kayn tawsil l casa?")
    expect(page.locator("html")).to_have_attribute("lang", "ary-Latn")
