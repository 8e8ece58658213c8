"""ALiBi (arxiv.org/abs/2108.12409): the further away a token, the less attention it gets."""

import math

import torch
from torch import Tensor, nn

from inference.jais.configuration import JaisConfig


def slopes(heads: int) -> list[float]:
    """What each head subtracts from a score for a token of distance.

    For a number of heads that is no power of two the paper's own interpolation: those of the
    next lower power, then every other one of the next higher.
    """
    lower = 1 << math.floor(math.log2(heads))
    start = 2.0 ** (-8 / lower)
    found = [start**power for power in range(1, lower + 1)]
    return found if lower == heads else found + slopes(2 * lower)[::2][: heads - lower]


class JaisAlibi(nn.Module):
    """The slopes of all heads, in float32 whatever the weights are in."""

    slopes: Tensor

    def __init__(self, config: JaisConfig) -> None:
        super().__init__()
        self.config = config
        self.register_buffer("slopes", self.computed(), persistent=False)

    def computed(self) -> Tensor:
        # Named, because loading makes the weights' type the default.
        found = torch.tensor(slopes(self.config.n_head), dtype=torch.float32)
        return found / self.config.alibi_factor

    def stretched(self, tokens: int | Tensor) -> Tensor:
        """[heads], for a text of `tokens` tokens."""
        trained = self.config.alibi_train_tokens
        if trained is None:
            return self.slopes
        return self.slopes / torch.as_tensor(tokens / trained).clamp(min=1).to(self.slopes.device)

    def forward(self, slopes: Tensor, queries: Tensor, keys: int) -> Tensor:
        """What is added to scores: [1, heads, queries, keys], in float32.

        `slopes` is [heads]; `queries` are places among the `keys` first ones of the text. Only
        differences count, so padding on the left changes nothing.
        """
        distance = queries[:, None] - torch.arange(keys, device=queries.device)
        return -slopes.view(1, -1, 1, 1) * distance
