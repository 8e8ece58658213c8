"""What the server says by HTTP: the page with its rules, its title, its health."""

import json

import httpx
import pytest

from bots import catalog
from bots.language import known, written
from broker.settings import Settings, WebSettings
from tests.bots.web.site import serving


async def test_the_page_forbids_whatever_it_does_not_need(url: str) -> None:
    async with httpx.AsyncClient(base_url=url) as client:
        for path in ("", "static/app.js", "static/style.css", "static/favicon.svg", "nothing"):
            headers = (await client.get(path)).headers
            policy = headers["content-security-policy"]
            assert "default-src 'none'" in policy and "unsafe" not in policy
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "no-referrer"
        page = await client.get("")
        assert page.headers["cache-control"] == "no-store"
        assert " style=" not in page.text and "onclick" not in page.text
        assert "http://" not in page.text and "https://" not in page.text


async def test_the_title_is_text_on_the_page(web_settings: Settings) -> None:
    web = WebSettings(port=0, title="<b>حانوتي</b>")
    async with (
        serving(web_settings.model_copy(update={"web": web})) as url,
        httpx.AsyncClient() as client,
    ):
        text = (await client.get(url)).text
    assert "<h1>&lt;b&gt;حانوتي&lt;/b&gt;</h1>" in text


@pytest.mark.parametrize(
    ("headers", "language"),
    [
        ({}, "ary"),
        ({"accept-language": "fr-FR,fr;q=0.9,en;q=0.8"}, "fr"),
        ({"accept-language": "ar-MA"}, "ary"),
        ({"accept-language": "fr", "cookie": "mersal-language=ary-Latn"}, "ary-Latn"),
        ({"accept-language": "ar-MA", "cookie": "mersal-heard=ary-Latn"}, "ary-Latn"),
        ({"cookie": "mersal-heard=ary-Latn; mersal-language=en"}, "en"),
        ({"cookie": 'mersal-language="><script>'}, "ary"),
    ],
)
async def test_the_page_comes_in_the_language_that_was_chosen_else_the_browsers(
    url: str, headers: dict[str, str], language: str
) -> None:
    async with httpx.AsyncClient(base_url=url) as client:
        page = (await client.get("", headers=headers)).text
    assert f'<html lang="{language}" dir="{written(known(language))}">' in page
    labels = page.partition('id="labels">')[2].partition("</script>")[0]
    assert json.loads(labels)["send"] == catalog.text("page-send", language)
    assert f'value="{language}" lang="{language}" dir="{written(known(language))}" selected' in page


async def test_health_is_that_of_redis(url: str) -> None:
    async with httpx.AsyncClient(base_url=url) as client:
        response = await client.get("healthz")
    assert (response.status_code, response.text) == (200, "ok")
