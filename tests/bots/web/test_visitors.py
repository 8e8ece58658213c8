"""How much one network may do, whatever cookies its browsers bring or forget."""

import time
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import expect
from starlette.requests import HTTPConnection

from bots.web.allowance import Allowance
from bots.web.visitors import Visitors
from bots.words import about_receipt
from broker.inbox import Receipt
from broker.settings import Settings, WebSettings
from tests.bots.web.site import new_cookie, serving, serving_aside, tab
from tests.browser import open_browser


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """A clock that stands until its only element is changed."""
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    yield now


def with_web(settings: Settings, **changes: object) -> Settings:
    return settings.model_copy(update={"web": WebSettings(port=0, **changes)})


def connection(host: str, **headers: str) -> HTTPConnection:
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return HTTPConnection({"type": "http", "client": (host, 1), "headers": named})


def test_an_allowance_comes_back_bit_by_bit(clock: list[float]) -> None:
    allowance = Allowance(3, 60.0)
    assert [allowance.spend("a") for _ in range(4)] == [0, 0, 0, pytest.approx(20)]
    assert allowance.spend("b") == 0
    clock[0] += 20
    assert [allowance.spend("a"), allowance.wait_s("a")] == [0, pytest.approx(20)]
    clock[0] += 60
    assert [allowance.spend("a") for _ in range(4)] == [0, 0, 0, pytest.approx(20)]


def test_asking_costs_nothing_and_zero_is_no_limit(clock: list[float]) -> None:
    allowance = Allowance(1, 60.0)
    assert [allowance.wait_s("a") for _ in range(5)] == [0] * 5
    free = Allowance(0, 60.0)
    assert [free.spend("a") for _ in range(5)] == [0] * 5


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("not an address", "not an address"),
    ],
)
def test_a_household_is_one_network(host: str, network: str) -> None:
    assert Visitors(WebSettings()).network(connection(host)) == network


def test_a_proxy_that_nobody_named_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    visitors = Visitors(WebSettings())
    for _ in range(2):
        assert visitors.network(connection("10.0.0.1", x_forwarded_for="192.0.2.7")) == "10.0.0.1"
    assert caplog.text.count("MERSAL_WEB__TRUSTED_PROXIES") == 1


async def test_browsers_without_a_cookie_get_so_many_sessions_and_no_more(
    web_settings: Settings,
) -> None:
    async with serving(with_web(web_settings, sessions_per_hour=2)) as url:
        known = await new_cookie(url)
        await new_cookie(url)
        async with httpx.AsyncClient() as client:
            refused = await client.get(url)
        assert (refused.status_code, "set-cookie" in refused.headers) == (429, False)
        assert 0 < int(refused.headers["retry-after"]) <= 1800
        assert "<main" in refused.text  # the page itself says so, in the user's language
        async with tab(url, None) as stranger:
            assert await stranger.closed() == 4429
        await new_cookie(url, known)  # who is known comes in as before
        async with tab(url, known) as socket:
            await socket.next("view")


async def test_a_network_has_so_many_open_tabs_and_no_more(web_settings: Settings) -> None:
    async with serving(with_web(web_settings, tabs_per_address=1)) as url:
        mine, yours = await new_cookie(url), await new_cookie(url)
        async with tab(url, mine) as first:
            await first.next("view")
            async with tab(url, yours) as second:
                assert await second.closed() == 4429
        async with tab(url, yours) as second:
            await second.next("view")


async def test_a_new_cookie_for_each_message_brings_no_more_messages(
    web_settings: Settings,
) -> None:
    async with serving(with_web(web_settings, messages_per_minute=2)) as url:
        statuses = []
        for _ in range(3):
            async with tab(url, await new_cookie(url)) as socket:
                await socket.say("what can you do?")
                receipt = await socket.next("receipt")
                statuses.append(receipt["status"])
        assert statuses == ["accepted", "accepted", "rate_limited"]
        assert 0 < receipt["wait_s"] <= 30
        assert receipt["words"] == about_receipt(Receipt("rate_limited", receipt["wait_s"]), "en")


@pytest.mark.parametrize(("trusted", "together"), [("", True), ("127.0.0.1", False)])
async def test_forwarded_addresses_count_only_from_a_trusted_proxy(
    web_settings: Settings, trusted: str, together: bool
) -> None:
    settings = with_web(web_settings, sessions_per_hour=1, trusted_proxies=trusted)
    # What the client itself wrote stands in front of what the proxy saw.
    told = ("192.0.2.1", "192.0.2.2", "192.0.2.3, 192.0.2.1")
    statuses = []
    async with serving(settings) as url:
        for forwarded in told:
            async with httpx.AsyncClient(headers={"X-Forwarded-For": forwarded}) as client:
                statuses.append((await client.get(url)).status_code)
    assert statuses == [200, 429 if together else 200, 429]


@pytest.mark.browser
def test_the_page_says_that_it_is_crowded_and_comes_in_later(web_settings: Settings) -> None:
    with (
        serving_aside(with_web(web_settings, tabs_per_address=1)) as url,
        open_browser() as browser,
    ):
        first, second = (browser.new_page(locale="fr-MA") for _ in range(2))
        first.goto(url)
        expect(first.locator("#welcome")).to_be_visible()
        second.goto(url)
        expect(second.locator("#trouble")).to_contain_text("depuis votre réseau", timeout=20_000)
        first.close()
        # It would by itself, in 20 s; and does, should the first not have been seen to go yet.
        second.evaluate("window.mersal.wire.connect()")
        expect(second.locator("#welcome")).to_be_visible(timeout=60_000)
        expect(second.locator("#trouble")).to_be_hidden()
        second.close()
