"""Jais computes what its paper says, from checkpoints as they are published."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor
from transformers import AutoConfig, AutoModelForCausalLM, StaticCache

from inference.jais.configuration import JaisConfig
from inference.jais.modeling import JaisForCausalLM

from .jais_checkpoint import Version, published_config, write_jais
from .jais_reference import Reference

TEXT = [5, 17, 212, 3, 3, 99, 40, 250, 7, 121, 64, 18]
CHECKPOINTS: list[tuple[Version, int, dict[str, Any]]] = [
    ("v1", 7, {}),
    ("v1", 4, {"scale_qk_dot_by_d": False}),
    ("v3", 7, {}),
    ("v3", 5, {"alibi_scaling": {"type": "linear", "factor": 2.5}}),
    ("v3", 7, {"alibi_scaling": {"type": "linear", "train_seq_len": 5}}),
]


def load(folder: Path, dtype: torch.dtype = torch.float64, **options: Any) -> Any:
    """A JaisForCausalLM, which transformers' types do not take for one that generates."""
    model = AutoModelForCausalLM.from_pretrained(
        folder, dtype=dtype, trust_remote_code=False, **options
    )
    assert isinstance(model, JaisForCausalLM)
    return model


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(3)
    return write_jais(tmp_path_factory.mktemp("jais"))


@pytest.fixture(scope="module")
def model(folder: Path) -> Any:
    return load(folder)


@torch.no_grad()
def logits(model: Any, ids: list[int] = TEXT, **options: Any) -> Tensor:
    output: Tensor = model(input_ids=torch.tensor([ids]), **options).logits
    return output[0]


@pytest.mark.parametrize("attention", ["eager", "sdpa"])
@pytest.mark.parametrize(("version", "heads", "changes"), CHECKPOINTS)
def test_a_published_checkpoint_gives_what_the_paper_says(
    version: Version, heads: int, changes: dict[str, Any], attention: str, tmp_path: Path
) -> None:
    torch.manual_seed(heads)
    write_jais(tmp_path, version, heads, **changes)
    model = load(tmp_path, attn_implementation=attention)
    # Only attention's scores and the slopes are in float32, whatever the weights are in.
    np.testing.assert_allclose(
        logits(model).numpy(), Reference(tmp_path).logits(TEXT), rtol=1e-5, atol=1e-5
    )


def test_every_scale_shows(folder: Path, model: Any, tmp_path: Path) -> None:
    """What is compared with the reference depends on all that a configuration can say."""
    before = logits(model)
    changes: tuple[tuple[str, Any], ...] = (
        ("embeddings_scale", 7.0),
        ("width_scale", 0.2),
        ("scale_qk_dot_by_d", False),
        ("alibi_scaling", {"type": "linear", "factor": 2.0}),
    )
    for name, value in changes:
        after = logits(load(folder, **{name: value}))
        assert (after - before).abs().max() > 1e-2, name


