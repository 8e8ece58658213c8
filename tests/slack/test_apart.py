"""What must stay apart: two bots on one app, companies in one channel."""

import asyncio

from bots.slack import serve
from broker.settings import Settings
from inference.echo import EchoEngine
from tests.channels.bot import Bots
from tests.patience import until
from tests.slack import events
from tests.slack.platform import AMINA, SAMIR, SOUK, Platform
from tests.workers.worker_in_thread import working


async def test_of_two_bots_one_answers_and_the_other_takes_over(
    slack: Platform, chat_settings: Settings, echo: EchoEngine
) -> None:
    souk, first, second = slack.atay.channels[SOUK], asyncio.Event(), asyncio.Event()
    bots = [asyncio.create_task(serve(chat_settings, lambda _: first.set()))]
    try:
        await until(first.is_set)
        bots.append(asyncio.create_task(serve(chat_settings, lambda _: second.set())))
        await until(lambda: len(slack.courier.sockets) == 2)
        for number in range(6):  # Slack picks a connection by chance
            slack.say(SOUK, f"@mersal question {number}")
        await until(lambda: len(slack.said(souk)) == 6)
        assert not second.is_set()
        bots[0].cancel()
        slack.say(SOUK, "@mersal question 6")
        await until(lambda: len(slack.said(souk)) == 7)
        assert second.is_set()
        await until(lambda: not slack.courier.unacknowledged)
    finally:
        for bot in bots:
            bot.cancel()
        await asyncio.gather(*bots, return_exceptions=True)
    assert sorted(one.split()[-1] for one in slack.said(souk)) == [str(n) for n in range(7)]


async def test_in_a_channel_of_two_companies_all_belongs_to_who_installed_the_app(
    slack: Platform, chat_settings: Settings, bots: Bots
) -> None:
    """A stranger's message carries his own company's id; the app is not installed there."""
    team, souk = slack.atay, slack.atay.channels[SOUK]
    souk.shared, team.people[SAMIR]["team_id"] = True, "T9"
    with working(EchoEngine(delay_s=0.8), chat_settings):
        async with bots(chat_settings):
            slack.events, granted = set(), slack.events
            message = slack.say(SOUK, "@mersal I am writing this to you from afar", user=SAMIR)
            slack.events = granted
            event = {**events.mention(team, souk, message), "team": "T9", "user_team": "T9"}
            payload = {**events.callback(team, event, shared=True), "team_id": "T9"}
            slack.courier.send("events_api", payload)
            await until(lambda: slack.said(souk))
            slack.say(SOUK, "I am writing this to you from here", user=AMINA, thread_ts=message.ts)
            await until(lambda: len(slack.said(souk)) == 2)
    assert [one.split()[-1] for one in slack.said(souk)] == ["afar", "here"]
    assert not slack.refused
    assert all(one.streamed for one in slack.answers(souk))
