"""How much memory the key-value pool gets, and how many tokens that is."""

from collections.abc import Mapping

import psutil
import torch

from inference.errors import ModelLoadFailed

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
    costs: Mapping[torch.device, int], slots: int, context_tokens: int, kv_bytes: int | None
) -> int:
    """Places of the pool: as many as `kv_bytes` hold, or a share of the free memory.

    `costs` are the bytes of one place on each device; all devices are of one type, and the
    fullest one decides. Raises ModelLoadFailed when not even a short conversation fits.
    """
    bytes_per_token = sum(costs.values())
    if kv_bytes is None:
        places = min(_share(device) // cost for device, cost in costs.items())
        if _type(costs) == "cpu":
            places = min(places, CPU_WINDOWS * slots * context_tokens)
        kv_bytes = places * bytes_per_token
    unit = UNIT_TOKENS[_type(costs)]
    tokens = kv_bytes // bytes_per_token // unit * unit
    if tokens - unit < min(FEWEST_TOKENS, context_tokens):
        raise ModelLoadFailed(
            f"{kv_bytes >> 20} MB hold the keys and values of {tokens} tokens only: give the "
            "cache more memory, or choose a smaller model or a stronger quantization"
        )
    return tokens


def _type(costs: Mapping[torch.device, int]) -> str:
    return next(iter(costs)).type


def _share(device: torch.device) -> int:
    if device.type == "cuda":
        return int(torch.cuda.mem_get_info(device)[0] * CUDA_SHARE)
    return int(psutil.virtual_memory().available * CPU_SHARE)
