"""The echo engine is real code: it streams, can be cancelled, closed and subclassed."""

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from inference.echo import EchoEngine
from inference.engine import ChatMessage, CompletionRequest, Engine, Sampling
from inference.errors import EngineError, InvalidRequest, PromptTooLong


def ask(text: str, max_new_tokens: int = 256) -> CompletionRequest:
    sampling = Sampling(max_new_tokens=max_new_tokens)
    return CompletionRequest((ChatMessage("user", text),), sampling)


def test_it_answers_with_the_users_words_one_by_one() -> None:
    engine: Engine = EchoEngine("echo")
    stream = engine.submit(ask("سلام كيف  داير"))
    assert [piece.text for piece in stream] == ["سلام ", "كيف  ", "داير"]
    assert stream.completion.text == "سلام كيف  داير"
    assert stream.completion.finish_reason == "stop"


def test_a_prefix_is_part_of_the_answer() -> None:
    stream = EchoEngine(prefix="echo: ").submit(ask("hi"))
    assert "".join(piece.text for piece in stream) == stream.completion.text == "echo: hi"


def test_it_ends_at_the_token_limit() -> None:
    stream = EchoEngine().submit(ask("one two three", max_new_tokens=2))
    list(stream)
    assert (stream.completion.text, stream.completion.finish_reason) == ("one two ", "length")


def test_an_answer_as_long_as_the_limit_is_whole() -> None:
    stream = EchoEngine().submit(ask("one two", max_new_tokens=2))
    list(stream)
    assert stream.completion.finish_reason == "stop"


def test_a_message_longer_than_the_window_is_refused_or_loses_its_middle() -> None:
    engine, request = EchoEngine(context_tokens=3), ask("one two three four")
    with pytest.raises(PromptTooLong):
        engine.submit(request)
    stream = engine.submit(replace(request, cuts=True))
    list(stream)
    assert (stream.completion.text, stream.completion.cut) == ("one two […] four", True)
    stream = engine.submit(replace(ask("one two three"), cuts=True))
    list(stream)
    assert (stream.completion.text, stream.completion.cut) == ("one two three", False)


def test_a_cancelled_answer_ends_at_once() -> None:
    stream = EchoEngine(delay_s=600).submit(ask("one two"))
    threading.Timer(0.05, stream.cancel).start()
    assert list(stream) == []
    assert stream.completion.finish_reason == "cancelled"


def test_closing_ends_open_answers_with_an_error_and_refuses_new_ones() -> None:
    engine = EchoEngine(delay_s=600)
    stream = engine.submit(ask("one two"))
    threading.Timer(0.05, engine.close).start()
    with pytest.raises(EngineError):
        list(stream)
    with pytest.raises(EngineError):
        engine.submit(ask("three"))


def test_requests_it_cannot_answer_are_refused() -> None:
    engine = EchoEngine(context_tokens=2)
    with pytest.raises(PromptTooLong):
        engine.submit(ask("one two three"))
    with pytest.raises(InvalidRequest):
        engine.submit(CompletionRequest((ChatMessage("assistant", "hi"),)))


def test_the_completion_is_not_there_before_the_end() -> None:
    with pytest.raises(RuntimeError):
        _ = EchoEngine().submit(ask("hi")).completion


def test_a_subclass_may_fail_on_the_way() -> None:
    class Breaking(EchoEngine):
        def words(self, answer: str) -> Iterator[str]:
            yield answer[:2]
            raise EngineError("as asked")

    pieces = iter(Breaking().submit(ask("hello")))
    assert next(pieces).text == "he"
    with pytest.raises(EngineError, match="as asked"):
        next(pieces)
