"""Users and prompts share an engine: nobody is passed over, and no long prompt stops a stream.

Counted in passes of the model, so that the machine's speed does not matter.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from inference.engine import ChatMessage, CompletionRequest, Sampling
from inference.loading import Checkpoint
from inference.slots.batch import Batch
from inference.slots.row import Row

from .conftest import EngineMaker

SLOTS, STEP_TOKENS = 2, 48
LONG = "كلمة سلام؟ " * 270
Passes = list[dict[Row, int]]


def ask(text: str, user: str, tokens: int) -> CompletionRequest:
    sampling = Sampling(max_new_tokens=tokens, min_new_tokens=tokens)
    return CompletionRequest((ChatMessage("user", text),), sampling, user=user)


@contextmanager
def watched(checkpoint: Checkpoint, begin: threading.Event) -> Iterator[Passes]:
    """How many tokens of each row every pass feeds; the first one waits for `begin`."""
    passes: Passes = []

    def note(module: object, args: object, kwargs: dict[str, Batch]) -> None:
        begin.wait(60)
        passes.append({part.row: part.count for part in kwargs["batch"].parts})

    hook = checkpoint.model.register_forward_pre_hook(note, with_kwargs=True)
    try:
        yield passes
    finally:
        hook.remove()


def test_a_newcomer_waits_for_a_slot_and_not_for_all_that_another_user_asked(
    checkpoint: Checkpoint, start: EngineMaker
) -> None:
    engine = start(checkpoint, slots=SLOTS)
    begin = threading.Event()
    with watched(checkpoint, begin) as passes:
        streams = [engine.submit(ask(f"salam {n}", "busy", 4)) for n in range(12)]
        streams.append(engine.submit(ask("Bonjour", "newcomer", 4)))
        begin.set()
        assert all(list(stream) for stream in streams)
    users = [row.user for row in dict.fromkeys(row for one in passes for row in one)]
    # who came first has the slots, and perhaps one turn more
    assert len(users) == 13 and users.index("newcomer") <= SLOTS + 1


def test_a_long_prompt_stops_nobodys_stream(checkpoint: Checkpoint, start: EngineMaker) -> None:
    """Each stream gets a token with every pass, and the prompt the rest of it."""
    wide = replace(checkpoint, context_tokens=4096)
    engine = start(wide, slots=SLOTS + 2, step_tokens=STEP_TOKENS)
    begin = threading.Event()
    with watched(checkpoint, begin) as passes:
        talking = [engine.submit(ask(f"salam {n}", f"user {n}", 100)) for n in range(3)]
        long = engine.submit(ask(LONG, "reader", 2))
        begin.set()
        assert all(list(stream) for stream in [*talking, long])
    assert long.completion.prompt_tokens > 1500
    reading = [i for i, one in enumerate(passes) if any(r.user == "reader" for r in one)]
    assert len(reading) > 1500 // STEP_TOKENS
    assert all(sum(one.values()) <= STEP_TOKENS for one in passes)
    for user in ("user 0", "user 1", "user 2"):
        fed = [i for i, one in enumerate(passes) if any(r.user == user for r in one)]
        assert fed == list(range(fed[0], fed[-1] + 1))
        assert fed[-1] > reading[-1]
        assert len(fed) - 100 < 4  # its own prompt is short
