"""An engine that dies takes its process along, and the next process answers what it left."""

import asyncio
import subprocess
import sys
from pathlib import Path

from broker.connection import connect
from broker.inbox import Inbox
from broker.messages import Address, UserMessage
from broker.outbox import Outbox
from broker.settings import Settings, TurnSettings, WorkerSettings
from workers.run import EXIT_USELESS

CHATS = ("a", "b", "c")


async def test_what_a_dead_engine_left_is_answered_by_the_next_process(
    settings: Settings, tmp_path: Path
) -> None:
    settings = settings.model_copy(
        update={
            "turn": TurnSettings(lease_s=1.0),
            "worker": WorkerSettings(model="echo", threads=2),
        }
    )
    command = [sys.executable, "-m", "tests.workers.dying_worker", settings.model_dump_json()]
    command.append(str(tmp_path / "died"))
    redis = connect(settings)
    inbox, parcels = Inbox(redis, settings), Outbox(redis, settings, "web", "test").parcels()
    for chat in CHATS:
        await inbox.submit(UserMessage(Address("web", chat), "1", chat, f"salam {chat}", 1.0))
    first = subprocess.run(command, timeout=120, check=False)
    assert first.returncode == EXIT_USELESS
    second = subprocess.Popen(command)
    try:
        async with asyncio.timeout(120):
            replies = [(await anext(parcels)).reply for _ in CHATS]
    finally:
        second.kill()
        second.wait()
        await redis.aclose()
    assert {(r.address.chat, r.outcome, r.text) for r in replies} == {
        (chat, "answered", f"salam {chat}") for chat in CHATS
    }
