"""Somebody writes while Redis is away: Slack must not be told that all is well."""

from tests.patience import until
from tests.redis_process import RedisProcess
from tests.slack.platform import SOUK, Platform


async def say_while_redis_is_away(slack: Platform, redis: RedisProcess) -> None:
    """Say "@mersal meanwhile" while it is killed; it is back when this returns."""
    redis.kill()
    before = len(slack.courier.deliveries)
    slack.say(SOUK, "@mersal meanwhile")
    waiting = slack.courier.deliveries[before:]
    await until(lambda: any(one.attempts for one in waiting))
    assert not any(one.acknowledged for one in waiting)
    redis.start()
