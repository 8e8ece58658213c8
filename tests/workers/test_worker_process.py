"""A worker as people start it, with a model of their own: letters, tasks, and a death between."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from broker.connection import connect
from broker.settings import Settings
from broker.waiting import Waiting
from tests.mersal.command import environment
from tests.workers.desk import Desk
from workers.transcript import Wish

CARD = """
[[model]]
id = "mirror"
engine = "echo"
tasks = ["translate"]
translates = ["ary", "fr"]
"""
ASKED = "labas 3lik, chno kayn lyoum?"


@contextmanager
def worker(settings: Settings, delay_s: float = 0.0) -> Iterator[subprocess.Popen[bytes]]:
    """`mersal worker`, killed at the end."""
    own = {
        "REDIS_URL": settings.redis_url,
        "REDIS__NAMESPACE": settings.redis.namespace,
        "WORKER__MODEL": "mirror",
        "WORKER__ECHO_DELAY_S": str(delay_s),
        "TURN__LEASE_S": "1",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "mersal", "worker"],
        env=environment(settings.state_dir, **own),
        cwd=settings.state_dir,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


async def test_a_worker_says_what_it_can_and_its_successor_answers_in_the_same_letters(
    settings: Settings,
) -> None:
    settings.state_dir.mkdir()
    (settings.state_dir / "models.toml").write_text(CARD)
    mine = settings.model_copy(
        update={"worker": settings.worker.model_copy(update={"model": "mirror"})}
    )
    redis = connect(mine)
    desk, waiting = Desk(redis, mine), Waiting(redis, mine)
    with worker(mine, delay_s=600):
        await desk.say(ASKED, wish=Wish(script="latn"))
        await desk.until_leased()
        while "mirror" not in await waiting.models():
            await asyncio.sleep(0.05)
        assert await waiting.tasks("mirror") == {"translate"}
    assert await waiting.tasks("mirror") == {"translate"}  # it is missed, and not forgotten
    with worker(mine):
        answer = await desk.reply()
        await desk.say("Bonjour mes amis", wish=Wish("translate", "ary"))
        task = await desk.reply()
        await desk.say("Bonjour mes amis", wish=Wish("summarize"))
        refused = await desk.reply()
    await redis.aclose()
    assert (answer.text, answer.message_ids) == ("labas 3lik, chno kayn lyoum?", ("1",))
    assert task.text.endswith("\nBonjour mes amis") and task.text.startswith("ترجم")
    assert (refused.outcome, refused.text) == ("cannot", "")
