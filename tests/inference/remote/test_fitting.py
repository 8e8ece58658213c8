"""Conversations made to fit a server's window without its tokenizer."""

from dataclasses import replace

import pytest

from inference.errors import PromptTooLong
from inference.remote import endpoint
from inference.remote.estimate import Estimate

from .conftest import EngineMaker, ServerMaker, ask
from .server import Act

OLD_TURNS = 9
LONG = "كلمات " * 20  # twenty tokens to our server, 220 bytes


def history(newest: str = "salam", turns: int = OLD_TURNS) -> tuple[str, ...]:
    return (*(LONG for _ in range(2 * turns)), newest)


def test_a_server_that_counts_gets_as_much_as_fits(
    serve: ServerMaker, connect: EngineMaker
) -> None:
    server = serve(window=200)
    stream = connect(server).submit(ask(*history(), max_new_tokens=20))
    list(stream)
    kept = OLD_TURNS - stream.completion.dropped_turns
    assert kept == 4  # 40 tokens each, 180 for the prompt
    assert len(server.requests) == 1
    assert server.counted == 1
    messages = server.requests[0]["messages"]
    assert [message["role"] for message in messages] == ["user", "assistant"] * kept + ["user"]
    assert messages[-1]["content"] == "salam"


@pytest.mark.parametrize("count", [b"{nonsense", b"\xff", b"[]", b'{"count": -1}', b"true"])
def test_a_server_that_counts_wrongly_is_taken_for_one_that_does_not(
    serve: ServerMaker, connect: EngineMaker, count: bytes
) -> None:
    server = serve(window=200)
    server.count = count
    stream = connect(server).submit(ask(*history(), max_new_tokens=20))
    list(stream)
    assert stream.completion.text == "salam "
    assert stream.completion.dropped_turns > 0
    assert (server.counted, len(server.requests)) == (1, 1)


def test_a_server_that_counts_slowly_is_not_given_up(
    serve: ServerMaker, connect: EngineMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoint, "COUNT_S", 0.2)
    server = serve(window=200)
    server.count_wait_s = 30
    stream = connect(server, retries=0).submit(ask(*history(), max_new_tokens=20))
    list(stream)
    assert stream.completion.text == "salam "
    assert (server.counted, server.greeted) == (1, 1)  # not greeted anew: it never left


def test_a_server_that_does_not_count_is_learned_from(
    serve: ServerMaker, connect: EngineMaker
) -> None:
    server = serve(window=300, tokenizes=False)
    engine = connect(server, server="openai")
    kept = []
    for _ in range(2):
        stream = engine.submit(ask(*history(), max_new_tokens=20))
        list(stream)
        kept.append(OLD_TURNS - stream.completion.dropped_turns)
    assert kept == [1, 6]  # 40 tokens each, 280 for the prompt, of which a tenth is left free
    assert len(server.requests) == 2


def test_fewer_turns_are_sent_until_the_server_takes_them(
    serve: ServerMaker, connect: EngineMaker
) -> None:
    server = serve(window=200, tokenizes=False)
    engine = connect(server, server="openai", context_tokens=100_000)
    stream = engine.submit(ask(*history(), max_new_tokens=20))
    list(stream)
    assert stream.completion.text == "salam "
    assert stream.completion.dropped_turns in range(5, 9)
    assert len(server.requests) <= 4


def test_a_long_newest_message_presses_the_answer_first(
    serve: ServerMaker, connect: EngineMaker
) -> None:
    server = serve(window=200)
    stream = connect(server).submit(ask("salam " * 150, max_new_tokens=90))
    list(stream)
    assert [request["max_tokens"] for request in server.requests] == [90, 25]
    assert stream.completion.finish_reason == "length"


def test_a_message_that_alone_is_too_long_is_said_to_be(
    serve: ServerMaker, connect: EngineMaker
) -> None:
    server = serve(window=200)
    engine = connect(server)
    with pytest.raises(PromptTooLong):
        list(engine.submit(ask(*history("salam " * 300))))
    assert list(engine.submit(ask("salam")))


def test_a_message_that_alone_is_too_long_is_cut_where_that_is_wished(
    serve: ServerMaker, connect: EngineMaker
) -> None:
    server = serve(window=200)
    text = " ".join(str(number) for number in range(400))
    stream = connect(server).submit(replace(ask(*history(text), max_new_tokens=20), cuts=True))
    list(stream)
    done = stream.completion
    assert (done.cut, done.dropped_turns, done.completion_tokens) == (True, OLD_TURNS, 20)
    (message,) = server.requests[-1]["messages"]
    assert message["content"].startswith("0 1 2 3 ")
    assert message["content"].endswith(" 398 399")
    assert len(message["content"].split()) in range(90, 181)


@pytest.mark.parametrize(
    "words",
    [
        "'max_tokens' or 'max_completion_tokens' is too large: 90. This model's maximum context "
        "length is 80 tokens and your request has 30 input tokens (90 > 80 - 30).",
        "The decoder prompt (length 300) is longer than the maximum model length of 200.",
        "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 2048. Given: 2000",
        "Input validation error: `inputs` must have less than 1024 tokens. Given: 1100",
        "the request exceeds the available context size. try increasing the context size",
        "The input (300 tokens) is longer than the model's context length (200 tokens).",
    ],
)
def test_servers_of_every_kind_say_too_long_in_their_words(
    serve: ServerMaker, connect: EngineMaker, words: str
) -> None:
    server = serve()
    server.script.append(Act(status=400, error=words))
    stream = connect(server).submit(ask("old", "turn", "salam"))
    list(stream)
    assert (stream.completion.text, stream.completion.dropped_turns) == ("salam ", 1)


def test_an_estimate_begins_with_the_worst_and_keeps_to_the_worst_it_saw() -> None:
    estimate = Estimate()
    assert estimate.tokens(len(LONG.encode())) >= len(LONG.replace(" ", ""))
    estimate.learn(10, 9)  # a short prompt is mostly template
    assert estimate.tokens(1000) == 501
    for tokens in (200, 250, 210):
        estimate.learn(1000, tokens)
    assert 250 < estimate.tokens(1000) < 300
