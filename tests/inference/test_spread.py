"""A model whose layers are shared out over several devices computes as on one.

Two GPUs are what it is for. Without them: a device that has shapes alone (torch's "meta"), whose
tensors refuse those of another; and a layer that accelerate brings from the disk for every pass, by
the hooks that it puts between devices.
"""

from pathlib import Path

import pytest
import torch
from torch import nn
from transformers import AutoModelForCausalLM

from inference.engine import Sampling
from inference.errors import ModelLoadFailed
from inference.history import Fit
from inference.loading import Checkpoint
from inference.slots import batch
from inference.slots.attention import slot_attention
from inference.slots.batch import pack
from inference.slots.open import start_engine
from inference.slots.part import Part
from inference.slots.pool import KeyValuePool
from inference.slots.row import Row
from inference.slots.runner import ModelRunner
from inference.slots.stretch import Stretch

from .test_exactness import Reference, questions, result

HEADS, KV_HEADS, DIM = 4, 2, 16
BESIDE_LAYERS = {
    "model": ("model.embed_tokens", "model.rotary_emb", "model.norm", "lm_head"),
    "transformer": ("transformer.wte", "transformer.relative_pe", "transformer.ln_f", "lm_head"),
}


def rows() -> list[Part]:
    """Two that answer, and a piece of a prompt."""
    parts = []
    for at, (tokens, stored) in enumerate([(30, 29), (20, 19), (40, 33)]):
        row = Row(Fit(tuple(range(tokens)), 1, 0), Sampling(), 0)
        row.stretch, row.stored = Stretch(16 + 64 * at, 48), stored
        parts.append(Part(row, tokens - stored))
    return parts


@pytest.mark.parametrize("alone_on", [("cpu",), ()])
@pytest.mark.parametrize("plain", [False, True])
def test_what_attends_lies_where_the_layer_does(
    plain: bool, alone_on: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "ATTEND_ALONE_ON", alone_on)
    places = [torch.device("cpu"), torch.device("meta")]
    pool = KeyValuePool(256)
    packed = pack(rows(), pool, places[0])
    tokens = len(packed.ids)
    for layer_idx, device in enumerate(places):
        layer = nn.Module()
        layer.layer_idx = layer_idx  # type: ignore[assignment]
        query = torch.zeros(1, HEADS, tokens, DIM, device=device)
        key, value = torch.zeros(2, 1, KV_HEADS, tokens, DIM, device=device)
        special = {"softcap": 30.0, "alibi_slopes": torch.zeros(HEADS, device=device)}
        out, _ = slot_attention(
            layer,
            query,
            key,
            value,
            None,
            sliding_window=12,
            batch=packed,
            **({} if plain else special),  # type: ignore[arg-type]
        )
        assert (out.device, out.shape) == (device, (1, tokens, HEADS, DIM))
    assert list(pool.bytes_on_devices) == places
    assert pool.bytes_per_token == 2 * 2 * KV_HEADS * DIM * 4


def test_an_answer_is_the_same_where_a_layer_is_somewhere_else(
    checkpoint: Checkpoint, tmp_path: Path
) -> None:
    base = checkpoint.model.base_model_prefix
    layers = {name.rsplit(".", 1)[0] for name in _layers(checkpoint)}
    (stem,) = layers
    device_map = {f"{stem}.{n}": "cpu" for n in range(len(_layers(checkpoint)))}
    device_map |= {f"{stem}.1": "disk", **dict.fromkeys(BESIDE_LAYERS[base], "cpu")}
    model = AutoModelForCausalLM.from_pretrained(
        checkpoint.card.source, device_map=device_map, offload_folder=tmp_path
    )
    spread = Checkpoint(
        checkpoint.card,
        model,
        checkpoint.tokenizer,
        checkpoint.end_ids,
        checkpoint.context_tokens,
    )
    reference, requests = Reference(checkpoint), questions(4, seed=1)
    engine = start_engine(spread, slots=3, step_tokens=24)
    streams = [engine.submit(request) for request in requests]
    try:
        assert [result(s) for s in streams] == [reference.answer(r) for r in requests]
    finally:
        engine.close()
    with pytest.raises(ModelLoadFailed, match="MERSAL_WORKER__DECODE to eager"):
        ModelRunner(model).compile(slots=1, block=16)


def _layers(checkpoint: Checkpoint) -> list[str]:
    """The names of what accelerate never parts."""
    whole = set(checkpoint.model._no_split_modules or ())
    return [n for n, module in checkpoint.model.named_modules() if type(module).__name__ in whole]


@pytest.mark.gpu
def test_two_gpus_answer_as_one_does(checkpoint: Checkpoint) -> None:
    if torch.cuda.device_count() < 2:
        pytest.skip("there is one GPU only")
    base, stem = checkpoint.model.base_model_prefix, _layers(checkpoint)[0].rsplit(".", 1)[0]
    count = len(_layers(checkpoint))
    late = {f"{stem}.{n}": int(n >= count // 2) for n in range(count)}
    late |= {name: int("norm" in name or "ln_f" in name) for name in BESIDE_LAYERS[base]}
    answers = []
    for device_map in ({"": 0}, late):
        model = AutoModelForCausalLM.from_pretrained(
            checkpoint.card.source, device_map=device_map, dtype=torch.float32
        )
        engine = start_engine(
            Checkpoint(
                checkpoint.card,
                model,
                checkpoint.tokenizer,
                checkpoint.end_ids,
                checkpoint.context_tokens,
            ),
            slots=3,
            step_tokens=24,
        )
        answers.append([result(stream) for stream in map(engine.submit, questions(8, seed=1))])
        engine.close()
    assert answers[0] == answers[1]
