"""Servers in threads, and engines on them that are closed at the test's end."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from inference.cards import ModelCard
from inference.engine import ChatMessage, CompletionRequest, Sampling
from inference.remote.engine import RemoteEngine
from inference.remote.open import open_remote_engine
from inference.remote.options import RemoteOptions, Serving

from .server import Server, serving

CARD = ModelCard("tiny", "tiny", "", "")

ServerMaker = Callable[..., Server]
EngineMaker = Callable[..., RemoteEngine]


@pytest.fixture
def serve() -> Iterator[ServerMaker]:
    """Starts servers of the test's own."""
    servers: list[Server] = []

    def serve_one(**kind: object) -> Server:
        servers.append(Server(**kind))  # type: ignore[arg-type]
        servers[-1].start()
        return servers[-1]

    yield serve_one
    for server in servers:
        server.close()


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as one:
        yield one


@pytest.fixture
def connect() -> Iterator[EngineMaker]:
    """Opens engines on servers; times are short and may be changed by keyword."""
    engines: list[RemoteEngine] = []

    def connect_one(*servers: Server, card: ModelCard = CARD, **changes: object) -> RemoteEngine:
        names = ("model", "server", "prompts")
        how = {name: changes.pop(name) for name in names if name in changes}
        serving = Serving(tuple(one.url for one in servers), **how)  # type: ignore[arg-type]
        options = RemoteOptions(serving, health_every_s=0.2, start_s=20, first_token_s=20)
        engines.append(open_remote_engine(card, replace(options, **changes)))  # type: ignore[arg-type]
        return engines[-1]

    yield connect_one
    for engine in engines:
        engine.close()


def ask(*texts: str, **sampling: object) -> CompletionRequest:
    """A conversation of questions and answers in turn, oldest first."""
    roles = ("user", "assistant")
    messages = [ChatMessage(roles[at % 2], text) for at, text in enumerate(texts)]  # type: ignore[arg-type]
    return CompletionRequest(tuple(messages), Sampling(**sampling))  # type: ignore[arg-type]
