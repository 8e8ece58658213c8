"""The socket's protocol, on a real server and a real Redis, with a worker's side moved by hand."""

import asyncio
import time

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from bots.web.session import CHANNEL
from bots.web.tab import MAX_REQUESTS, REQUESTS_S
from bots.web.tabs import MAX_TABS
from bots.words import about_outcome, say
from broker.connection import connect
from broker.keys import Keys
from broker.settings import LimitSettings, Settings, WebSettings
from tests.bots.hand import Hand
from tests.bots.web.site import new_cookie, serving, session_of, tab


async def answer(hand: Hand, text: str) -> None:
    claim = await asyncio.to_thread(hand.take)
    await asyncio.to_thread(hand.commit, claim, text)


async def test_a_message_is_answered_in_pieces_and_then_whole(url: str, hand: Hand) -> None:
    async with tab(url, await new_cookie(url)) as socket:
        view = await socket.next("view")
        assert (view["whole"], view["turns"], view["pending"]) == (True, [], [])
        ident = await socket.say("شحال الطاجين؟")
        receipt = await socket.next("receipt")
        assert (receipt["id"], receipt["status"], receipt["kept"]) == (ident, "accepted", True)
        claim = await asyncio.to_thread(hand.take)
        assert claim.messages[0].language == "ary"
        await asyncio.to_thread(hand.write, claim, "ثمانين ", "درهم")
        await socket.written("ثمانين درهم")
        await asyncio.to_thread(hand.commit, claim, "ثمانين درهم")
        view = await socket.answered()
        (turn,) = view["turns"]
        assert turn["id"] == claim.fence
        assert (turn["text"], turn["outcome"], turn["notes"]) == ("ثمانين درهم", "answered", [])
        assert [said["id"] for said in turn["said"]] == [ident]
        assert view["pending"] == []


async def test_the_outbox_is_emptied(url: str, hand: Hand, settings: Settings) -> None:
    async with tab(url, await new_cookie(url)) as socket:
        await socket.say("salam")
        await answer(hand, "wa 3alaykom salam")
        await socket.next("receipt")
    redis = connect(settings)
    key = Keys(settings.redis.namespace)("outbox", CHANNEL)
    async with asyncio.timeout(10):
        while await redis.xlen(key):
            await asyncio.sleep(0.02)
    await redis.aclose()


async def test_a_message_that_is_sent_again_is_answered_once(url: str, hand: Hand) -> None:
    cookie = await new_cookie(url)
    async with tab(url, cookie) as socket:
        ident = await socket.say("salam")
        assert (await socket.next("receipt"))["status"] == "accepted"
    async with tab(url, cookie) as socket:
        await socket.say("salam", ident)
        receipt = await socket.next("receipt")
        assert (receipt["status"], receipt["kept"], receipt["words"]) == ("duplicate", True, "")
        await answer(hand, "labas")
        assert len((await socket.answered())["turns"]) == 1


async def test_a_tab_that_comes_back_goes_on_where_the_answer_is(url: str, hand: Hand) -> None:
    cookie = await new_cookie(url)
    async with tab(url, cookie) as socket:
        ident = await socket.say("شرح ليا")
        claim = await asyncio.to_thread(hand.take)
        await asyncio.to_thread(hand.write, claim, "الجواب ")
        await socket.written("الجواب ")
    await asyncio.to_thread(hand.write, claim, "طويل ", start=7)
    async with tab(url, cookie) as socket:
        view = await socket.next("view")
        assert view["partial"] == {"id": claim.fence, "text": "الجواب طويل "}
        assert [message["id"] for message in view["pending"]] == [ident]
        await asyncio.to_thread(hand.write, claim, "بزاف", start=12)
        await socket.written("الجواب طويل بزاف", known="الجواب طويل ")


async def test_the_conversation_is_there_after_a_reload(url: str, hand: Hand) -> None:
    cookie = await new_cookie(url)
    async with tab(url, cookie) as socket:
        await socket.say("salam")
        await answer(hand, "labas")
    again = await new_cookie(url, cookie)
    assert session_of(again) == session_of(cookie)
    async with tab(url, again) as socket:
        (turn,) = (await socket.next("view"))["turns"]
        assert turn["text"] == "labas"


async def test_two_tabs_of_one_conversation_see_the_same(url: str, hand: Hand) -> None:
    cookie = await new_cookie(url)
    async with tab(url, cookie) as first, tab(url, cookie) as second:
        await second.next("view")
        await first.say("salam")
        await answer(hand, "labas")
        for socket in (first, second):
            assert (await socket.answered())["turns"][-1]["text"] == "labas"


