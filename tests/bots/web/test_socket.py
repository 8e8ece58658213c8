"""The socket's protocol, on a real server and a real Redis, with a worker's side moved by hand."""

import asyncio
import time

from redis.asyncio import Redis

from bots import catalog
from bots.web.session import CHANNEL
from bots.words import about_outcome
from broker.connection import connect
from broker.keys import Keys
from broker.settings import LimitSettings, Settings
from tests.bots.hand import Hand, answer
from tests.bots.web.site import new_cookie, serving, session_of, tab


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


async def test_who_writes_while_nobody_answers_is_told_so_once(
    url: str, hand: Hand, settings: Settings, redis: Redis
) -> None:
    key = Keys(settings.redis.namespace)("living", "all")
    await redis.zadd(key, {settings.worker.model: time.time() - 61})
    async with tab(url, await new_cookie(url)) as socket:
        for words in (catalog.text("nobody", "ary"), ""):
            await socket.say("سلام، كاين شي حد؟")
            receipt = await socket.next("receipt")
            assert (receipt["kept"], receipt["words"]) == (True, words)


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
        view = await socket.view(lambda view: any(remark["words"] for remark in view["remarks"]))
        assert [turn["text"] for turn in view["turns"]] == ["oui"]
        failed = {"id": claim.fence, "words": [catalog.text("failed", "fr")]}
        assert failed in view["remarks"]


async def test_notices_come_with_the_answer(url: str, hand: Hand) -> None:
    async with tab(url, await new_cookie(url)) as socket:
        await socket.next("view")
        await socket.say("how does this work?")
        claim = await asyncio.to_thread(hand.take)
        await asyncio.to_thread(hand.commit, claim, "like", "answered", ["cut_at_length"])
        (remark,) = (await socket.view(lambda view: view["remarks"]))["remarks"]
        assert remark["words"] == [catalog.text("cut-at-length", "en")]


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
        assert receipt["words"] == catalog.text("message-too-long", "fr")
        await socket.say("   ")
        assert (await socket.next("receipt"))["status"] == "empty"
        await socket.say("واش كاين؟")
        assert (await socket.next("receipt"))["status"] == "accepted"
        await socket.say("واش كاين؟")
        receipt = await socket.next("receipt")
        assert receipt["status"] == "rate_limited"
        assert 0 < receipt["wait_s"] <= 60
        assert "عاود" in str(receipt["words"])
        await socket.say("/summarize السوق عامر")
        receipt = await socket.next("receipt")
        assert (receipt["status"], receipt["kept"]) == ("rate_limited", False)
        assert "عاود" in str(receipt["words"])


async def test_a_heartbeat_is_answered(url: str) -> None:
    async with tab(url, await new_cookie(url)) as socket:
        await socket.send(type="ping")
        await socket.next("pong")
