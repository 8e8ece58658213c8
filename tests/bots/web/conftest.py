from collections.abc import AsyncIterator, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from broker.settings import Settings, WebSettings
from tests.bots.hand import Hand, open_hand
from tests.bots.web.site import serving, serving_aside
from tests.browser import open_browser


@pytest.fixture
def web_settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"web": WebSettings(port=0)})


@pytest.fixture
async def url(web_settings: Settings) -> AsyncIterator[str]:
    async with serving(web_settings) as address:
        yield address


@pytest.fixture
def hand(settings: Settings) -> Iterator[Hand]:
    with open_hand(settings) as moved:
        yield moved


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
