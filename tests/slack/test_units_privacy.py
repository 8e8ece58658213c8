"""What people write and what opens doors is in no log, whatever breaks and whatever the level."""

import asyncio
import logging

import pytest
from redis.asyncio import Redis

from broker.connection import connect
from broker.keys import Keys
from broker.settings import Settings
from inference.echo import EchoEngine
from mersal.log import JsonFormatter
from tests.channels.bot import Bots
from tests.patience import until
from tests.slack.courier import SIGNING_SECRET
from tests.slack.platform import APP_TOKEN, SECRET, SOUK, Failure, Platform


async def test_no_log_holds_words_or_tokens(
    slack: Platform,
    chat_settings: Settings,
    bots: Bots,
    echo: EchoEngine,
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken: dict[str, list[Failure]] = {
        "chat.postMessage": ["500", "429", "dropped"],
        "users.info": ["500"],
        "chat.update": ["500"],
    }

    def fail(method: str, _: object) -> Failure | None:
        return broken[method].pop() if broken.get(method) else None

    slack.fail = fail
    channel = slack.atay.channels[SECRET]
    caplog.set_level(logging.DEBUG)
    async with bots(chat_settings):
        asked = slack.say(SECRET, "@mersal sirr-9917 <@U2SAMIR>")
        await until(lambda: slack.said(channel))
        slack.say(SECRET, "sirr-9918", thread_ts=asked.ts)
        slack.tell(slack.atay, channel, {"type": "message", "channel": SECRET,
                                         "user": ["sirr-9919"], "ts": "sirr"})  # fmt: skip
        slack.slash("model sirr-9920", SECRET)
        await until(lambda: len(slack.said(channel)) == 2 and slack.ephemeral)
    assert caplog.records
    written = "\n".join(JsonFormatter().format(record) for record in caplog.records)
    assert "sirr" not in written
    for secret in (slack.atay.bot_token, APP_TOKEN, SIGNING_SECRET):
        assert secret not in written


async def test_what_people_say_to_each_other_is_not_kept(
    slack: Platform, chat_settings: Settings, bots: Bots
) -> None:
    redis: Redis = connect(chat_settings)
    kept = Keys(chat_settings.redis.namespace)("arrived", "slack")
    async with bots(chat_settings):
        said = slack.say(SOUK, "not to the bot")
        slack.delete(slack.atay.channels[SOUK], said, slack.atay)
        await until(lambda: len(slack.courier.deliveries) == 2)
        await until(lambda: not slack.courier.unacknowledged)
        assert await redis.exists(kept) == 0
        slack.say(SOUK, "@mersal to the bot")
        async with asyncio.timeout(30):
            while not await redis.exists(kept):
                await asyncio.sleep(0.05)
    await redis.aclose()
