"""The first reading: every token's embedding learns which intents it speaks for.

A bag of tokens is learned in a minute and is right more often than not; the model starts from
its embeddings and need not find out again what the words mean.
"""

from itertools import accumulate

import torch
from torch import nn
from torch.nn import functional

from inference.demo.dialogues import Composer
from inference.demo.examples import Encoder

_BATCH = 512
_RATE = 5e-3
_SHARPNESS = 3.0


def read_bag(
    composer: Composer,
    encoder: Encoder,
    intents: tuple[str, ...],
    shape: tuple[int, int],
    steps: int,
) -> torch.Tensor:
    """Embeddings of `shape` (tokens, width), of standard deviation 1, after `steps` batches."""
    bag = nn.EmbeddingBag(*shape, mode="mean")
    nn.init.normal_(bag.weight, std=0.1)
    head = nn.Linear(shape[1], len(intents))
    optimizer = torch.optim.Adam([*bag.parameters(), *head.parameters()], lr=_RATE)
    for step in range(steps):
        asks = [composer.compose().turns[-1] for _ in range(_BATCH)]
        ids = [encoder.encode_ask(turn.ask) for turn in asks]
        starts = torch.tensor([0, *accumulate(map(len, ids))][:-1])
        wanted = torch.tensor([intents.index(turn.intent) for turn in asks])
        tokens = torch.tensor([token for ask in ids for token in ask])
        loss = functional.cross_entropy(head(bag(tokens, starts) * _SHARPNESS), wanted)
        optimizer.param_groups[0]["lr"] = _RATE * max(0.05, 1 - step / steps)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    weight = bag.weight.detach()
    return weight / weight.std()