def test_left_padding_changes_nothing(model: Any) -> None:
    short = TEXT[:5]
    batch = torch.tensor([TEXT, [0] * (len(TEXT) - len(short)) + short])
    mask = torch.ones_like(batch)
    mask[1, : -len(short)] = 0
    with torch.no_grad():
        padded = model(input_ids=batch, attention_mask=mask).logits
    torch.testing.assert_close(padded[0], logits(model), rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(padded[1, -len(short) :], logits(model, short), rtol=1e-5, atol=1e-5)


def test_a_text_with_its_past_kept_is_read_the_same(model: Any) -> None:
    whole = logits(model, use_cache=False)
    caches: tuple[Any, ...] = (None, StaticCache(model.config, max_cache_len=32))
    for cache in caches:
        found = []
        for start, stop in ((0, 6), (6, 7), (7, 10), (10, len(TEXT))):
            with torch.no_grad():
                output = model(
                    torch.tensor([TEXT[start:stop]]), past_key_values=cache, use_cache=True
                )
            cache = output.past_key_values
            found.append(output.logits[0])
        torch.testing.assert_close(torch.cat(found), whole, rtol=1e-5, atol=1e-5)


def test_generated_text_is_the_references(folder: Path, model: Any) -> None:
    reference, ids = Reference(folder), list(TEXT)
    for _ in range(6):
        ids.append(int(reference.logits(ids)[-1].argmax()))
    generated = model.generate(torch.tensor([TEXT]), max_new_tokens=6, do_sample=False)
    assert generated[0].tolist() == ids
    assert len(set(ids[len(TEXT) :])) > 2  # a model that repeats itself would prove little


def test_padded_generation_is_each_texts_own(model: Any) -> None:
    texts = [TEXT, TEXT[3:8], TEXT[:1]]
    width = max(map(len, texts))
    ids = torch.tensor([[0] * (width - len(text)) + text for text in texts])
    mask = torch.tensor([[0] * (width - len(text)) + [1] * len(text) for text in texts])
    options: Any = {"max_new_tokens": 6, "do_sample": False, "eos_token_id": None}
    together = model.generate(ids, attention_mask=mask, **options)
    for row, text in zip(together, texts, strict=True):
        alone = model.generate(torch.tensor([text]), **options)
        assert row[width:].tolist() == alone[0, len(text) :].tolist()


def test_saved_it_has_the_published_names(folder: Path, tmp_path: Path) -> None:
    load(folder, torch.float32).save_pretrained(tmp_path)
    published, saved = (load_file(at / "model.safetensors") for at in (folder, tmp_path))
    beside = {name for name in published if name.endswith(("slopes", ".attn.bias", "masked_bias"))}
    assert saved.keys() == published.keys() - beside
    for name, tensor in saved.items():
        assert torch.equal(tensor, published[name]), name
    torch.testing.assert_close(logits(load(tmp_path)), logits(load(folder)))


def test_code_beside_a_checkpoint_is_neither_asked_for_nor_run(
    folder: Path, tmp_path: Path
) -> None:
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    for name in ("configuration_jais.py", "modeling_jais.py"):
        (tmp_path / name).write_text("raise SystemExit('ran')")
    assert logits(load(tmp_path)).shape == (len(TEXT), 300)


def test_nothing_is_reported_missing_or_unexpected(folder: Path) -> None:
    loaded: Any = AutoModelForCausalLM.from_pretrained(folder, output_loading_info=True)
    report = loaded[1]
    assert not any(report[kind] for kind in ("missing_keys", "unexpected_keys", "mismatched_keys"))


def test_slopes_stay_exact_in_bfloat16(folder: Path) -> None:
    slopes = load(folder, torch.bfloat16).transformer.relative_pe.slopes
    assert slopes.dtype == torch.float32
    reference = Reference(folder)
    assert slopes.tolist() == pytest.approx([reference._slope(head) for head in range(7)])


def test_the_real_ones_56_heads(tmp_path: Path) -> None:
    torch.manual_seed(0)
    write_jais(tmp_path, heads=56, n_layer=1, n_embd=112, n_inner=64)
    np.testing.assert_allclose(
        logits(load(tmp_path)).numpy(), Reference(tmp_path).logits(TEXT), rtol=1e-5, atol=1e-5
    )


@pytest.mark.parametrize(
    "odd",
    [
        {"activation_function": "gelu"},
        {"position_embedding_type": "learned"},
        {"scale_attn_by_inverse_layer_idx": True},
        {"alibi_scaling": {"type": "dynamic", "factor": 2.0}},
        {"alibi_scaling": {"type": "linear"}},
        {"n_head": 5},
    ],
)
def test_what_no_jais_has_is_refused(odd: dict[str, Any], tmp_path: Path) -> None:
    config = {**published_config("v3", 7, 300), **odd}
    (tmp_path / "config.json").write_text(json.dumps(config))
    with pytest.raises(Exception, match=next(iter(odd))):
        AutoConfig.from_pretrained(tmp_path)


def test_both_versions_names_mean_the_same() -> None:
    first: dict[str, Any] = {"embeddings_scale": 2.0, "width_scale": 3.0, "scale_qk_dot_by_d": True}
    third = {f"mup_{name}": value for name, value in first.items()}
    assert JaisConfig(**first).to_dict() == JaisConfig(**third).to_dict()
    assert JaisConfig(**first).mup_embeddings_scale == 2
