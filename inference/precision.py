"""Which numbers a model is loaded in: the best that fit into the free memory."""

import json
from collections.abc import Iterator
from dataclasses import replace

from inference.cards import ModelCard
from inference.errors import ModelLoadFailed
from inference.memory import QUANTIZATIONS, fits, needed_bytes, shape_of
from inference.options import Dtype, LoadOptions, Precision
from inference.progress import size

USABLE = 0.95
"""Of free memory; fragments and other programs take the rest."""

SLOT_TOKENS = 512
"""What a conversation keeps on average, most being shorter than a window; more find room as
others end. A whole window must fit in any case."""


def planned_tokens(context_tokens: int, slots: int) -> int:
    """For how many tokens of `slots` conversations there must be memory."""
    return max(context_tokens, slots * SLOT_TOKENS)


def choose_precision(
    card: ModelCard,
    options: LoadOptions,
    on_gpu: bool,
    free_bytes: int,
    tokens: int,
    bfloat16: bool = True,
) -> Precision:
    """The first of `candidates` that fits into `free_bytes`, beside conversations of `tokens`.

    Of a model without a shape nothing is known: then the first. Raises ModelLoadFailed when
    none fits; the message has the figures and what to do.
    """
    found = tuple(candidates(card, options, on_gpu, bfloat16))
    if shape_of(card) is None:
        return found[0]
    for precision in found:
        if _fits(card, precision, free_bytes, tokens):
            return precision
    raise ModelLoadFailed(_too_little(card, options, on_gpu, free_bytes, tokens, bfloat16))


def candidates(
    card: ModelCard, options: LoadOptions, on_gpu: bool, bfloat16: bool = True
) -> Iterator[Precision]:
    """From the best to the smallest: exact numbers first, then fewer bits.

    A GPU computes in 16 bits, see `_on_gpu`; a CPU in float32, and in bfloat16 where memory is
    short. `bfloat16`: whether the GPU can compute in it.
    """
    plain: tuple[Dtype, ...] = ("float32", "bfloat16")
    if on_gpu:
        plain = (_on_gpu(card, bfloat16),)
    if options.dtype != "auto":
        plain = (options.dtype,)
    for quantization in QUANTIZATIONS:
        if options.quantization not in ("auto", quantization):
            continue
        for dtype in plain if quantization == "none" else plain[-1:]:
            yield Precision(dtype, quantization)


def _on_gpu(card: ModelCard, bfloat16: bool) -> Dtype:
    """float16 for models whose makers run that; else bfloat16, or float16 where the GPU has
    none. Numbers of a Gemma are too large for float16."""
    if _is_gemma(card):
        return "bfloat16" if bfloat16 else "float32"
    return "bfloat16" if bfloat16 and card.dtype != "float16" else "float16"


def _is_gemma(card: ModelCard) -> bool:
    config = card.folder / "config.json" if card.folder else None
    if config is None or not config.is_file():
        return card.architecture.startswith("Gemma")
    return str(json.loads(config.read_bytes()).get("model_type", "")).startswith("gemma")


def _fits(card: ModelCard, precision: Precision, free_bytes: int, tokens: int) -> bool:
    usable = int(free_bytes * USABLE)
    return bool(fits(card, precision.quantization, usable, tokens, precision.element_bytes))


def _too_little(
    card: ModelCard,
    options: LoadOptions,
    on_gpu: bool,
    free_bytes: int,
    tokens: int,
    bfloat16: bool,
) -> str:
    needs = _needs(card, tuple(candidates(card, options, on_gpu, bfloat16)), tokens)
    where = "GPU memory" if on_gpu else "memory"
    for fewer in candidates(card, replace(options, quantization="auto"), on_gpu, bfloat16):
        if _fits(card, fewer, free_bytes, tokens):
            advice = f"--quantization {fewer.quantization} would fit"
            break
    else:
        advice = "take a smaller model (`mersal models`) or fewer --threads, or free some memory"
    return f"{needs}, and {size(free_bytes)} of {where} are free: {advice}"


def _needs(card: ModelCard, precisions: tuple[Precision, ...], tokens: int) -> str:
    sizes = []
    for precision in precisions:
        needed = needed_bytes(card, precision.quantization, tokens, precision.element_bytes)
        assert needed is not None
        sizes.append(f"{size(needed)} as {precision}")
    return f"{card.id} needs {', '.join(sizes)}"
