"""The first reading: every token's embedding learns which intents it speaks for.

A bag of tokens is learned in two minutes and is right more often than not; the model starts
from its embeddings and need not find out again what the words mean.
"""

from collections.abc import Iterator
from itertools import accumulate, islice

import torch
from rich.progress import track
from torch import nn
from torch.nn import functional
from torch.utils.data import DataLoader, IterableDataset

from inference.demo.embeddings import Embeddings
from inference.demo.examples import Batches

_BATCH = 512
_RATE = 5e-3
_SHARPNESS = 3.0

# The asks' token ids in one row, where each ask starts, and how likely it means each intent.
_Bags = tuple[torch.Tensor, torch.Tensor, torch.Tensor]


class _Asks(IterableDataset[_Bags]):
    """Asks for ever, for a `DataLoader` with one worker."""

    def __init__(self, source: Batches) -> None:
        self._source = source

    def __iter__(self) -> Iterator[_Bags]:
        torch.set_num_threads(1)
        while True:
            ids, likely = self._source.asks(_BATCH)
            starts = torch.tensor([0, *accumulate(map(len, ids))][:-1])
            yield torch.tensor([token for ask in ids for token in ask]), starts, likely


def read_bag(source: Batches, embeddings: Embeddings, intents: int, steps: int) -> None:
    """Teach the embeddings for `steps` batches."""
    head = nn.Linear(embeddings.own.shape[1], intents)
    optimizer = torch.optim.Adam([*embeddings.parameters(), *head.parameters()], fused=True)
    loader = islice(DataLoader(_Asks(source), batch_size=None, num_workers=1), steps)
    for step, bags in enumerate(track(loader, "first reading", total=steps)):
        ids, starts, likely = bags
        means = functional.embedding_bag(ids, embeddings(), starts, mode="mean")
        loss = functional.cross_entropy(head(means * _SHARPNESS), likely)
        optimizer.param_groups[0]["lr"] = _RATE * max(0.05, 1 - step / steps)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
