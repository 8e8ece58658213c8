"""Tiny checkpoints of Jais as they are published: names, shapes and all that lies beside them."""

import json
from pathlib import Path
from typing import Any, Literal

import torch
from safetensors.torch import save_file
from torch import Tensor

Version = Literal["v1", "v3"]

SHARED: dict[str, Any] = {
    "model_type": "jais",
    "architectures": ["JAISLMHeadModel"],
    # Code that a checkpoint brings along is never run; here it does not even exist.
    "auto_map": {
        "AutoConfig": "configuration_jais.JAISConfig",
        "AutoModelForCausalLM": "modeling_jais.JAISLMHeadModel",
    },
    "activation_function": "swiglu",
    "attn_pdrop": 0.0,
    "bos_token_id": 0,
    "embd_pdrop": 0.0,
    "eos_token_id": 0,
    "initializer_range": 0.02,
    "layer_norm_epsilon": 1e-05,
    "pad_token_id": 0,
    "position_embedding_type": "alibi",
    "reorder_and_upcast_attn": False,
    "resid_pdrop": 0.0,
    "scale_attn_by_inverse_layer_idx": False,
    "scale_attn_weights": True,
    "tie_word_embeddings": True,
    "torch_dtype": "float32",
    "use_cache": True,
}
SCALES: dict[Version, dict[str, Any]] = {
    "v1": {"embeddings_scale": 14.6, "width_scale": 0.0792857, "scale_qk_dot_by_d": True},
    "v3": {
        "mup_embeddings_scale": 9.1705785388303,
        "mup_output_alpha": 1.09518349815769,
        "mup_width_scale": 0.14285714285714285,
        "mup_scale_qk_dot_by_d": True,
        "alibi_scaling": None,
    },
}


def published_config(version: Version, heads: int, vocabulary: int, **changes: Any) -> Any:
    """`heads` of 8 numbers each, two layers."""
    shape = {
        "n_embd": 8 * heads,
        "n_head": heads,
        "n_inner": 20 * heads + 2,  # as odd a number as that of the real ones
        "n_layer": 2,
        "n_positions": 256,
        "vocab_size": vocabulary,
    }
    return {**SHARED, **shape, **SCALES[version], **changes}


def published_weights(config: Any) -> dict[str, Tensor]:
    """Random, large enough that every part of the model shows in its output."""
    width, inner = config["n_embd"], config["n_inner"]
    weights = {"transformer.wte.weight": torch.randn(config["vocab_size"], width) * 0.1}
    for layer in range(config["n_layer"]):
        at = f"transformer.h.{layer}."
        for name, inputs, outputs in (
            ("attn.c_attn", width, 3 * width),
            ("attn.c_proj", width, width),
            ("mlp.c_fc", width, inner),
            ("mlp.c_fc2", width, inner),
            ("mlp.c_proj", inner, width),
        ):
            weights[f"{at}{name}.weight"] = torch.randn(inputs, outputs) * 2 / inputs**0.5
            weights[f"{at}{name}.bias"] = torch.randn(outputs) * 0.2
        for name in ("ln_1", "ln_2"):
            weights |= _norm(at + name, width)
        size = config["n_positions"]
        weights[f"{at}attn.bias"] = torch.ones(1, 1, size, size, dtype=torch.bool).tril()
        weights[f"{at}attn.masked_bias"] = torch.tensor(-1e9)
    weights["transformer.relative_pe.slopes"] = torch.full((config["n_head"], 1), torch.nan)
    return weights | _norm("transformer.ln_f", width)


def _norm(name: str, width: int) -> dict[str, Tensor]:
    return {
        f"{name}.weight": 1 + torch.randn(width) * 0.3,
        f"{name}.bias": torch.randn(width) * 0.3,
    }


def write_jais(
    folder: Path, version: Version = "v1", heads: int = 7, vocabulary: int = 300, **changes: Any
) -> Path:
    """A folder without a tokenizer. 7 heads, like the 56 of the real one, are no power of two."""
    config = published_config(version, heads, vocabulary, **changes)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config))
    save_file(published_weights(config), folder / "model.safetensors", metadata={"format": "pt"})
    return folder
