"""A real worker process whose model another server computes."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from broker.connection import connect
from broker.inbox import Inbox
from broker.messages import Address, Reply, UserMessage
from broker.outbox import Outbox
from broker.settings import Settings, WorkerSettings
from tests.inference.remote.server import Act, Server, serving
from tests.mersal.test_lonely_worker import Lonely, lonely
from tests.patience import until

ADDRESS = Address("web", "c1")
MODEL = "jais-30b-chat-v1"
KEY = "sk-very-secret"
PATIENCE_S = 60


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(window=2048, key=KEY) as one:
        one.names = ["inceptionai/jais-30b-chat-v1"]
        yield one


@pytest.fixture
def jais_settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"worker": WorkerSettings(model=MODEL)})


@pytest.fixture
def worker(server: Server, jais_settings: Settings, tmp_path: Path) -> Iterator[Lonely]:
    arguments = ["worker", "--model", MODEL, "--endpoint", server.url.removesuffix("/v1")]
    redis = jais_settings.redis_url
    names = {"REDIS_URL": redis, "REDIS__NAMESPACE": jais_settings.redis.namespace}
    with lonely(arguments, tmp_path / "state", REMOTE__API_KEY=KEY, **names) as process:
        yield process


async def test_messages_are_answered_by_the_other_server_and_a_stop_reaches_it(
    worker: Lonely, server: Server, jais_settings: Settings
) -> None:
    redis = connect(jais_settings)
    inbox, outbox = Inbox(redis, jais_settings), Outbox(redis, jais_settings, "web", "test")
    parcels = outbox.parcels()

    async def say(text: str) -> None:
        await inbox.submit(UserMessage(ADDRESS, text, "u1", text, time.time()))

    async def reply() -> Reply:
        parcel = await asyncio.wait_for(anext(parcels), PATIENCE_S)
        await outbox.acknowledge(parcel)
        return parcel.reply

    server.script.append(Act(("The ", "Atlas", ".")))
    await say("Which mountains are near?")
    first = await reply()
    assert (first.text, first.outcome, first.model) == ("The Atlas.", "answered", MODEL)

    server.script.append(Act(("They ", "are ", "high"), ends="hangs"))
    await say("Are they high?")
    await until(lambda: len(server.requests) == 2, PATIENCE_S)
    await asyncio.sleep(0.2)  # so that something is shown
    assert await inbox.cancel(ADDRESS) == "running"
    second = await reply()
    assert (second.text[:9], second.outcome) == ("They are ", "stopped")
    await until(lambda: server.broken_off == 1)
    await redis.aclose()

    prompt = server.requests[1]["prompt"]
    assert prompt.startswith("### Instruction: Your name is Jais")
    assert prompt.endswith(
        "\n### Input: [|Human|] Which mountains are near?\n### Response: [|AI|] The Atlas."
        "\n### Input: [|Human|] Are they high?\n### Response: [|AI|]"
    )
    assert server.requests[1]["repetition_penalty"] == 1.2
    assert worker.end() == 0
    assert not any(secret in worker.said for secret in (KEY, "mountains", "Atlas", "high"))


def test_a_worker_that_no_server_helps_says_so_in_one_line(server: Server, tmp_path: Path) -> None:
    arguments = ["worker", "--model", MODEL, "--endpoint", server.url]
    with lonely(arguments, tmp_path / "state", REMOTE__API_KEY="wrong") as process:
        assert process.process.wait(PATIENCE_S) == 2
        process.reader.join()
    told = process.said.splitlines()[-1]
    assert told == f"mersal: no server works: {server.url}: HTTP 401: wrong key; see docs/remote.md"
