"""Where no worker is left: the message is kept, and its user told once."""

import time

from redis.asyncio import Redis

from bots import catalog
from broker.keys import Keys
from broker.settings import Settings
from inference.echo import EchoEngine
from tests.channels.bot import Bots
from tests.patience import until
from tests.telegram.platform import Platform
from tests.workers.worker_in_thread import working

AMINA = 77


async def test_who_writes_while_nobody_answers_is_told_so_once(
    telegram: Platform, chat_settings: Settings, bots: Bots, redis: Redis
) -> None:
    key = Keys(chat_settings.redis.namespace)("living", "all")
    await redis.zadd(key, {chat_settings.worker.model: time.time() - 61})
    async with bots(chat_settings):
        telegram.say(AMINA, "سلام عليكم")
        telegram.say(AMINA, "كاين شي حد؟")
        await until(lambda: telegram.said(AMINA))
        with working(EchoEngine(), chat_settings):
            await until(lambda: "كاين شي حد؟" in telegram.said(AMINA)[-1])
    assert telegram.said(AMINA)[0] == catalog.text("nobody", "ary")
    assert telegram.said(AMINA).count(catalog.text("nobody", "ary")) == 1
