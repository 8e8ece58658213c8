"""How much memory a model needs, computed from its card: no torch, nothing loaded."""

from typing import Literal

from inference.cards import ModelCard
from inference.shape import Shape, read_shape

Quantization = Literal["none", "8bit", "4bit"]
QUANTIZATIONS: tuple[Quantization, ...] = ("none", "8bit", "4bit")

ELEMENT_BYTES = 2
"""Of a number in bfloat16 or float16; float32 takes 4."""

# bitsandbytes keeps the linear layers' weights in 8 bits, or in 4 bits with one 8-bit scale for
# 64 of them and one 32-bit scale for 256 scales (nf4, double quantization: arXiv 2305.14314, 3).
LINEAR_BYTES: dict[Quantization, float] = {"8bit": 1.0, "4bit": 0.5 + 1 / 64 + 4 / (64 * 256)}

LIBRARIES_BYTES = 500_000_000
RUNTIME_BYTES = 1_500_000_000
"""What the libraries, or the CUDA context, and a step's intermediate results take at most."""


def shape_of(card: ModelCard) -> Shape | None:
    """The shape that the card tells, or else the files of its folder; None: not known."""
    if card.shape is None and card.folder is not None:
        return read_shape(card.folder)
    return card.shape


def weights_bytes(
    card: ModelCard, quantization: Quantization, element_bytes: int = ELEMENT_BYTES
) -> int | None:
    """Bytes of the loaded weights; None when the model's shape is not known.

    Embeddings and output stay at `element_bytes`, whatever the quantization.
    """
    shape = shape_of(card)
    if shape is None:
        return None
    kept = shape.embedding_parameters
    linear = shape.parameters - kept
    return kept * element_bytes + round(linear * LINEAR_BYTES.get(quantization, element_bytes))


def kv_bytes_per_token(card: ModelCard, element_bytes: int = ELEMENT_BYTES) -> int | None:
    """Bytes that one token of a conversation keeps: a key and a value in every layer."""
    shape = shape_of(card)
    if shape is None:
        return None
    return 2 * shape.layers * shape.kv_heads * shape.head_dim * element_bytes


def needed_bytes(
    card: ModelCard,
    quantization: Quantization,
    tokens: int | None = None,
    element_bytes: int = ELEMENT_BYTES,
) -> int | None:
    """Weights, keys and values of `tokens` (of one full window unless said), and the runtime."""
    weights = weights_bytes(card, quantization, element_bytes)
    per_token = kv_bytes_per_token(card, element_bytes)
    if weights is None or per_token is None:
        return None
    kept = per_token * (card.context_tokens if tokens is None else tokens)
    return weights + kept + min(RUNTIME_BYTES, LIBRARIES_BYTES + weights)


def fits(
    card: ModelCard,
    quantization: Quantization,
    free_bytes: int,
    tokens: int | None = None,
    element_bytes: int = ELEMENT_BYTES,
) -> bool | None:
    """Whether `needed_bytes` are free; None when the model's shape is not known."""
    needed = needed_bytes(card, quantization, tokens, element_bytes)
    return None if needed is None else needed <= free_bytes
