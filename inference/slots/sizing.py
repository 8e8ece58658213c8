"""How much memory the key-value pool gets, and how many tokens that is."""

import logging

import psutil
import torch

from inference.errors import ModelLoadFailed

logger = logging.getLogger(__name__)

UNIT_TOKENS = {"cpu": 16, "cuda": 128}
"""Rows begin at multiples of it; on CUDA a block of the attention's kernel."""
CUDA_SHARE = 0.85
"""Of the memory that is free beside the weights; the rest is for a step's own results."""
CPU_SHARE = 0.25
"""Of the free memory, which other programs want too."""
CPU_WINDOWS = 4
"""On a CPU no more than so many full windows for each row that is computed."""
FEWEST_TOKENS = 128


def pool_tokens(
    device: torch.device,
    bytes_per_token: int,
    slots: int,
    context_tokens: int,
    kv_bytes: int | None,
) -> int:
    """Places of the pool: as many as `kv_bytes` hold, or a share of the free memory.

    Raises ModelLoadFailed when not even a short conversation fits.
    """
    unit = UNIT_TOKENS[device.type]
    if kv_bytes is None:
        kv_bytes = _share(device)
        if device.type == "cpu":
            kv_bytes = min(kv_bytes, CPU_WINDOWS * slots * context_tokens * bytes_per_token)
    tokens = kv_bytes // bytes_per_token // unit * unit
    if tokens - unit < min(FEWEST_TOKENS, context_tokens):
        raise ModelLoadFailed(
            f"{kv_bytes >> 20} MB hold the keys and values of {tokens} tokens only: give the "
            "cache more memory, or choose a smaller model or a stronger quantization"
        )
    return tokens


def _share(device: torch.device) -> int:
    if device.type == "cuda":
        return int(torch.cuda.mem_get_info(device)[0] * CUDA_SHARE)
    return int(psutil.virtual_memory().available * CPU_SHARE)
