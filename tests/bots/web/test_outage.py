"""Redis goes away under a web chat that is being used, and comes back."""

import json

import httpx
import pytest
from playwright.sync_api import WebSocket, expect
from redis import Redis

from broker.keys import Keys
from broker.messages import Address
from broker.settings import Settings, WebSettings
from tests.bots.hand import open_hand
from tests.bots.web.site import new_cookie, serving, serving_aside, session_of, tab
from tests.browser import open_browser
from tests.redis_process import RedisProcess


async def test_an_outage_is_told_and_nothing_is_lost(doomed_redis: RedisProcess) -> None:
    settings = Settings(
        redis_url=doomed_redis.url, state_dir=doomed_redis.folder, web=WebSettings(port=0)
    )
    async with serving(settings) as url, tab(url, await new_cookie(url)) as socket:
        await socket.next("view")
        first = await socket.say("before")
        assert (await socket.next("receipt"))["status"] == "accepted"
        doomed_redis.kill()
        second = await socket.say("meanwhile")
        receipt = await socket.next("receipt")
        assert (receipt["id"], receipt["status"], receipt["kept"]) == (second, "unavailable", False)
        assert receipt["words"]
        assert (await socket.next("trouble"))["away"]
        async with httpx.AsyncClient(base_url=url) as client:
            assert (await client.get("healthz")).status_code == 503
        doomed_redis.start()
        assert not (await socket.next("trouble"))["away"]
        await socket.say("meanwhile", second)
        assert (await socket.next("receipt"))["status"] == "accepted"
        await socket.send(type="look")
        view = await socket.view(lambda view: len(view["pending"]) == 2)
        assert [message["id"] for message in view["pending"]] == [first, second]
        with open_hand(settings) as hand:
            claim = hand.take()
            hand.write(claim, "labas")
            await socket.written("labas")
            hand.commit(claim, "labas")
            await socket.answered()


async def test_a_page_that_opens_during_an_outage_waits_for_its_end(
    doomed_redis: RedisProcess,
) -> None:
    settings = Settings(
        redis_url=doomed_redis.url, state_dir=doomed_redis.folder, web=WebSettings(port=0)
    )
    async with serving(settings) as url:
        doomed_redis.kill()
        async with tab(url, await new_cookie(url)) as socket:
            assert (await socket.next("trouble"))["away"]
            doomed_redis.start()
            assert (await socket.next("view"))["whole"]


async def test_a_redis_that_refuses_is_told_like_one_that_is_away(
    doomed_redis: RedisProcess,
) -> None:
    settings = Settings(
        redis_url=doomed_redis.url, state_dir=doomed_redis.folder, web=WebSettings(port=0)
    )
    async with serving(settings) as url:
        cookie = await new_cookie(url)
        address = Address("web", f"{session_of(cookie)}.1")
        history = Keys(settings.redis.namespace)("history", address.conversation_id)
        with Redis.from_url(doomed_redis.url) as client:
            client.set(history, "no list")
            async with tab(url, cookie) as socket:
                assert (await socket.next("trouble"))["away"]
                client.delete(history)
                assert (await socket.next("view"))["whole"]


@pytest.mark.browser
def test_the_page_says_so_and_sends_what_was_written_when_redis_is_back(
    doomed_redis: RedisProcess,
) -> None:
    settings = Settings(
        redis_url=doomed_redis.url, state_dir=doomed_redis.folder, web=WebSettings(port=0)
    )
    with serving_aside(settings) as url, open_browser() as browser:
        page = browser.new_page(locale="ar-MA")
        page.goto(url)
        expect(page.locator("#welcome")).to_be_visible()
        doomed_redis.kill()
        expect(page.locator("#trouble")).to_contain_text("واقفة", timeout=20_000)
        page.fill("#input", "واش سمعتيني؟")
        page.keyboard.press("Enter")
        expect(page.locator(".said .foot")).to_contain_text("غادي يتصيفط")
        page.reload()
        expect(page.locator(".said .bubble")).to_have_text("واش سمعتيني؟", timeout=20_000)
        doomed_redis.start()
        with open_hand(settings) as hand:
            claim = hand.take()
            assert [message.text for message in claim.messages] == ["واش سمعتيني؟"]
            hand.commit(claim, "سمعتك")
        expect(page.locator(".answer-text")).to_have_text("سمعتك", timeout=20_000)
        expect(page.locator("#trouble")).to_be_hidden()
        expect(page.locator(".said .bubble")).to_have_text(["واش سمعتيني؟"])
        page.close()


@pytest.mark.browser
def test_a_message_that_waits_for_redis_is_not_overtaken(doomed_redis: RedisProcess) -> None:
    settings = Settings(
        redis_url=doomed_redis.url, state_dir=doomed_redis.folder, web=WebSettings(port=0)
    )
    frames: list[tuple[str, str]] = []

    def hear(socket: WebSocket) -> None:
        def sent(raw: str | bytes) -> None:
            frame = json.loads(raw)
            frames.append((frame["type"], frame.get("text", "")))

        def received(raw: str | bytes) -> None:
            frame = json.loads(raw)
            frames.append((frame.get("status", ""), frame.get("text", "")))

        socket.on("framesent", sent)
        socket.on("framereceived", received)

    with serving_aside(settings) as url, open_browser() as browser:
        page = browser.new_page(locale="ar-MA")
        page.on("websocket", hear)
        page.goto(url)
        expect(page.locator("#welcome")).to_be_visible()
        doomed_redis.kill()
        page.fill("#input", "واحد")
        page.keyboard.press("Enter")
        expect(page.locator(".said .foot")).to_contain_text("غادي يتصيفط", timeout=20_000)
        page.fill("#input", "جوج")
        page.keyboard.press("Enter")
        doomed_redis.start()
        with open_hand(settings) as hand:
            texts: list[str] = []
            while len(texts) < 2:
                claim = hand.take()
                texts += [message.text for message in claim.messages]
                hand.commit(claim, "وصل")
        expect(page.locator(".said .bubble")).to_have_text(["واحد", "جوج"])
        expect(page.locator(".said .foot")).to_have_text(["", ""])
        page.close()
    assert texts == ["واحد", "جوج"]
    assert frames.index(("accepted", "واحد")) < frames.index(("say", "جوج"))
