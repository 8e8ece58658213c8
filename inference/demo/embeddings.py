"""Embeddings of tokens that share what they learn with tokens of like letters.

"chokran" and "chukran" are two tokens, and one of them may be rare. While the model learns, a
token's vector is one of its own and the sum of one for each n-gram of its letters (as in
fastText, https://arxiv.org/abs/1607.04606); the checkpoint has the finished vectors alone.
"""

import math
from collections import Counter
from collections.abc import Sequence

import torch
from torch import nn
from torch.nn import functional

from inference.demo.ngrams import ngrams


class Embeddings(nn.Module):
    """Calling it gives the table, of shape (tokens, width)."""

    def __init__(self, texts: Sequence[str], width: int) -> None:
        """`texts` are what the tokens stand for, in their order."""
        super().__init__()
        rows = [set(ngrams(text)) for text in texts]
        holders = Counter(gram for row in rows for gram in row)
        # What one token alone has is in its own vector already.
        shared = sorted(gram for gram, count in holders.items() if count > 1)
        places = {gram: place for place, gram in enumerate(shared)}
        kept = [sorted(places[gram] for gram in row if gram in places) for row in rows]
        counts = torch.tensor([len(row) for row in kept])
        self._starts = counts.cumsum(0) - counts
        self._grams = torch.tensor([gram for row in kept for gram in row])
        self._shares = torch.tensor([1 / math.sqrt(len(row)) for row in kept for _ in row])
        self.own = nn.Parameter(torch.randn(len(rows), width) * 0.1)
        self.shared = nn.Parameter(torch.randn(len(places), width) * 0.03)

    def forward(self) -> torch.Tensor:
        return self.own + functional.embedding_bag(
            self._grams, self.shared, self._starts, mode="sum", per_sample_weights=self._shares
        )

    def scale(self, deviation: float) -> None:
        """Scale the table to this standard deviation."""
        with torch.no_grad():
            factor = deviation / self().std()
            self.own.mul_(factor)
            self.shared.mul_(factor)