async def test_a_long_conversation_comes_by_its_end(url: str, hand: Hand) -> None:
    async with tab(url, await new_cookie(url)) as socket:
        await socket.next("view")
        for number in range(4):
            await socket.say(f"m{number}")
            await answer(hand, f"a{number}")
            view = await socket.view(lambda view: view["turns"] and not view["pending"])
            assert view["turns"][-1]["text"] == f"a{number}"
        assert not view["whole"]
        assert [turn["text"] for turn in view["turns"]] == ["a2", "a3"]


async def test_stop_ends_the_answer_with_what_was_said(url: str, hand: Hand) -> None:
    async with tab(url, await new_cookie(url)) as socket:
        await socket.next("view")
        await socket.say("كتب ليا قصة")
        claim = await asyncio.to_thread(hand.take)
        await asyncio.to_thread(hand.write, claim, "كان يا ما كان")
        await socket.written("كان يا ما كان")
        await socket.send(type="stop")
        async with asyncio.timeout(10):
            while await asyncio.to_thread(hand.wishes, claim) != "stop":
                await asyncio.sleep(0.02)
        await asyncio.to_thread(hand.commit, claim, "كان يا ما كان", "stopped")
        (turn,) = (await socket.answered())["turns"]
        assert turn["text"] == "كان يا ما كان"
        assert turn["notes"] == [about_outcome("stopped", "ary")]


async def test_a_stop_of_an_answer_that_has_ended_stops_no_other(url: str, hand: Hand) -> None:
    async with tab(url, await new_cookie(url)) as socket:
        await socket.say("salam")
        first = await asyncio.to_thread(hand.take)
        await asyncio.to_thread(hand.commit, first, "labas")
        await socket.say("chkoun nta?")
        second = await asyncio.to_thread(hand.take)
        await socket.send(type="stop", answer=first.fence)
        await socket.send(type="ping")
        await socket.next("pong")  # requests are granted one by one
        assert await asyncio.to_thread(hand.wishes, second) == "kept"


async def test_regenerate_replaces_the_last_answer(url: str, hand: Hand) -> None:
    async with tab(url, await new_cookie(url)) as socket:
        await socket.next("view")
        await socket.say("salam")
        await answer(hand, "first")
        await socket.answered()
        await socket.send(type="regenerate", id="regenerate-1")
        receipt = await socket.next("receipt")
        assert (receipt["action"], receipt["status"]) == ("regenerate", "accepted")
        await answer(hand, "second")
        view = await socket.answered()
        assert [turn["text"] for turn in view["turns"]] == ["second"]


async def test_a_failed_regeneration_keeps_the_answer_and_says_so(url: str, hand: Hand) -> None:
    async with tab(url, await new_cookie(url)) as socket:
        await socket.next("view")
        await socket.say("bonjour, vous êtes ouvert ?")
        await answer(hand, "oui")
        await socket.answered()
        await socket.send(type="regenerate", id="regenerate-1")
        claim = await asyncio.to_thread(hand.take)
        await asyncio.to_thread(hand.commit, claim, "", "failed")
        view = await socket.view(lambda view: view["remarks"])
        assert [turn["text"] for turn in view["turns"]] == ["oui"]
        assert view["remarks"] == [{"id": claim.fence, "words": [say("failed", "fr")]}]


async def test_notices_come_with_the_answer(url: str, hand: Hand) -> None:
    async with tab(url, await new_cookie(url)) as socket:
        await socket.next("view")
        await socket.say("how does this work?")
        claim = await asyncio.to_thread(hand.take)
        await asyncio.to_thread(hand.commit, claim, "like", "answered", ["cut_at_length"])
        (remark,) = (await socket.view(lambda view: view["remarks"]))["remarks"]
        assert remark["words"] == [say("cut_at_length", "en")]


async def test_forget_empties_the_conversation(url: str, hand: Hand) -> None:
    async with tab(url, await new_cookie(url)) as socket:
        await socket.next("view")
        await socket.say("salam")
        await answer(hand, "labas")
        await socket.answered()
        await socket.send(type="forget")
        await socket.view(lambda view: view["whole"] and not view["turns"])


async def test_a_refusal_is_explained_in_the_users_language(web_settings: Settings) -> None:
    limits = LimitSettings(message_chars=20, messages_per_minute=1)
    settings = web_settings.model_copy(update={"limits": limits})
    async with serving(settings) as url, tab(url, await new_cookie(url)) as socket:
        await socket.say("bonjour, " * 10)
        receipt = await socket.next("receipt")
        assert (receipt["status"], receipt["kept"]) == ("too_long", False)
        assert receipt["words"] == say("message_too_long", "fr")
        await socket.say("   ")
        assert (await socket.next("receipt"))["status"] == "empty"
        await socket.say("واش كاين؟")
        assert (await socket.next("receipt"))["status"] == "accepted"
        await socket.say("واش كاين؟")
        receipt = await socket.next("receipt")
        assert receipt["status"] == "rate_limited"
        assert 0 < receipt["wait_s"] <= 60
        assert "عاود" in str(receipt["words"])


