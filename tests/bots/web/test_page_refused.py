"""What the page does with a message that was not taken."""

import pytest
from playwright.sync_api import Page, expect

from bots import catalog
from broker.settings import LimitSettings, Settings
from tests.bots.web.page import say

pytestmark = pytest.mark.browser


@pytest.fixture
def web_settings(web_settings: Settings) -> Settings:
    return web_settings.model_copy(update={"limits": LimitSettings(message_chars=40)})


@pytest.mark.parametrize("command", ["", "/summarize ", "/arabizi "])
def test_what_is_refused_stays_on_the_page_to_be_changed(page: Page, command: str) -> None:
    text = command + "السوق عامر بزاف " * 4
    say(page, text)
    for _ in range(2):
        refused = page.locator(".said[data-state=refused]")
        expect(refused.locator(".bubble")).to_have_text(text.strip())
        expect(refused.locator(".words")).to_have_text(catalog.text("message-too-long", "ary"))
        page.reload()
    refused.get_by_role("button", name=catalog.text("page-edit", "ary")).click()
    expect(page.locator("#input")).to_have_value(text.strip())
    expect(refused).to_have_count(0)
