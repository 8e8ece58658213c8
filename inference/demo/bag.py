"""The first reading: every token's embedding learns which intents it speaks for.

A bag of tokens is learned in a minute and is right more often than not; the model starts from
its embeddings and need not find out again what the words mean. Tokens that share letters share
what they learn: "chokran" and "chukran" are two tokens, and one of them may be rare.
"""

from collections.abc import Sequence
from itertools import accumulate

import torch
from rich.progress import track
from torch import nn
from torch.nn import functional

from inference.demo.examples import Batches
from inference.demo.ngrams import BUCKETS, ngrams

_BATCH = 512
_RATE = 5e-3
_SHARPNESS = 3.0


class _Embeddings(nn.Module):
    """One vector a token, and one for each n-gram of letters in it."""

    def __init__(self, texts: Sequence[str], width: int) -> None:
        super().__init__()
        rows = [ngrams(text) for text in texts]
        counts = torch.tensor([len(row) for row in rows])
        self._starts = counts.cumsum(0) - counts
        self._grams = torch.tensor([gram for row in rows for gram in row])
        self._scale = counts.sqrt()[:, None]
        self.own = nn.Parameter(torch.randn(len(rows), width) * 0.1)
        self.shared = nn.EmbeddingBag(BUCKETS, width, mode="sum", sparse=True)
        nn.init.normal_(self.shared.weight, std=0.03)

    def forward(self) -> torch.Tensor:
        shared: torch.Tensor = self.shared(self._grams, self._starts)
        return self.own + shared / self._scale


def read_bag(
    source: Batches, intents: int, texts: Sequence[str], width: int, steps: int
) -> torch.Tensor:
    """Embeddings of shape (tokens, width), of standard deviation 1, after `steps` batches.

    `texts` are what the tokens stand for, in their order.
    """
    embeddings = _Embeddings(texts, width)
    head = nn.Linear(width, intents)
    dense = torch.optim.Adam([embeddings.own, *head.parameters()], lr=_RATE)
    sparse = torch.optim.SparseAdam([embeddings.shared.weight], lr=_RATE)
    for step in track(range(steps), description="first reading"):
        ids, wanted = source.asks(_BATCH)
        starts = torch.tensor([0, *accumulate(map(len, ids))][:-1])
        tokens = torch.tensor([token for ask in ids for token in ask])
        bags = functional.embedding_bag(tokens, embeddings(), starts, mode="mean")
        loss = functional.cross_entropy(head(bags * _SHARPNESS), wanted)
        for optimizer in (dense, sparse):
            optimizer.param_groups[0]["lr"] = _RATE * max(0.05, 1 - step / steps)
            optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        dense.step()
        sparse.step()  # type: ignore[no-untyped-call]
    weight: torch.Tensor = embeddings().detach()
    return weight / weight.std()
