"""Where no worker is left: the message is kept, and its user told once."""

import asyncio
import time

from redis.asyncio import Redis

from bots import catalog
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
    keys = Keys(chat_settings.redis.namespace)
    await redis.zadd(keys("living", "all"), {chat_settings.worker.model: time.time() - 61})
    direct = slack.atay.direct(AMINA)
    async with bots(chat_settings):
        first = slack.say("D", "سلام عليكم")
        await until(lambda: slack.said(direct))
        slack.say("D", "كاين شي حد؟", thread_ts=first.ts)
        (inbox,) = await redis.keys(keys("inbox", "*"))
        async with asyncio.timeout(30):
            while await redis.llen(inbox) < 2:
                await asyncio.sleep(0.02)
        with working(EchoEngine(), chat_settings):
            await until(lambda: len(slack.said(direct)) == 2)
    told, answer = slack.said(direct)
    assert told == catalog.text("nobody", "ary")
    assert "سلام عليكم" in answer and "كاين شي حد؟" in answer
