"""Greedy answers are those of transformers' own `generate`, whoever else is being answered."""

import random
import threading

import pytest
import torch
from hypothesis import HealthCheck, Phase, given, settings, strategies
from transformers import AttentionInterface, AutoModelForCausalLM, PreTrainedModel

from inference.engine import ChatMessage, CompletionRequest, Sampling
from inference.formats import make_format
from inference.history import Fit
from inference.loading import Checkpoint
from inference.prompt import PromptWriter
from inference.slots import attention, batch
from inference.slots.open import start_engine
from inference.stream import QueuedStream

from .conftest import CORPUS, EngineMaker, kv_bytes

WORDS = " ".join(CORPUS).split()
ANSWER_TOKENS = 24

Answered = tuple[str, int]


def questions(count: int, seed: int) -> list[CompletionRequest]:
    """Prompts of very different lengths, up to far beyond the sliding window."""
    chance = random.Random(seed)
    return [
        CompletionRequest(
            (ChatMessage("user", " ".join(chance.choices(WORDS, k=chance.choice([1, 3, 9, 25])))),),
            Sampling(
                max_new_tokens=(most := chance.randint(1, ANSWER_TOKENS)),
                min_new_tokens=chance.choice([0, 0, most // 2]),
                repetition_penalty=chance.choice([1.0, 1.0, 1.3]),
            ),
        )
        for _ in range(count)
    ]


class Reference:
    """`generate` on a second copy of the checkpoint, with transformers' own attention."""

    def __init__(self, checkpoint: Checkpoint) -> None:
        self._model: PreTrainedModel = AutoModelForCausalLM.from_pretrained(
            checkpoint.card.source, attn_implementation="eager"
        )
        self._tokenizer = checkpoint.tokenizer
        self._known: dict[tuple[CompletionRequest, int], tuple[str, int]] = {}
        self.writer = PromptWriter(
            make_format(checkpoint.card, checkpoint.tokenizer),
            checkpoint.tokenizer,
            checkpoint.context_tokens,
            checkpoint.end_ids,
        )

    def answer(self, request: CompletionRequest, writer: PromptWriter | None = None) -> Answered:
        """The text and how many tokens it is; `writer` for a window that is not the model's."""
        writer = writer or self.writer
        key = request, writer.context_tokens
        if key not in self._known:
            self._known[key] = self._generate(writer.write(request), request.sampling)
        return self._known[key]

    def _generate(self, prompt: Fit, sampling: Sampling) -> Answered:
        output = self._model.generate(  # type: ignore[operator]
            torch.tensor([prompt.ids]),
            attention_mask=torch.ones(1, len(prompt.ids), dtype=torch.long),
            max_new_tokens=prompt.max_new_tokens,
            min_new_tokens=sampling.min_new_tokens or None,
            repetition_penalty=sampling.repetition_penalty,
            do_sample=False,
            eos_token_id=sorted(self.writer.end_ids),
        )
        ids = output[0, len(prompt.ids) :].tolist()
        text = str(self._tokenizer.decode(ids, skip_special_tokens=True))
        return text.removeprefix(" "), len(ids)


@pytest.fixture(scope="module")
def reference(checkpoint: Checkpoint) -> Reference:
    return Reference(checkpoint)


def result(stream: QueuedStream) -> tuple[str, int]:
    text = "".join(piece.text for piece in stream)
    assert text == stream.completion.text
    return stream.completion.text, stream.completion.completion_tokens


@pytest.mark.parametrize("slots", [1, 3, 8])
def test_answers_are_generates_under_random_arrivals_and_cancellations(
    checkpoint: Checkpoint, reference: Reference, start: EngineMaker, slots: int
) -> None:
    chance = random.Random(slots)
    engine = start(checkpoint, slots=slots)
    requests = questions(24, seed=1)
    streams = []
    for request in requests:
        streams.append(engine.submit(request))
        if chance.random() < 0.3:  # let the batch change under its feet
            threading.Event().wait(chance.random() * 0.01)
        if chance.random() < 0.3:
            streams[-1].cancel()
    compared = 0
    for request, stream in zip(requests, streams, strict=True):
        text, tokens = result(stream)
        expected, expected_tokens = reference.answer(request)
        if stream.completion.finish_reason == "cancelled":
            assert expected.startswith(text)
        else:
            assert (text, tokens) == (expected, expected_tokens)
            compared += 1
    assert compared > 10


Told = tuple[int, int, bool]
"""Who writes, which of the questions, and whether the answer is cancelled."""
ROUNDS = strategies.lists(
    strategies.lists(
        strategies.tuples(
            strategies.integers(0, 3), strategies.integers(0, 5), strategies.booleans()
        ),
        min_size=1,
        max_size=3,
        unique_by=lambda told: told[0],
    ),
    min_size=2,
    max_size=5,
)


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to shrink takes minutes
)
@given(rounds=ROUNDS, slots=strategies.integers(1, 3), windows=strategies.sampled_from([1, 2, 6]))
def test_conversations_that_go_on_reuse_what_is_stored_and_change_nothing(
    checkpoint: Checkpoint,
    reference: Reference,
    rounds: list[list[Told]],
    slots: int,
    windows: int,
) -> None:
    """Also when memory is so short that they push each other out, or share one beginning."""
    memory = kv_bytes(checkpoint, windows * 96 + 16)
    engine = start_engine(checkpoint, slots, 96, step_tokens=24, kv_bytes=memory)
    writer = PromptWriter(
        make_format(checkpoint.card, checkpoint.tokenizer),
        checkpoint.tokenizer,
        engine.context_tokens,
        checkpoint.end_ids,
    )
    said: dict[int, list[ChatMessage]] = {}
    try:
        for told in rounds:
            streams = []
            for who, question, cancelled in told:
                messages = said.setdefault(who, [])
                messages.append(ChatMessage("user", CORPUS[question % 2][: 20 + 5 * question]))
                request = CompletionRequest(
                    tuple(messages), Sampling(max_new_tokens=6), user=str(who % 2)
                )
                streams.append((messages, request, engine.submit(request)))
                if cancelled:
                    streams[-1][2].cancel()
            for messages, request, stream in streams:
                text, tokens = result(stream)
                expected, expected_tokens = reference.answer(request, writer)
                if stream.completion.finish_reason == "cancelled":
                    assert expected.startswith(text)
                else:
                    assert (text, tokens) == (expected, expected_tokens)
                messages.append(ChatMessage("assistant", text or "."))
    finally:
        engine.close()


def test_a_conversation_that_goes_on_costs_only_what_is_new(
    checkpoint: Checkpoint, reference: Reference, start: EngineMaker
) -> None:
    engine = start(checkpoint, slots=2, step_tokens=64)
    messages: list[ChatMessage] = []
    costs = []
    for question in ("salam khoya, " + CORPUS[2], "شحال الثمن؟", "Merci !"):
        messages.append(ChatMessage("user", question))
        request = CompletionRequest(tuple(messages), Sampling(max_new_tokens=8))
        before = engine.figures
        stream = engine.submit(request)
        assert result(stream) == reference.answer(request)
        assert engine.figures.kept == 1
        fed = engine.figures.fed_tokens - before.fed_tokens
        assert fed + engine.figures.reused_tokens - before.reused_tokens == (
            stream.completion.prompt_tokens + stream.completion.completion_tokens - 1
        )
        costs.append(fed / stream.completion.prompt_tokens)
        messages.append(ChatMessage("assistant", "نعم " + stream.completion.text.strip()))
    assert costs[0] > 1 > max(costs[1:])


@pytest.mark.parametrize(
    ("name", "left_out"),
    [("gemma", "softcap"), ("gemma", "sliding_window"), ("jais", "alibi_slopes")],
)
def test_leaving_out_what_makes_a_model_special_is_noticed(
    name: str,
    left_out: str,
    start: EngineMaker,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    """Else the tests above would prove nothing."""
    checkpoint: Checkpoint = request.getfixturevalue(name)
    right = attention.slot_attention

    def without(*args: object, **kwargs: object) -> object:
        assert left_out in kwargs
        return right(*args, **{**kwargs, left_out: None})  # type: ignore[arg-type]

    reference = Reference(checkpoint)
    requests = [r for r in questions(20, seed=4) if len(r.messages[0].content) > 60]
    engine = start(checkpoint)  # its own check at the start would notice as well
    monkeypatch.setitem(AttentionInterface._global_mapping, attention.NAME, without)
    answers = [result(stream) for stream in map(engine.submit, requests)]
    assert answers != [reference.answer(request) for request in requests]


def test_rows_of_very_different_lengths_attend_in_groups(
    monkeypatch: pytest.MonkeyPatch,
    checkpoint: Checkpoint,
    reference: Reference,
    start: EngineMaker,
) -> None:
    """As on CUDA; on a processor every row attends alone."""
    monkeypatch.setattr(batch, "ATTEND_ALONE_ON", ())
    monkeypatch.setattr(batch, "SHORTEST_GROUP_TOKENS", 16)
    engine = start(checkpoint, slots=8)
    requests = questions(24, seed=1)
    streams = [engine.submit(request) for request in requests]
    assert [result(s) for s in streams] == [reference.answer(r) for r in requests]
