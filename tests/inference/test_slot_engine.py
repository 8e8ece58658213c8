"""The engine's promises: order, cancel, seeds, stop strings, failures that stay where they are."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from inference.engine import ChatMessage, CompletionRequest, Engine, Sampling
from inference.errors import EngineError, InvalidRequest, PromptTooLong
from inference.history import Fit
from inference.loading import Checkpoint
from inference.slots.batch import Batch
from inference.slots.row import Row
from inference.slots.scheduler import Scheduler
from inference.stream import QueuedStream
from inference.slots.table import SlotTable

from .conftest import EngineMaker

QUESTION = "salam, bch7al had tajin?"


def ask(text: str = QUESTION, tokens: int = 24, **sampling: object) -> CompletionRequest:
    settings = Sampling(max_new_tokens=tokens, **sampling)  # type: ignore[arg-type]
    return CompletionRequest((ChatMessage("user", text),), settings)


def text_of(stream: QueuedStream) -> str:
    return "".join(piece.text for piece in stream)


@contextmanager
def failing(checkpoint: Checkpoint, when: Callable[[Batch], bool]) -> Iterator[None]:
    """The model itself raises for every pass that fulfils `when`."""

    def stumble(module: object, args: object, kwargs: dict[str, object]) -> None:
        batch = kwargs["batch"]
        assert isinstance(batch, Batch)
        if when(batch):
            raise RuntimeError("stumbled")

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
    engine = start(checkpoint)
    endings = set()
    for seed in range(12):  # an untrained model says the end token by chance alone
        stream = engine.submit(ask(tokens=200, temperature=3.0, seed=seed))
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


def row(tokens: int) -> Row:
    return Row(Fit(tuple(range(tokens)), 5, 0), Sampling(), 0)


def test_rows_wait_in_order_of_arrival() -> None:
    scheduler = Scheduler(slots=1, step_tokens=8)
    rows = [row(3) for _ in range(3)]
    for one in rows:
        scheduler.add(one)
    for one in rows:
        assert [part.row for part in scheduler.plan()] == [one]
        scheduler.remove(one)
    assert scheduler.idle and scheduler.plan() == []


def test_answers_go_on_while_a_long_prompt_is_read_in_pieces() -> None:
    scheduler = Scheduler(slots=3, step_tokens=8)
    answering, long, late = row(4), row(20), row(2)
    scheduler.add(answering)
    scheduler.plan()
    answering.stored = 4
    answering.ids.append(1)
    scheduler.add(long)
    scheduler.add(late)
    assert [(p.row, p.count) for p in scheduler.plan()] == [(answering, 1), (long, 7)]


def test_a_free_slot_is_reused_for_what_it_holds_else_the_oldest_is_taken() -> None:
    table = SlotTable(3)
    history = list(range(100, 140))
    slots = [table.take([n])[0] for n in range(3)]
    table.release(slots[1], [7])
    table.release(slots[0], history)
    table.release(slots[2], [8])
    assert table.take([*history[:30], 5, 6]) == (slots[0], 30)
    assert table.take(history) == (slots[1], 0)
    table.release(slots[0], history)
    assert table.take([9]) == (slots[2], 0)
    assert table.take(history) == (slots[0], len(history) - 1)
    assert not table.has_free
