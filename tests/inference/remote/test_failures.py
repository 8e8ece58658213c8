"""Servers that fail: what is tried again, where, and what never is."""

import logging
import socket
import threading
import time
from itertools import pairwise

import pytest

from inference.engine import Completion
from inference.errors import EngineError, ModelLoadFailed
from inference.remote.engine import RemoteEngine

from .conftest import EngineMaker, ServerMaker, ask
from .server import Act, Server

BEFORE_TEXT = [
    Act(status=500),
    Act(status=502),
    Act(status=429, headers={"Retry-After": "0.3"}),
    Act(status=503, headers={"Retry-After": "soon"}),
    Act(raw=b"data: {nonsense\n\n"),
    Act(raw=b'data: ["no object"]\n\n'),
    Act(raw=b'data: {"error": {"message": "CUDA error", "code": 500}}\n\n'),
    Act(raw=b"data: " + b"x" * (1 << 20)),
    Act(raw=b"\n"),
    Act((), ends="cut"),
    Act(("s",), ends="cut"),  # held back: a mark might follow
]


def answer(engine: RemoteEngine, text: str = "salam khoya") -> Completion:
    stream = engine.submit(ask(text))
    assert "".join(piece.text for piece in stream) == stream.completion.text
    return stream.completion


@pytest.mark.parametrize("act", BEFORE_TEXT, ids=lambda act: str(act.status) + act.ends)
def test_what_fails_before_any_text_is_tried_again(
    server: Server, connect: EngineMaker, act: Act
) -> None:
    server.script.append(act)
    engine = connect(server)
    assert answer(engine).text == "salam khoya "
    assert len(server.requests) == 2


def test_a_server_that_asks_to_wait_is_not_asked_before(
    server: Server, connect: EngineMaker
) -> None:
    engine = connect(server)
    server.script.append(Act(status=429, headers={"Retry-After": "1.5"}))
    began = time.monotonic()
    assert answer(engine).text == "salam khoya "
    assert time.monotonic() - began > 1.4


def test_who_is_asked_to_wait_again_and_again_waits(server: Server, connect: EngineMaker) -> None:
    engine = connect(server, retries=0)
    server.script.extend([Act(status=429, headers={"Retry-After": "0"})] * 3)
    assert answer(engine).text == "salam khoya "


def test_text_that_was_shown_is_never_made_again(server: Server, connect: EngineMaker) -> None:
    engine = connect(server)
    server.script.append(Act(("one ", "two ", "three "), ends="cut"))
    stream = engine.submit(ask("salam"))
    shown: list[str] = []
    with pytest.raises(EngineError, match="broke|cut"):
        shown.extend(piece.text for piece in stream)
    with pytest.raises(EngineError):  # again, and at once
        list(stream)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("act", "patience", "says"),
    [
        (Act(first_wait_s=30), {"first_token_s": 0.3}, "no first token"),
        (Act(wait_s=30), {"between_tokens_s": 0.3}, "no further token"),
        (Act(("a ",) * 90, wait_s=0.1), {"whole_s": 0.6}, "no whole answer"),
    ],
)
def test_patience_ends(
    server: Server, connect: EngineMaker, act: Act, patience: dict[str, float], says: str
) -> None:
    engine = connect(server, retries=0, **patience)
    server.script.append(act)
    with pytest.raises(EngineError, match=says):
        list(engine.submit(ask("salam khoya")))


def test_after_all_tries_the_answer_fails_and_the_next_may_go_well(
    server: Server, connect: EngineMaker
) -> None:
    engine = connect(server, retries=1)
    server.script.extend([Act(status=500), Act(status=500)])
    with pytest.raises(EngineError, match="HTTP 500"):
        answer(engine)
    assert answer(engine).text == "salam khoya "


def test_a_cancel_closes_the_connection_at_once(server: Server, connect: EngineMaker) -> None:
    engine = connect(server)
    server.script.append(Act(("one ", "two "), ends="hangs"))
    stream = engine.submit(ask("salam"))
    pieces = iter(stream)
    shown = next(pieces).text
    stream.cancel()
    shown += "".join(piece.text for piece in pieces)
    assert (stream.completion.text, stream.completion.finish_reason) == (shown, "cancelled")
    until_equal(lambda: server.broken_off, 1)


def test_a_cancel_before_the_first_token_and_after_the_end(
    server: Server, connect: EngineMaker
) -> None:
    engine = connect(server)
    server.script.extend([Act(first_wait_s=60)] * 2)
    waiting = engine.submit(ask("salam"))
    until_equal(lambda: len(server.requests), 1)
    for stream in (waiting, engine.submit(ask("salam"))):
        stream.cancel()
        assert list(stream) == []
        assert stream.completion.finish_reason == "cancelled"
    server.script.clear()
    done = engine.submit(ask("salam"))
    list(done)
    done.cancel()
    assert done.completion.finish_reason == "stop"


