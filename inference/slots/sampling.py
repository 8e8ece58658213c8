"""Choosing tokens: what a row's settings make of the model's scores.

As in transformers the order is repetition penalty, least length, temperature, top-k, top-p.
All functions take [rows, vocabulary] and one setting a row, and never look at a value on the
host: they run inside a captured graph too.
"""

import torch
from torch import Tensor

BEST_TOKENS = 1024
"""So many of the best tokens are sorted for top-k and top-p: a full sort costs far more."""

COLDEST = 1e-5
"""Below this temperature the best token is taken: to divide by much less gives no numbers."""

NO_NUMBERS = -1
"""In place of a token: the model gave no finite scores."""
UNSURE = -2
"""In place of a token: the best tokens that were looked at are too few to tell."""


def penalised(scores: Tensor, seen: Tensor, penalties: Tensor) -> Tensor:
    """Scores of tokens that were `seen` [rows, vocabulary] made smaller."""
    penalties = penalties[:, None]
    smaller = torch.where(scores < 0, scores * penalties, scores / penalties)
    return torch.where(seen, smaller, scores)


def kept_from_ending(scores: Tensor, ends: Tensor, too_short: Tensor) -> Tensor:
    """The `ends` [ids] are not for rows that are `too_short` [rows]."""
    return scores.index_fill(1, ends, -torch.inf).where(too_short[:, None], scores)


def greedy(scores: Tensor) -> Tensor:
    """Each row's best token, or NO_NUMBERS."""
    best, tokens = scores.max(-1)
    return tokens.where(best.isfinite(), NO_NUMBERS)


def drawn(scores: Tensor, draws: Tensor) -> Tensor:
    """Each row's token at the random number `draws` [rows], in float64, of the whole
    distribution: of all tokens, in the vocabulary's order. Scores have a temperature already."""
    steps = scores.softmax(-1, dtype=torch.float64).cumsum(-1)
    tokens = torch.searchsorted(steps, draws[:, None] * steps[:, -1:], right=True)[:, 0]
    return tokens.clamp(max=scores.shape[-1] - 1)  # of scores that are no numbers too


def drawn_from_best(
    scores: Tensor, top_k: Tensor, top_p: Tensor, draws: Tensor, width: int
) -> Tensor:
    """Likewise among each row's `top_k` best tokens (0: all), and of these among the fewest
    whose probabilities reach `top_p`; UNSURE where the `width` best ones are too few for it."""
    width = min(width, scores.shape[-1])
    best, tokens = _best(scores, width)
    last = best.gather(-1, top_k.clamp(1, width)[:, None] - 1)
    limited = top_k[:, None] > 0
    best = best.masked_fill((best < last) & limited, -torch.inf)
    whole = torch.where(limited, best.logsumexp(-1, True), scores.logsumexp(-1, True))
    shares = (best - whole).double().exp()
    reached = shares.cumsum(-1)
    shares = shares.where(reached - shares < top_p[:, None], 0.0)
    steps = shares.cumsum(-1)
    places = torch.searchsorted(steps, draws[:, None] * steps[:, -1:], right=True)
    chosen = tokens.gather(-1, places.clamp(max=width - 1))[:, 0]
    if width == scores.shape[-1]:
        return chosen
    enough = torch.where(top_k > 0, top_k <= width, reached[:, -1] >= top_p)
    return chosen.where(enough, UNSURE)


def _best(scores: Tensor, width: int) -> tuple[Tensor, Tensor]:
    """The best scores and their tokens, equal ones in the vocabulary's order: `topk` orders
    them as it likes, and not alike in every batch."""
    tokens = scores.topk(width, -1).indices.sort(-1).values
    best, order = scores.gather(-1, tokens).sort(dim=-1, descending=True, stable=True)
    return best, tokens.gather(-1, order)
