"""The slot engine dies of its device: its process ends, the supervisor starts another, and every
message is answered once."""

import asyncio
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from broker.connection import connect
from broker.inbox import Inbox
from broker.messages import Address, Reply, UserMessage
from broker.outbox import Outbox
from broker.settings import Settings, TurnSettings, WorkerSettings
from inference.engine import ChatMessage, CompletionRequest
from mersal.child import Program
from mersal.supervisor import Death, Supervisor
from tests.inference.conftest import llama_model, llama_tokenizer, save
from workers.model import selected_card
from workers.run import EXIT_USELESS, load_engine

CHATS = ("a", "b", "c")
PATIENCE_S = 600  # two processes begin, each with torch


def question(chat: str) -> str:
    """English, of which a worker changes nothing on its way to the model."""
    return f"Hello {chat}, what can I do for you?"


def expected(settings: Settings) -> dict[str, str]:
    """What a sound engine answers."""
    card = selected_card(settings)
    engine, found = load_engine(card, settings), {}
    sampling = replace(card.sampling, max_new_tokens=settings.worker.max_new_tokens)
    for chat in CHATS:
        stream = engine.submit(CompletionRequest((ChatMessage("user", question(chat)),), sampling))
        found[chat] = "".join(piece.text for piece in stream)
    engine.close()
    return found


@pytest.mark.timeout(2 * PATIENCE_S)
async def test_a_device_that_fails_costs_a_process_and_no_answer(
    settings: Settings, tmp_path: Path
) -> None:
    tokenizer = llama_tokenizer()
    folder = save(tmp_path / "llama", llama_model(len(tokenizer)), tokenizer)
    worker = WorkerSettings(
        model=str(folder), threads=2, device="cpu", kv_cache_mb=4, max_new_tokens=12
    )
    settings = settings.model_copy(update={"turn": TurnSettings(lease_s=1.0), "worker": worker})
    command = [sys.executable, "-m", "tests.workers.failing_device", settings.model_dump_json()]
    command.append(str(tmp_path / "failed"))
    supervisor, deaths = Supervisor(tmp_path), list[Death]()
    redis = connect(settings)
    inbox, parcels = Inbox(redis, settings), Outbox(redis, settings, "web", "test").parcels()
    for chat in CHATS:
        await inbox.submit(UserMessage(Address("web", chat), "1", chat, question(chat), 1.0))

    async def answers() -> list[Reply]:
        return [(await anext(parcels)).reply for _ in CHATS]

    supervisor.start(Program("worker", tuple(command), dict(os.environ), grace_s=10))
    waiting = asyncio.create_task(answers())
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not waiting.done():
                deaths += supervisor.watch()
                await asyncio.sleep(0.05)
        replies = waiting.result()
    finally:
        waiting.cancel()
        supervisor.stop([], lambda: False)
        await redis.aclose()
    assert [(death.code, death.hung) for death in deaths] == [(EXIT_USELESS, False)]
    assert {reply.outcome for reply in replies} == {"answered"}
    assert {reply.address.chat: reply.text for reply in replies} == expected(settings)