def test_an_answer_moves_to_another_server_while_nothing_was_shown(
    serve: ServerMaker, connect: EngineMaker
) -> None:
    first, second = serve(), serve()
    engine = connect(first, second, first_token_s=0.5)
    both_there(engine)
    for server in (first, second):
        server.script.append(Act(first_wait_s=30))
    assert answer(engine).text == "salam khoya "
    assert len(first.requests) + len(second.requests) >= 2


def test_a_dead_server_is_left_out_and_comes_back(serve: ServerMaker, connect: EngineMaker) -> None:
    first, second = serve(), serve()
    engine = connect(first, second)
    both_there(engine)
    port = first.port
    first.stop()
    assert {answer(engine, f"salam {n}").finish_reason for n in range(20)} == {"stop"}
    assert len(second.requests) >= 20
    first.start(port)
    both_there(engine)
    first.requests.clear()
    for n in range(20):
        answer(engine, f"salam {n}")
    assert first.requests


def test_a_server_that_answers_only_errors_must_prove_itself(
    server: Server, connect: EngineMaker
) -> None:
    engine = connect(server, retries=2, first_token_s=1.0)
    server.works = False
    server.script.extend([Act(status=500)] * 3)
    with pytest.raises(EngineError):
        answer(engine)
    until_equal(lambda: server.greeted > 2, True)
    with pytest.raises(EngineError, match="no server"):
        answer(engine)
    assert len(server.requests) == 3  # nobody was sent to it meanwhile


def test_an_answer_waits_for_a_server_that_comes_back(server: Server, connect: EngineMaker) -> None:
    engine = connect(server)
    port = server.port
    server.stop()
    stream = engine.submit(ask("salam"))
    threading.Timer(1.0, server.start, (port,)).start()
    assert "".join(piece.text for piece in stream) == "salam "


def test_a_conversation_stays_with_its_server_and_all_together_use_both(
    serve: ServerMaker, connect: EngineMaker
) -> None:
    first, second = serve(), serve()
    engine = connect(first, second)
    both_there(engine)
    for n in range(16):
        answer(engine, f"salam {n % 8}")
    for server in (first, second):
        asked = sorted(str(request["messages"]) for request in server.requests)
        assert len(asked) % 2 == 0
        assert all(a == b for a, b in list(pairwise(asked))[::2])
    assert first.requests and second.requests


def test_a_crowd_spreads_over_the_servers(serve: ServerMaker, connect: EngineMaker) -> None:
    first, second = serve(), serve()
    engine = connect(first, second)
    both_there(engine)
    for server in (first, second):
        server.script.extend([Act(first_wait_s=0.5)] * 40)
    streams = [engine.submit(ask("salam")) for _ in range(40)]  # all of one kind
    for stream in streams:
        list(stream)
    assert min(len(first.requests), len(second.requests)) >= 12


def test_the_key_is_sent_and_never_told(
    serve: ServerMaker, connect: EngineMaker, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server = serve(key="hunter2")
    engine = connect(server, api_key="hunter2")
    answer(engine)
    with pytest.raises(ModelLoadFailed, match="HTTP 401: wrong key") as failed:
        connect(server, api_key="hunter3")
    assert "hunter" not in caplog.text + str(failed.value) + repr(engine.__dict__)


def test_what_waiting_cannot_mend_ends_the_start_at_once(
    server: Server, connect: EngineMaker
) -> None:
    with pytest.raises(ModelLoadFailed, match="HTTP 404: The model `nobody`"):
        connect(server, model="nobody", start_s=60)


def test_a_server_that_is_still_starting_is_waited_for(
    server: Server, connect: EngineMaker
) -> None:
    port = server.port
    server.stop()
    with pytest.raises(ModelLoadFailed, match="[Cc]onnect"):
        connect(server, start_s=0.3)
    server.start(port)
    server.works = False
    began = time.monotonic()
    threading.Timer(1.0, setattr, (server, "works", True)).start()
    engine = connect(server)
    assert time.monotonic() - began > 1.0
    assert answer(engine).text == "salam khoya "


def test_a_server_that_takes_the_connection_and_says_nothing(connect: EngineMaker) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        dumb = Server()
        dumb.url = f"http://127.0.0.1:{silent.getsockname()[1]}/v1"
        with pytest.raises(ModelLoadFailed, match="no answer yet"):
            connect(dumb, start_s=0.5)
        dumb.close()


def both_there(engine: RemoteEngine) -> None:
    until_equal(lambda: all(one.present for one in engine._endpoints.all), True)


def until_equal(value: object, wanted: object, timeout_s: float = 20) -> None:
    """Wait for what another thread brings about."""
    assert callable(value)
    deadline = time.monotonic() + timeout_s
    while value() != wanted:
        assert time.monotonic() < deadline
        time.sleep(0.02)
