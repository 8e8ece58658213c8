"""Where no worker is left: the message is kept, and its user told once."""

import time

from redis.asyncio import Redis

from bots.words import say
from broker.keys import Keys
from broker.settings import Settings
from inference.echo import EchoEngine
from tests.channels.bot import Bots
from tests.patience import until
from tests.slack.platform import AMINA, Platform
from tests.workers.worker_in_thread import working


async def test_who_writes_while_nobody_answers_is_told_so_once(
    slack: Platform, chat_settings: Settings, bots: Bots, redis: Redis
) -> None:
    key = Keys(chat_settings.redis.namespace)("living", "all")
    await redis.zadd(key, {chat_settings.worker.model: time.time() - 61})
    direct = slack.atay.direct(AMINA)
    async with bots(chat_settings):
        first = slack.say("D", "سلام عليكم")
        await until(lambda: slack.said(direct))
        slack.say("D", "كاين شي حد؟", thread_ts=first.ts)
        with working(EchoEngine(), chat_settings):
            await until(lambda: len(slack.said(direct)) == 2)
    assert slack.said(direct)[0] == say("nobody", "ary")
    assert "سلام عليكم" in slack.said(direct)[1]
