"""Greedy answers are those of transformers' own `generate`, whoever else is being answered."""

import random
import threading

import pytest
import torch
from transformers import AttentionInterface, AutoModelForCausalLM, PreTrainedModel

from inference.engine import ChatMessage, CompletionRequest, Sampling
from inference.formats import make_format
from inference.loading import Checkpoint
from inference.prompt import PromptWriter
from inference.slots import attention
from inference.stream import QueuedStream

from .conftest import CORPUS, EngineMaker

WORDS = " ".join(CORPUS).split()
ANSWER_TOKENS = 24


def questions(count: int, seed: int) -> list[CompletionRequest]:
    """Prompts of very different lengths, up to far beyond the sliding window."""
    chance = random.Random(seed)
    return [
        CompletionRequest(
            (ChatMessage("user", " ".join(chance.choices(WORDS, k=chance.choice([1, 3, 9, 25])))),),
            Sampling(max_new_tokens=chance.randint(1, ANSWER_TOKENS)),
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
        self._writer = PromptWriter(
            make_format(checkpoint.card, checkpoint.tokenizer),
            checkpoint.tokenizer,
            checkpoint.context_tokens,
            checkpoint.end_ids,
        )

    def answer(self, request: CompletionRequest) -> tuple[str, int]:
        prompt = self._writer.write(request)
        output = self._model.generate(  # type: ignore[operator]
            torch.tensor([prompt.ids]),
            attention_mask=torch.ones(1, len(prompt.ids), dtype=torch.long),
            max_new_tokens=prompt.max_new_tokens,
            do_sample=False,
            eos_token_id=sorted(self._writer.end_ids),
        )
        ids = output[0, len(prompt.ids) :].tolist()
        return str(self._tokenizer.decode(ids, skip_special_tokens=True)), len(ids)


@pytest.fixture
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
    requests = questions(24, seed=slots)
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


def test_a_conversation_that_goes_on_reuses_its_slot_and_changes_nothing(
    checkpoint: Checkpoint, reference: Reference, start: EngineMaker
) -> None:
    fed: list[int] = []
    hook = checkpoint.model.register_forward_pre_hook(
        lambda module, args, kwargs: fed.append(kwargs["input_ids"].shape[1]), with_kwargs=True
    )
    engine = start(checkpoint, slots=2, step_tokens=64)
    messages: list[ChatMessage] = []
    costs = []
    for question in ("salam khoya, " + CORPUS[2], "شحال الثمن؟", "Merci !"):
        messages.append(ChatMessage("user", question))
        request = CompletionRequest(tuple(messages), Sampling(max_new_tokens=8))
        fed.clear()
        stream = engine.submit(request)
        assert result(stream) == reference.answer(request)
        costs.append(sum(fed) / stream.completion.prompt_tokens)
        messages.append(ChatMessage("assistant", "نعم " + stream.completion.text.strip()))
    hook.remove()
    assert costs[0] > 1 > max(costs[1:])


@pytest.mark.parametrize("left_out", ["softcap", "sliding_window"])
def test_leaving_out_what_makes_gemma_special_is_noticed(
    gemma: Checkpoint, start: EngineMaker, left_out: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the tests above would prove nothing."""
    right = attention.slot_attention

    def without(*args: object, **kwargs: object) -> object:
        assert left_out in kwargs
        return right(*args, **{**kwargs, left_out: None})  # type: ignore[arg-type]

    reference = Reference(gemma)
    requests = [r for r in questions(20, seed=4) if len(r.messages[0].content) > 60]
    engine = start(gemma)  # its own check at the start would notice as well
    monkeypatch.setitem(AttentionInterface._global_mapping, attention.NAME, without)
    answers = [result(stream) for stream in map(engine.submit, requests)]
    assert answers != [reference.answer(request) for request in requests]


def test_alibi_is_the_papers(start: EngineMaker) -> None:
    """No model here uses it yet, so the attention is compared with the formula itself."""
    from inference.history import Fit
    from inference.slots.batch import Part, pack
    from inference.slots.pool import KeyValuePool
    from inference.slots.row import Row

    torch.manual_seed(1)
    heads, length, dim = 4, 9, 8
    query, key, value = (torch.randn(1, heads, length, dim) for _ in range(3))
    slopes = torch.tensor([0.5, 0.25, 0.125, 0.0625])
    module = torch.nn.Module()
    module.layer_idx = 0  # type: ignore[assignment]
    pool = KeyValuePool(3, 16)
    row = Row(Fit(tuple(range(length)), 1, 0), Sampling(), 0)
    row.slot = 1
    outputs = []
    for count in (5, 3, 1):
        part = slice(row.stored, row.stored + count)
        batch = pack([Part(row, count)], pool, torch.device("cpu"))
        out, _ = attention.slot_attention(
            module,
            query[:, :, part],
            key[:, :, part],
            value[:, :, part],
            None,
            alibi_slopes=slopes,
            batch=batch,
        )
        outputs.append(out)
        row.stored += count
    places = torch.arange(length)
    distance = places[:, None] - places
    scores = query @ key.transpose(2, 3) * dim**-0.5 - slopes[:, None, None] * distance
    scores = scores.masked_fill(distance < 0, -torch.inf)
    expected = (scores.softmax(-1) @ value).transpose(1, 2)
    torch.testing.assert_close(torch.cat(outputs, 1), expected)


def test_rows_of_very_different_lengths_attend_in_groups(
    monkeypatch: pytest.MonkeyPatch,
    checkpoint: Checkpoint,
    reference: Reference,
    start: EngineMaker,
) -> None:
    from inference.slots import batch

    monkeypatch.setattr(batch, "SHORTEST_GROUP_TOKENS", 16)
    engine = start(checkpoint, slots=8)
    requests = questions(12, seed=9)
    streams = [engine.submit(request) for request in requests]
    assert [result(s) for s in streams] == [reference.answer(r) for r in requests]
