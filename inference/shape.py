"""A network's shape, as far as its memory depends on it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Shape:
    """Figures of a checkpoint's config.json; `parameters` counts every weight once.

    `kv_heads` heads of `head_dim` are kept per token and layer. The token embeddings are
    `vocabulary` x `hidden`; unless `tied_embeddings`, the output has as many weights again.
    """

    parameters: int
    layers: int
    hidden: int
    intermediate: int
    heads: int
    kv_heads: int
    head_dim: int
    vocabulary: int
    tied_embeddings: bool

    @property
    def embedding_parameters(self) -> int:
        """Weights of the token embeddings and of the output, which no quantization touches."""
        tables = 1 if self.tied_embeddings else 2
        return tables * self.vocabulary * self.hidden


def read_shape(folder: Path) -> Shape | None:
    """The shape of a local checkpoint, from config.json and the heads of its *.safetensors.

    None when a file is missing or says too little, as with a network of another kind.
    """
    try:
        config: Mapping[str, object] = json.loads(
            (folder / "config.json").read_text(encoding="utf-8")
        )
        sizes = dict(_weights(folder))
        heads = _figure(config, "num_attention_heads", "n_head")
        hidden = _figure(config, "hidden_size", "n_embd")
        return Shape(
            parameters=sum(sizes.values()),
            layers=_figure(config, "num_hidden_layers", "n_layer"),
            hidden=hidden,
            intermediate=_figure(config, "intermediate_size", "n_inner"),
            heads=heads,
            kv_heads=_figure({"all": heads, **config}, "num_key_value_heads", "all"),
            head_dim=_figure({"each": hidden // heads, **config}, "head_dim", "each"),
            vocabulary=_figure(config, "vocab_size"),
            tied_embeddings="lm_head.weight" not in sizes,
        )
    except (OSError, ValueError, KeyError, OverflowError):
        return None


def _figure(config: Mapping[str, object], *names: str) -> int:
    """The first of `names` that the config has. Raises KeyError when there is none."""
    for name in names:
        value = config.get(name)
        if isinstance(value, int):
            return value
    raise KeyError(names[0])


def _weights(folder: Path) -> Iterator[tuple[str, int]]:
    """Every weight's name and count of numbers. A file begins with its head's length, 8 bytes."""
    for path in sorted(folder.glob("*.safetensors")):
        with path.open("rb") as file:
            head = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        for name, weight in head.items():
            if name != "__metadata__":
                yield name, prod(weight["shape"])
