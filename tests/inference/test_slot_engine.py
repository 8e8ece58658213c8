"""The engine's promises: order, cancel, seeds, stop strings, failures that stay where they are."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import torch

from inference.engine import ChatMessage, CompletionRequest, Engine, Sampling
from inference.errors import EngineDied, EngineError, InvalidRequest, PromptTooLong
from inference.loading import Checkpoint
from inference.slots import scheduler
from inference.slots.batch import Batch
from inference.stream import QueuedStream

from .conftest import EngineMaker

QUESTION = "salam, bch7al had tajin?"


def ask(text: str = QUESTION, tokens: int = 24, **sampling: object) -> CompletionRequest:
    settings = Sampling(max_new_tokens=tokens, **sampling)  # type: ignore[arg-type]
    return CompletionRequest((ChatMessage("user", text),), settings)


def text_of(stream: QueuedStream) -> str:
    return "".join(piece.text for piece in stream)


@contextmanager
def failing(
    checkpoint: Checkpoint,
    when: Callable[[Batch], bool],
    error: type[BaseException] = RuntimeError,
) -> Iterator[None]:
    """The model itself raises for every pass that fulfils `when`."""

    def stumble(module: object, args: object, kwargs: dict[str, object]) -> None:
        batch = kwargs["batch"]
        assert isinstance(batch, Batch)
        if when(batch):
            raise error("stumbled")

    hook = checkpoint.model.register_forward_pre_hook(stumble, with_kwargs=True)
    try:
        yield
    finally:
        hook.remove()


def test_pieces_count_the_tokens_and_add_up_to_the_completion(
    checkpoint: Checkpoint, start: EngineMaker
) -> None:
    engine: Engine = start(checkpoint)
    stream = engine.submit(ask())
    pieces = list(stream)
    assert "".join(piece.text for piece in pieces) == stream.completion.text != ""
    assert [p.tokens for p in pieces] == sorted(p.tokens for p in pieces)
    assert pieces[-1].tokens <= stream.completion.completion_tokens <= 24
    assert stream.completion.prompt_tokens > 10
    assert list(stream) == []


def test_the_same_seed_gives_the_same_text_alone_and_in_company(
    checkpoint: Checkpoint, start: EngineMaker
) -> None:
    engine = start(checkpoint, slots=5)
    request = ask(temperature=0.9, top_p=0.95, top_k=40, repetition_penalty=1.2, seed=123)
    alone = text_of(engine.submit(request))
    for company in range(1, 5):
        others = [
            engine.submit(ask(QUESTION * n, seed=n, temperature=1.0)) for n in range(1, company + 1)
        ]
        assert text_of(engine.submit(request)) == alone
        for other in others:
            other.cancel()
    assert text_of(engine.submit(ask(temperature=0.9, seed=124))) != alone


def test_without_a_seed_answers_differ(checkpoint: Checkpoint, start: EngineMaker) -> None:
    engine = start(checkpoint)
    assert len({text_of(engine.submit(ask(temperature=2.0))) for _ in range(4)}) > 1


def test_a_stop_string_ends_the_answer_and_is_not_in_it(
    checkpoint: Checkpoint, start: EngineMaker
) -> None:
    engine = start(checkpoint)
    whole = text_of(engine.submit(ask()))
    for at in range(3, min(len(whole) - 4, 12)):
        stop = whole[at : at + 4]
        stream = engine.submit(ask(stop=(stop,)))
        assert text_of(stream) == whole[: whole.find(stop)]
        assert stream.completion.finish_reason == "stop"


def test_an_end_token_ends_the_answer(checkpoint: Checkpoint, start: EngineMaker) -> None:
    engine = start(checkpoint, slots=12)
    endings = set()
    asked = [ask(tokens=200, temperature=3.0, seed=seed) for seed in range(12)]
    for stream in [*map(engine.submit, asked)]:  # untrained, it says the end token by chance alone
        text_of(stream)
        endings.add((stream.completion.finish_reason, stream.completion.completion_tokens < 150))
    assert ("stop", True) in endings


def test_a_cancelled_answer_ends_soon_and_keeps_what_was_shown(
    checkpoint: Checkpoint, start: EngineMaker
) -> None:
    engine = start(checkpoint, slots=1)
    running = engine.submit(ask(tokens=200, temperature=0.1, seed=3))
    waiting = engine.submit(ask())
    shown = next(iter(running)).text
    waiting.cancel()
    running.cancel()
    shown += text_of(running)
    assert running.completion.finish_reason == "cancelled" == _reason(waiting)
    assert running.completion.text == shown and waiting.completion.text == ""
    assert text_of(engine.submit(ask())) != ""


def _reason(stream: QueuedStream) -> str:
    list(stream)
    return stream.completion.finish_reason


def test_bad_requests_are_refused_before_they_disturb_anyone(
    checkpoint: Checkpoint, start: EngineMaker
) -> None:
    engine = start(checkpoint)
    good = engine.submit(ask(tokens=60))
    with pytest.raises(InvalidRequest):
        engine.submit(ask(temperature=-1.0))
    with pytest.raises(InvalidRequest):
        engine.submit(CompletionRequest(()))
    with pytest.raises(PromptTooLong):
        engine.submit(ask("كلمة " * 300))
    assert text_of(good) == text_of(engine.submit(ask(tokens=60)))


def test_a_row_that_cannot_be_computed_fails_alone(
    checkpoint: Checkpoint, start: EngineMaker
) -> None:
    engine = start(checkpoint)
    poison = checkpoint.tokenizer.encode("@", add_special_tokens=False)[0]
    questions = [f"Hello {n}, what can I do?" for n in range(3)]
    expected = [text_of(engine.submit(ask(q, tokens=4))) for q in questions]
    with failing(checkpoint, when=lambda batch: poison in batch.ids):
        bad = engine.submit(ask("@ @ @ @ @ @ @ @"))
        streams = [engine.submit(ask(q, tokens=4)) for q in questions]
        with pytest.raises(EngineError):
            list(bad)
        with pytest.raises(EngineError):  # asking again does not hang
            list(bad)
        assert [text_of(stream) for stream in streams] == expected


def test_the_engine_survives_a_model_that_fails_for_a_while(
    checkpoint: Checkpoint, start: EngineMaker
) -> None:
    engine = start(checkpoint)
    expected = text_of(engine.submit(ask()))
    with failing(checkpoint, when=lambda batch: True):
        streams = [engine.submit(ask()) for _ in range(6)]
        for stream in streams:
            with pytest.raises(EngineError, match="could not compute"):
                list(stream)
    assert text_of(engine.submit(ask())) == expected


def test_rows_that_fail_only_together_are_all_answered(
    checkpoint: Checkpoint, start: EngineMaker
) -> None:
    engine = start(checkpoint)
    expected = text_of(engine.submit(ask()))
    with failing(checkpoint, when=lambda batch: len(batch.parts) > 1):
        streams = [engine.submit(ask()) for _ in range(3)]
        assert {text_of(stream) for stream in streams} == {expected}


def test_one_that_makes_no_numbers_leaves_none_behind(
    checkpoint: Checkpoint, start: EngineMaker
) -> None:
    """What it stored is wiped: a NaN would show through a mask."""
    engine = start(checkpoint, slots=2)
    expected = text_of(engine.submit(ask()))
    embeddings = checkpoint.model.get_input_embeddings()
    hook = embeddings.register_forward_hook(lambda *_: torch.full_like(_[2], torch.nan))
    with pytest.raises(EngineError, match="no numbers"):
        text_of(engine.submit(ask("Hello, what can I do for you today? " * 3)))
    hook.remove()
    assert all(bool(tensor.isfinite().all()) for tensor in engine._runner.pool._tensors())
    assert text_of(engine.submit(ask())) == expected


def test_steps_that_are_too_much_memory_become_shorter_and_nobody_is_lost(
    checkpoint: Checkpoint, start: EngineMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler, "RECOVERY_STEPS", 8)
    questions = [f"Hello {n}, what can I do for you today?" for n in range(6)]
    expected = [text_of(stream) for stream in map(start(checkpoint).submit, map(ask, questions))]
    engine = start(checkpoint, slots=6)
    with failing(checkpoint, lambda batch: len(batch.ids) > 4, torch.OutOfMemoryError):
        streams = [engine.submit(ask(question)) for question in questions]
        assert [text_of(stream) for stream in streams] == expected
        shrinks = engine.figures.shrinks
        assert 2 <= shrinks < 60
    longest = 0

    def measure(module: object, args: object, kwargs: dict[str, Batch]) -> None:
        nonlocal longest
        longest = max(longest, len(kwargs["batch"].ids))

    hook = checkpoint.model.register_forward_pre_hook(measure, with_kwargs=True)
    for _ in range(3):  # many steps that go well
        streams = [engine.submit(ask(question, min_new_tokens=20)) for question in questions]
        assert all(text_of(stream) for stream in streams)
    hook.remove()
    assert longest == 6 and engine.figures.shrinks == shrinks


def test_what_is_too_much_memory_alone_fails_alone(
    checkpoint: Checkpoint, start: EngineMaker
) -> None:
    engine = start(checkpoint)
    poison = checkpoint.tokenizer.encode("@", add_special_tokens=False)[0]
    expected = text_of(engine.submit(ask()))
    with failing(checkpoint, lambda batch: poison in batch.ids, torch.OutOfMemoryError):
        bad, good = engine.submit(ask("@ @ @ @ @ @ @ @")), engine.submit(ask())
        with pytest.raises(EngineError):
            list(bad)
        assert text_of(good) == expected


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_engine_whose_thread_dies_fails_its_answers_and_refuses_new_ones(
    checkpoint: Checkpoint, start: EngineMaker
) -> None:
    engine = start(checkpoint, slots=1)
    asked = threading.Event()
    with failing(checkpoint, lambda batch: asked.wait(60), SystemExit):
        streams = [engine.submit(ask()) for _ in range(3)]
        asked.set()
        for stream in streams:
            with pytest.raises(EngineError, match="died"):
                list(stream)
    with pytest.raises(EngineError, match="died"):
        engine.submit(ask())


@pytest.mark.timeout(60)
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_engine_whose_memory_cannot_be_wiped_has_died(
    checkpoint: Checkpoint, start: EngineMaker
) -> None:
    """As after a fault on a GPU every use of the pool fails, that of wiping a failed row too."""
    engine = start(checkpoint, slots=2)
    text_of(engine.submit(ask()))
    layers = engine._runner.pool._layers
    for index, (keys, values) in layers.items():  # torch refuses to write to such tensors
        layers[index] = keys[:, :1].expand_as(keys), values[:, :1].expand_as(values)
    asked = threading.Event()
    with failing(checkpoint, lambda batch: not asked.wait(60)):  # the first pass waits for all
        streams = [engine.submit(ask()) for _ in range(3)]
        asked.set()
        for stream in streams:
            with pytest.raises(EngineDied):
                list(stream)
    with pytest.raises(EngineDied):
        engine.submit(ask())


def test_an_answer_has_at_least_as_many_tokens_as_asked_for(
    checkpoint: Checkpoint, start: EngineMaker
) -> None:
    engine = start(checkpoint)
    asked = [ask(tokens=80, temperature=3.0, seed=n, min_new_tokens=70) for n in range(6)]
    for stream in [*map(engine.submit, asked)]:
        text_of(stream)
        assert stream.completion.completion_tokens >= 70


def test_more_requests_than_slots_are_all_answered_alike(
    checkpoint: Checkpoint, start: EngineMaker
) -> None:
    engine = start(checkpoint, slots=2)
    texts: list[str] = []
    threads = [
        threading.Thread(target=lambda: texts.append(text_of(engine.submit(ask()))))
        for _ in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(texts) == 12 and len(set(texts)) == 1


def test_closing_ends_open_answers_with_an_error_and_refuses_new_ones(
    checkpoint: Checkpoint, start: EngineMaker
) -> None:
    engine = start(checkpoint, slots=1)
    streams = [engine.submit(ask(tokens=200)) for _ in range(3)]
    engine.close()
    for stream in streams[1:]:
        with pytest.raises(EngineError, match="closed"):
            list(stream)
    with pytest.raises(EngineError, match="closed"):
        engine.submit(ask())
    engine.close()


def test_an_idle_engine_sleeps(checkpoint: Checkpoint, start: EngineMaker) -> None:
    engine = start(checkpoint)
    text_of(engine.submit(ask(tokens=2)))
    before = time.process_time()
    time.sleep(0.4)
    assert time.process_time() - before < 0.2
