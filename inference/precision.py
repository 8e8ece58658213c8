"""Which numbers a model is loaded in: the best that fit into the free memory."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace

from inference.cards import ModelCard
from inference.errors import ModelLoadFailed
from inference.machine import Memory
from inference.memory import QUANTIZATIONS, Quantization, fits, needed_bytes
from inference.options import Dtype, LoadOptions
from inference.progress import size

USABLE = 0.95
"""Of free memory; fragments and other programs take the rest."""

SLOT_TOKENS = 512
"""What a conversation keeps on average, most being shorter than a window; more find room as
others end. A whole window must fit in any case."""


@dataclass(frozen=True, slots=True)
class Precision:
    """In what numbers a model is computed: `dtype`, and its linear layers as `quantization`."""

    dtype: Dtype
    quantization: Quantization

    @property
    def element_bytes(self) -> int:
        """Bytes of a number that is not quantized."""
        return 4 if self.dtype == "float32" else 2

    def __str__(self) -> str:
        bits = self.quantization
        return self.dtype if bits == "none" else f"{bits} in {self.dtype}"


def planned_tokens(context_tokens: int, slots: int) -> int:
    """For how many tokens of `slots` conversations there must be memory."""
    return max(context_tokens, slots * SLOT_TOKENS)


def choose_precision(
    card: ModelCard,
    options: LoadOptions,
    memory: Memory,
    tokens: int,
    bfloat16: bool = True,
) -> Precision:
    """The first of `candidates` that fits, beside conversations of `tokens`: into one GPU or
    into all together, or into the processor's memory.

    Of a model without a shape nothing is known: then the first. Raises ModelLoadFailed when
    none fits; the message has the figures and what to do.
    """
    for precision in candidates(card, options, memory.gpus > 0, bfloat16):
        if _fits(card, precision, memory, tokens):
            return precision
    raise ModelLoadFailed(_too_little(card, options, memory, tokens, bfloat16))


def fits_into(card: ModelCard, precision: Precision, free_bytes: int, tokens: int) -> bool:
    """Whether a model fits, as far as is known, beside conversations of `tokens`."""
    usable = int(free_bytes * USABLE)
    found = fits(card, precision.quantization, usable, tokens, precision.element_bytes)
    return found is not False


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


def _fits(card: ModelCard, precision: Precision, memory: Memory, tokens: int) -> bool:
    places = memory.free_bytes, memory.together_bytes
    return any(fits_into(card, precision, free, tokens) for free in places)


def _too_little(
    card: ModelCard, options: LoadOptions, memory: Memory, tokens: int, bfloat16: bool
) -> str:
    on_gpu = memory.gpus > 0
    needs = _needs(card, tuple(candidates(card, options, on_gpu, bfloat16)), tokens)
    for fewer in candidates(card, replace(options, quantization="auto"), on_gpu, bfloat16):
        if _fits(card, fewer, memory, tokens):
            advice = f"--quantization {fewer.quantization} would fit"
            break
    else:
        advice = "take a smaller model (`mersal models`) or fewer --threads, or free some memory"
    return f"{needs}, and {_free(memory)} are free: {advice}"


def _free(memory: Memory) -> str:
    where = "GPU memory" if memory.gpus else "memory"
    found = f"{size(memory.free_bytes)} of {where}"
    if memory.gpus > 1:
        found += f" ({size(memory.together_bytes)} on {memory.gpus} GPUs together)"
    return found


def _needs(card: ModelCard, precisions: tuple[Precision, ...], tokens: int) -> str:
    sizes = []
    for precision in precisions:
        needed = needed_bytes(card, precision.quantization, tokens, precision.element_bytes)
        assert needed is not None
        sizes.append(f"{size(needed)} as {precision}")
    return f"{card.id} needs {', '.join(sizes)}"
