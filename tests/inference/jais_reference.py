"""Jais a second time, in float64 and in plain loops, from its paper and its published keys.

It shares nothing with `inference.jais`, so that a mistake would have to be made twice.
"""

import json
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.torch import load_file

Array = NDArray[np.float64]


class Reference:
    """A checkpoint folder with published names. `logits` reads one text, token by token."""

    def __init__(self, folder: Path) -> None:
        self.config = json.loads((folder / "config.json").read_text())
        self.weights: dict[str, Array] = {
            name: tensor.double().numpy()
            for name, tensor in load_file(folder / "model.safetensors").items()
        }

    def logits(self, ids: Sequence[int]) -> Array:
        """[tokens, vocabulary]."""
        config, wte = self.config, self.weights["transformer.wte.weight"]
        scale = config.get("embeddings_scale", config.get("mup_embeddings_scale"))
        states = np.stack([wte[token] * scale for token in ids])
        for layer in range(config["n_layer"]):
            states = states + self._attention(layer, self._norm(f"h.{layer}.ln_1", states))
            states = states + self._mlp(layer, self._norm(f"h.{layer}.ln_2", states))
        final = self._norm("ln_f", states) @ wte.T
        if "width_scale" in config:
            return np.asarray(final * config["width_scale"])
        return np.asarray(final * config["mup_output_alpha"] * config["mup_width_scale"])

    def _norm(self, name: str, states: Array) -> Array:
        weight, bias = (self.weights[f"transformer.{name}.{part}"] for part in ("weight", "bias"))
        rows = []
        for row in states:
            centred = row - row.mean()
            deviation = math.sqrt((centred**2).mean() + self.config["layer_norm_epsilon"])
            rows.append(centred / deviation * weight + bias)
        return np.stack(rows)

    def _linear(self, name: str, states: Array) -> Array:
        weight = self.weights[f"transformer.{name}.weight"]  # [in, out]
        return np.asarray(states @ weight + self.weights[f"transformer.{name}.bias"])

    def _attention(self, layer: int, states: Array) -> Array:
        config, heads = self.config, self.config["n_head"]
        size = config["n_embd"] // heads
        by_d = config.get("scale_qk_dot_by_d", config.get("mup_scale_qk_dot_by_d"))
        divisor = size if by_d else math.sqrt(size)
        query, key, value = np.split(self._linear(f"h.{layer}.attn.c_attn", states), 3, axis=1)
        mixed = np.zeros_like(query)
        for head in range(heads):
            part = slice(head * size, (head + 1) * size)
            slope = self._slope(head) / self._stretch(len(states))
            for at in range(len(states)):
                scores = [
                    query[at, part] @ key[past, part] / divisor - slope * (at - past)
                    for past in range(at + 1)
                ]
                weights = np.exp(np.array(scores) - max(scores))
                for past, weight in enumerate(weights / weights.sum()):
                    mixed[at, part] += weight * value[past, part]
        return self._linear(f"h.{layer}.attn.c_proj", mixed)

    def _slope(self, head: int) -> float:
        """Head `n` of a power of two: 2^(-8 (n+1) / heads). Of another number: the first ones as
        for the power below, the rest those that the power above has in between."""
        below = 1
        while below * 2 <= self.config["n_head"]:
            below *= 2
        if head < below:
            return float(2 ** (-8 * (head + 1) / below))
        return float(2 ** (-8 * (2 * (head - below) + 1) / (2 * below)))

    def _stretch(self, tokens: int) -> float:
        scaling = self.config.get("alibi_scaling")
        if not scaling:
            return 1.0
        return float(scaling.get("factor") or max(1.0, tokens / scaling["train_seq_len"]))

    def _mlp(self, layer: int, states: Array) -> Array:
        gate = self._linear(f"h.{layer}.mlp.c_fc2", states)
        gated = self._linear(f"h.{layer}.mlp.c_fc", states) * gate / (1 + np.exp(-gate))
        return self._linear(f"h.{layer}.mlp.c_proj", gated)
