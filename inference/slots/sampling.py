"""Choosing the next token of every row, each by its own settings."""

import math
from collections.abc import Sequence
from hashlib import blake2b

import torch
from torch import Tensor

from inference.engine import Sampling
from inference.errors import InvalidRequest
from inference.slots.row import Row

NUCLEUS_WIDTH = 1024
"""The best tokens that are sorted for top-p; the whole vocabulary only if these fall short."""


def check_sampling(sampling: Sampling) -> None:
    """Raises InvalidRequest for settings that make no sense."""
    rules = (
        (math.isfinite(sampling.temperature) and sampling.temperature >= 0, "temperature"),
        (0 < sampling.top_p <= 1, "top_p"),
        (sampling.top_k >= 0, "top_k"),
        (
            math.isfinite(sampling.repetition_penalty) and sampling.repetition_penalty > 0,
            "repetition_penalty",
        ),
        (sampling.max_new_tokens >= 1, "max_new_tokens"),
        (all(sampling.stop), "stop"),
    )
    for holds, name in rules:
        if not holds:
            raise InvalidRequest(f"{name} makes no sense: {getattr(sampling, name)!r}")


def pick(rows: Sequence[Row], logits: Tensor) -> list[int | None]:
    """The next token of every row; None where the model gave no numbers.

    `logits` is [rows, vocabulary]. As in transformers the order is repetition penalty,
    temperature, top-k, top-p.
    """
    scores = logits.float()
    for index, row in enumerate(rows):
        if row.sampling.repetition_penalty != 1:
            scores[index] = _penalised(scores[index], row)
    best, tokens = scores.max(-1)
    sampled = [i for i, row in enumerate(rows) if row.sampling.temperature > 0]
    if sampled:
        chosen = torch.tensor(sampled, device=scores.device)
        tokens[chosen] = _sample([rows[i] for i in sampled], scores[chosen])
    numbers = best.isfinite().tolist()
    return [token if ok else None for token, ok in zip(tokens.tolist(), numbers, strict=True)]


def _penalised(scores: Tensor, row: Row) -> Tensor:
    """Scores [vocabulary] with those of tokens in the prompt or the answer made smaller."""
    penalty = row.sampling.repetition_penalty
    seen = torch.tensor(sorted(set(row.ids)), device=scores.device)
    old = scores[seen]
    return scores.index_put((seen,), torch.where(old < 0, old * penalty, old / penalty))


def _sample(rows: Sequence[Row], scores: Tensor) -> Tensor:
    """One token per row, by inverting the distribution at one random number per row.

    The number depends on the row's seed and position alone, so what else is in the batch
    cannot matter.
    """

    def column(values: Sequence[float]) -> Tensor:
        return torch.tensor(values, device=scores.device, dtype=torch.float32)[:, None]

    scores = scores / column([row.sampling.temperature for row in rows])
    scores = _keep_best(scores, [row.sampling.top_k for row in rows])
    if any(row.sampling.top_p < 1 for row in rows):
        scores = _keep_nucleus(scores, column([row.sampling.top_p for row in rows]))
    steps = scores.softmax(-1, dtype=torch.float64).cumsum(-1)
    draws = [_uniform(row.seed, row.completion_tokens) for row in rows]
    targets = (
        torch.tensor(draws, device=scores.device, dtype=torch.float64)[:, None] * steps[:, -1:]
    )
    return torch.searchsorted(steps, targets, right=True)[:, 0]


def _keep_best(scores: Tensor, counts: Sequence[int]) -> Tensor:
    """Scores below each row's k-th best become -inf; a count of 0 keeps all."""
    width = min(max(counts), scores.shape[-1])
    if width == 0:
        return scores
    best = scores.topk(width, -1).values
    places = torch.tensor([min(k or width, width) - 1 for k in counts], device=scores.device)
    limits = best.gather(-1, places[:, None])
    off = torch.tensor([k == 0 for k in counts], device=scores.device)[:, None]
    return scores.masked_fill((scores < limits) & ~off, -torch.inf)


def _keep_nucleus(scores: Tensor, top_p: Tensor) -> Tensor:
    """The fewest best tokens whose probabilities reach `top_p` [rows, 1]; others become -inf."""
    cut = top_p < 1
    total = scores.logsumexp(-1, keepdim=True)
    width = min(NUCLEUS_WIDTH, scores.shape[-1])
    best = scores.topk(width, -1).values
    reached = (best - total).exp().cumsum(-1)
    if width < scores.shape[-1] and bool(((reached[:, -1:] < top_p) & cut).any()):
        best = scores.sort(-1, descending=True).values
        reached = (best - total).exp().cumsum(-1)
    places = (reached < top_p).sum(-1, keepdim=True).clamp(max=best.shape[-1] - 1)
    return scores.masked_fill((scores < best.gather(-1, places)) & cut, -torch.inf)


def _uniform(seed: int, position: int) -> float:
    """A number between 0 and 1, the same for the same seed and position on every machine.

    48 bits and a half: never so near 1 that its product with a sum is rounded up to the sum.
    """
    digest = blake2b(f"{seed}/{position}".encode(), digest_size=6).digest()
    return (int.from_bytes(digest, "big") + 0.5) / 2**48
