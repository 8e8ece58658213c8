"""Which numbers a model is loaded in: the best that fit into the free memory."""

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
    card: ModelCard, options: LoadOptions, on_gpu: bool, free_bytes: int, tokens: int
) -> Precision:
    """The first of `candidates` that fits into `free_bytes`, beside conversations of `tokens`.

    Of a model without a shape nothing is known: then the first. Raises ModelLoadFailed when
    none fits; the message has the figures and what to do.
    """
    found = tuple(candidates(options, on_gpu))
    if shape_of(card) is None:
        return found[0]
    for precision in found:
        if _fits(card, precision, free_bytes, tokens):
            return precision
    raise ModelLoadFailed(_too_little(card, options, on_gpu, free_bytes, tokens))


def candidates(options: LoadOptions, on_gpu: bool) -> Iterator[Precision]:
    """From the best to the smallest: exact numbers first, then fewer bits.

    A GPU computes in bfloat16, what these models were made in; a CPU in float32, and in
    bfloat16 where memory is short.
    """
    plain: tuple[Dtype, ...] = ("bfloat16",) if on_gpu else ("float32", "bfloat16")
    if options.dtype != "auto":
        plain = (options.dtype,)
    for quantization in QUANTIZATIONS:
        if options.quantization not in ("auto", quantization):
            continue
        for dtype in plain if quantization == "none" else plain[-1:]:
            yield Precision(dtype, quantization)


def _fits(card: ModelCard, precision: Precision, free_bytes: int, tokens: int) -> bool:
    usable = int(free_bytes * USABLE)
    return bool(fits(card, precision.quantization, usable, tokens, precision.element_bytes))


def _too_little(
    card: ModelCard, options: LoadOptions, on_gpu: bool, free_bytes: int, tokens: int
) -> str:
    needs = _needs(card, tuple(candidates(options, on_gpu)), tokens)
    where = "GPU memory" if on_gpu else "memory"
    for fewer in candidates(replace(options, quantization="auto"), on_gpu):
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