async def test_a_heartbeat_is_answered(url: str) -> None:
    async with tab(url, await new_cookie(url)) as socket:
        await socket.send(type="ping")
        await socket.next("pong")


async def test_a_flood_of_requests_is_read_at_a_walk(url: str) -> None:
    async with tab(url, await new_cookie(url)) as socket:
        began = time.monotonic()
        for _ in range(2 * MAX_REQUESTS):
            await socket.send(type="ping")
        for _ in range(2 * MAX_REQUESTS):
            await socket.next("pong")
        assert time.monotonic() - began > 0.9 * REQUESTS_S


# ---- who may see what


async def test_each_browser_sees_its_own_conversations_only(url: str, hand: Hand) -> None:
    mine, yours = await new_cookie(url), await new_cookie(url)
    assert session_of(mine) != session_of(yours)
    async with tab(url, yours) as watching, tab(url, mine) as socket:
        await watching.next("view")
        await socket.say("my secret")
        await answer(hand, "kept")
        await socket.answered()
        await watching.send(type="look")
        view = await watching.next("view")
        assert (view["turns"], view["pending"], view["partial"]) == ([], [], None)


async def test_conversations_of_one_session_are_apart(url: str, hand: Hand) -> None:
    cookie = await new_cookie(url)
    async with tab(url, cookie, 1) as socket:
        await socket.say("salam")
        await answer(hand, "labas")
    async with tab(url, cookie, 2) as socket:
        assert (await socket.next("view"))["turns"] == []


@pytest.mark.parametrize("spoil", ["", "mersal=nonsense", "forged"])
async def test_without_a_cookie_of_ours_nothing_is_shown(url: str, spoil: str) -> None:
    cookie = await new_cookie(url)
    if spoil == "forged":
        spoil = f"mersal={session_of(cookie)}.{'A' * 6}.{'B' * 27}"
    async with tab(url, spoil) as socket:
        assert await socket.closed() == 4401


@pytest.mark.parametrize("origin", ["http://evil.example", "null", None, "file://"])
async def test_pages_from_elsewhere_cannot_open_the_socket(url: str, origin: str | None) -> None:
    cookie = await new_cookie(url)
    with pytest.raises(InvalidStatus) as refused:
        async with tab(url, cookie, origin=origin):
            pass
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize("guessed", ["0", "-1", "10000", "x", "", "1.1", "other-session.1"])
async def test_a_guessed_conversation_is_refused(url: str, guessed: str) -> None:
    cookie = await new_cookie(url)
    with pytest.raises(InvalidStatus):
        async with tab(url, cookie, number=guessed):
            pass


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "[]",
        "not json",
        '{"type":"say","id":"abcdefgh"}',
        '{"type":"say","id":"../etc","text":"x"}',
        '{"type":"say","id":"abcdefgh","text":7}',
        '{"type":"say","id":"abcdefgh","text":"\\ud800"}',
        '{"type":"unknown"}',
        b'{"type":"ping"}',
    ],
)
async def test_a_request_that_is_none_closes_the_socket(
    url: str, raw: str | bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async with tab(url, await new_cookie(url)) as socket:
        await socket.send_raw(raw)
        assert await socket.closed() == 1008
    assert "Traceback" not in caplog.text


async def test_a_request_beyond_all_measure_closes_the_socket(url: str) -> None:
    async with tab(url, await new_cookie(url)) as socket:
        await socket.say("x" * 200_000)
        assert await socket.closed() == 1009


async def test_a_session_cannot_open_sockets_without_end(url: str) -> None:
    cookie = await new_cookie(url)
    stack = [tab(url, cookie) for _ in range(MAX_TABS)]
    opened = [await each.__aenter__() for each in stack]
    async with tab(url, cookie) as one_more:
        assert await one_more.closed() == 4429
    async with tab(url, await new_cookie(url)) as other:
        await other.next("view")
    for each in stack:
        await each.__aexit__(None, None, None)
    assert len(opened) == MAX_TABS


async def test_a_browser_that_does_not_read_delays_nobody(url: str, hand: Hand) -> None:
    lazy, eager = await new_cookie(url), await new_cookie(url)
    async with tab(url, lazy) as slow, tab(url, eager) as quick:
        await slow.say("tell me everything")
        claim = await asyncio.to_thread(hand.take)
        piece = "لا يقرأ " * 500
        for number in range(400):  # more than the buffers between us and it hold
            await asyncio.to_thread(hand.write, claim, piece, start=number * len(piece))
        await asyncio.to_thread(hand.commit, claim, "done")
        await quick.next("view")
        await quick.say("salam")
        await answer(hand, "labas")
        assert (await quick.answered())["turns"][-1]["text"] == "labas"
        await slow.send(type="look")
        assert (await slow.answered())["turns"][-1]["text"] == "done"


# ---- the pages


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
