"""What the server says by HTTP: the page with its rules, its title, its health."""

import httpx

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


async def test_health_is_that_of_redis(url: str) -> None:
    async with httpx.AsyncClient(base_url=url) as client:
        response = await client.get("healthz")
    assert (response.status_code, response.text) == (200, "ok")
