"""Events by HTTP: signed ones alone are taken, each once; several workspaces stay apart."""

import asyncio
import html
import json
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http.cookies import SimpleCookie
from urllib.parse import parse_qs, urlsplit

import aiohttp
from pydantic import SecretStr

from bots.slack.oauth import installation_store
from bots.slack.place import Workspace
from bots.slack.status import SESSION
from broker.settings import Settings
from inference.echo import EchoEngine
from inference.engine import CompletionRequest
from tests.channels.bot import Bots
from tests.patience import until
from tests.redis_process import RedisProcess
from tests.slack import events
from tests.slack.courier import Delivery, encode, signed
from tests.slack.outage import say_while_redis_is_away
from tests.slack.platform import AMINA, CLIENT_ID, CLIENT_SECRET, SOUK, Platform
from tests.workers.worker_in_thread import working


def mention(slack: Platform, text: str) -> Delivery:
    """An event that is not sent by itself."""
    channel = slack.atay.channels[SOUK]
    slack.events, kept = set(), slack.events
    message = slack.say(SOUK, f"@mersal {text}")
    slack.events = kept
    event = events.mention(slack.atay, channel, message)
    return Delivery("events_api", events.callback(slack.atay, event))


async def test_forged_stale_unsigned_and_replayed_requests_are_refused(
    slack: Platform, http_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    souk, post = slack.atay.channels[SOUK], slack.courier.post
    async with bots(http_settings):
        body, kind = encode(mention(slack, "genuine"))
        plain = {"Content-Type": kind}
        genuine = signed(body) | plain
        forged = [
            signed(body, secret="another-secret") | plain,
            signed(body, at=time.time() - 600) | plain,
            signed(body, at=time.time() + 600) | plain,
            signed(body + b" ") | plain,
            genuine | {"X-Slack-Signature": "v0="},
            {**signed(body), "X-Slack-Request-Timestamp": "yesterday"} | plain,
            plain,
        ]
        for headers in forged:
            status, _ = await post(body, headers)
            assert status >= 400, headers
        retry = genuine | {"X-Slack-Retry-Num": "1"}
        sent = [genuine, genuine, retry, genuine]
        assert [(await post(body, each))[0] for each in sent] == [200, 403, 200, 403]
        await until(lambda: slack.said(souk))
        check = json.dumps({"type": "url_verification", "challenge": "c4", "token": "t"}).encode()
        status, answer = await post(check, signed(check) | {"Content-Type": "application/json"})
        assert (status, "c4" in answer) == (200, True)
        slack.say(SOUK, "@mersal last")
        await until(lambda: slack.said(souk)[-1].endswith("last"))
    assert [one.split()[-1] for one in slack.said(souk)] == ["genuine", "last"]


async def test_events_commands_and_buttons_come_by_http_and_wait_for_redis(
    slack: Platform, http_settings: Settings, bots: Bots, doomed_redis: RedisProcess
) -> None:
    settings = http_settings.model_copy(update={"redis_url": doomed_redis.url})
    souk = slack.atay.channels[SOUK]
    with working(EchoEngine(), settings):
        async with bots(settings):
            slack.say(SOUK, "@mersal salam")
            await until(lambda: slack.said(souk) and slack.answers(souk)[0].blocks)
            slack.press(souk, slack.answers(souk)[0], "🔄")
            slack.slash("help", SOUK)
            await until(lambda: len(slack.said(souk)) == 2 and slack.ephemeral)
            await until(lambda: not slack.courier.unacknowledged)
            await say_while_redis_is_away(slack, doomed_redis)
            await until(lambda: len(slack.said(souk)) == 3, 60)
            await until(lambda: not slack.courier.unacknowledged)
    assert [one.split()[-1] for one in slack.said(souk)] == ["salam", "salam", "meanwhile"]


class Forgetful(EchoEngine):
    """Says how much it remembers."""

    def answer(self, request: CompletionRequest) -> str:
        return f"{len(request.messages)} {request.messages[-1].content}"


@asynccontextmanager
async def browser() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


async def install(slack: Platform, address: str, team_id: str) -> int:
    """An admin installs the app in a workspace; returns the status of the last page."""
    slack.codes["code-of-" + team_id] = team_id
    async with browser() as session:
        async with session.get(f"{address}/slack/install", allow_redirects=False) as page:
            text = await page.text()
            cookie = SimpleCookie(page.headers.get("Set-Cookie", ""))
            (link,) = re.findall(r'href="(https://slack.com/oauth[^"]+)"', text)
        state = parse_qs(urlsplit(html.unescape(link)).query)["state"][0]
        cookies = "; ".join(f"{name}={one.value}" for name, one in cookie.items())
        back = f"{address}/slack/oauth_redirect?code=code-of-{team_id}&state={state}"
        async with session.get(back, headers={"Cookie": cookies}) as page:
            await page.read()
            return page.status


def by_oauth(settings: Settings, address: str) -> Settings:
    ours = {"bot_token": None, "client_id": CLIENT_ID, "client_secret": SecretStr(CLIENT_SECRET),
            "public_url": address}  # fmt: skip
    return settings.model_copy(update={"slack": settings.slack.model_copy(update=ours)})


async def test_two_workspaces_with_equal_ids_stay_apart(
    slack: Platform, http_settings: Settings, bots: Bots
) -> None:
    address = slack.courier.url.removesuffix("/slack/events")
    settings = by_oauth(http_settings, address)
    places = {team.id: team.channels[SOUK] for team in slack.teams.values()}
    with working(Forgetful(), settings):
        async with bots(settings):
            for team_id in slack.teams:
                assert await install(slack, address, team_id) == 200
        async with bots(settings):  # installations survive a restart
            soon = time.time() + 5
            for team in slack.teams.values():
                team._last_ts = soon  # equal message ids too
                asked = slack.say(SOUK, f"@mersal salam {team.name}", team=team)
            await until(lambda: all(slack.said(channel) for channel in places.values()))
            slack.slash("language fr", SOUK, team=slack.belgha)
            await until(lambda: slack.ephemeral)
            slack.slash("new", SOUK, team=slack.atay)
            await until(lambda: len(slack.ephemeral) == 2)
            for team in slack.teams.values():
                slack.say(SOUK, "@mersal and now?", thread_ts=asked.ts, team=team)
            await until(lambda: all(len(slack.said(one)) == 2 for one in places.values()))
            slack.belgha.revoked = True
            slack.say(SOUK, "@mersal nobody home", team=slack.belgha)
            slack.say(SOUK, "@mersal still here")
            await until(lambda: len(slack.said(places["T1ATAY"])) == 3)
    atay, belgha = (slack.said(channel) for channel in places.values())
    assert atay[0].startswith("1 ") and "salam atay" in atay[0] and "belgha" not in str(atay)
    assert len(belgha) == 2 and belgha[0].startswith("1 ") and "salam belgha" in belgha[0]
    assert atay[1].startswith("1 ") and belgha[1].startswith("3 ")  # one began anew, not the other
    french, darija = (text for *_, text, _ in slack.ephemeral)
    assert "parlerai" in french and "zéro" not in darija  # the other team's Amina chose nothing
    assert {team for team, *_ in slack.ephemeral} == {"T1ATAY", "T2BELGHA"}
    assert AMINA in slack.atay.people and AMINA in slack.belgha.people


async def test_a_workspace_without_stop_buttons_takes_them_from_no_other(
    slack: Platform, http_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    address = slack.courier.url.removesuffix("/slack/events")
    settings, atay, belgha = by_oauth(http_settings, address), slack.atay, slack.belgha
    belgha.lacks = {SESSION}
    async with bots(settings):
        for team in (belgha, atay):
            assert await install(slack, address, team.id) == 200
        for number in (1, 2):
            slack.say(SOUK, f"@mersal salam {number}", team=belgha)
            await until(lambda n=number: len(slack.said(belgha.channels[SOUK])) == n)  # type: ignore[misc]
        asked = slack.say(SOUK, "@mersal salam", team=atay)
        await until(lambda: atay.sessions.get((SOUK, asked.ts)) == "active")
    assert len([line for line in slack.refused if "unknown_method" in line]) == 1  # not asked again


async def test_one_workspace_of_an_organisation_is_served(
    slack: Platform, http_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    address = slack.courier.url.removesuffix("/slack/events")
    settings, souk = by_oauth(http_settings, address), slack.atay.channels[SOUK]
    slack.atay.enterprise = "E1SOUK"
    async with bots(settings):
        assert await install(slack, address, "T1ATAY") == 200
        slack.say(SOUK, "@mersal salam")
        await until(lambda: slack.said(souk))
    async with bots(settings):
        slack.press(souk, slack.answers(souk)[0], "🔄")
        slack.slash("help", SOUK)
        await until(lambda: len(slack.said(souk)) == 2 and slack.ephemeral)
        slack.tell(slack.atay, souk, {"type": "app_uninstalled"})
        store = installation_store(settings)
        assert store is not None
        while await store.bot_of(Workspace("T1ATAY")):
            await asyncio.sleep(0.02)
    assert not slack.refused


async def test_an_app_that_is_installed_for_an_organisation_keeps_its_workspaces_apart(
    slack: Platform, http_settings: Settings, bots: Bots
) -> None:
    address = slack.courier.url.removesuffix("/slack/events")
    settings, atay, belgha = by_oauth(http_settings, address), slack.atay, slack.belgha
    for team in (atay, belgha):
        team.enterprise, team.whole = "E1SOUK", True
        # The token is the organisation's, and so are the bot and the ids of channels.
        team.bot_token, team.bot_id, team.bot_user = atay.bot_token, atay.bot_id, atay.bot_user
    there = belgha.open("C9BELGHA", "channel", "derb")
    with working(Forgetful(), settings):
        async with bots(settings):
            assert await install(slack, address, "T1ATAY") == 200
            slack.say(SOUK, "@mersal salam atay")
            slack.say(there.id, "@mersal salam belgha", team=belgha)
            await until(lambda: slack.said(atay.channels[SOUK]) and slack.said(there))
        async with bots(settings):
            slack.slash("help", there.id, team=belgha)
            slack.press(there, slack.answers(there)[0], "🔄")
            await until(lambda: len(slack.said(there)) == 2 and slack.ephemeral)
    (ours,) = slack.said(atay.channels[SOUK])
    assert ours.startswith("1 ") and "salam atay" in ours
    assert [one.split()[-1] for one in slack.said(there)] == ["belgha", "belgha"]
    assert slack.ephemeral[0][0] == "T2BELGHA"
    assert not slack.refused
