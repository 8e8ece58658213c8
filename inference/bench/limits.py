"""What the machine can do at most: how fast it reads memory, and how fast it multiplies."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor
from transformers import PreTrainedModel

from inference.bench.networks import Network

READ_BYTES = {"cpu": 1 << 29, "cuda": 1 << 32}
"""Far more than a cache holds."""
SIDE = {"cpu": 1024, "cuda": 8192}
"""Rows of the matrices that are multiplied."""
TRIES = 6
ENOUGH_S = 1.0
"""No further try after so long: some processors multiply bfloat16 very slowly."""


@dataclass(frozen=True, slots=True)
class Limits:
    """`bytes_per_s` that can be read, `flops` a second of products in the model's numbers; what a
    step reads of weights, and of each token that a conversation has; `flop` a token."""

    bytes_per_s: float
    flops: float
    weights_bytes: int
    kv_bytes_per_token: int
    flop: float

    def tokens_per_s(self, rows: int, tokens: float) -> tuple[float, float]:
        """No more than this, by reading and by multiplying, when `rows` conversations of
        `tokens` are computed side by side."""
        read_s = (self.weights_bytes + rows * tokens * self.kv_bytes_per_token) / self.bytes_per_s
        return rows / read_s, self.flops / self.flop


def measure_limits(network: Network, model: PreTrainedModel) -> Limits:
    """The device is measured once, the best of a few tries; the rest follows from the shape."""
    shape, size = network.shape, model.dtype.itemsize
    looked_up = 0 if shape.tied_embeddings else shape.vocabulary * shape.hidden
    return Limits(
        _read_rate(model.device),
        _multiply_rate(model.device, model.dtype),
        sum(weights.nbytes for weights in model.parameters()) - looked_up * size,
        2 * shape.layers * shape.kv_heads * shape.head_dim * size,
        2.0 * (shape.parameters - looked_up),
    )


@cache
def _read_rate(device: torch.device) -> float:
    # zeros may share one page of memory, which would be read from a cache
    numbers = torch.ones(READ_BYTES[device.type] // 4, device=device)
    return numbers.nbytes / _best_s(device, numbers.sum)


@cache
def _multiply_rate(device: torch.device, dtype: torch.dtype) -> float:
    side = SIDE[device.type]
    square = torch.ones(side, side, device=device, dtype=dtype)
    return 2 * side**3 / _best_s(device, lambda: square @ square)


def _best_s(device: torch.device, work: Callable[[], Tensor]) -> float:
    def once() -> float:
        started = time.perf_counter()
        work()
        if device.type == "cuda":
            torch.cuda.synchronize(device)
        return time.perf_counter() - started

    tries = [once()]
    while len(tries) < TRIES and sum(tries) < ENOUGH_S:
        tries.append(once())
    return min(tries)
