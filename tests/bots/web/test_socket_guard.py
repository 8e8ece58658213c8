"""What a socket refuses, and to whom: strangers, forgers, floods."""

import asyncio
import time

import pytest
from websockets.exceptions import InvalidStatus

from bots.web.tab import MAX_REQUESTS, REQUESTS_S
from bots.web.tabs import MAX_TABS
from tests.bots.hand import Hand, answer
from tests.bots.web.site import new_cookie, session_of, tab


async def test_a_flood_of_requests_is_read_at_a_walk(url: str) -> None:
    async with tab(url, await new_cookie(url)) as socket:
        began = time.monotonic()
        for _ in range(2 * MAX_REQUESTS):
            await socket.send(type="ping")
        for _ in range(2 * MAX_REQUESTS):
            await socket.next("pong")
        assert time.monotonic() - began > 0.9 * REQUESTS_S


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
