"""Muon in float32: torch's own works in bfloat16, which most processors multiply slowly.

After Keller Jordan, "Muon: An optimizer for hidden layers in neural networks" (2024); the step
is scaled as torch's `match_rms_adamw` does. Matrices of one shape are turned together.
"""

from collections import defaultdict
from collections.abc import Iterable

import torch
from torch import nn

_QUINTIC = (3.4445, -4.7750, 2.0315)
_TURNS = 5
_MOMENTUM = 0.95


class Muon(torch.optim.Optimizer):
    """For matrices only."""

    def __init__(self, matrices: Iterable[nn.Parameter], lr: float, weight_decay: float) -> None:
        super().__init__(list(matrices), {"lr": lr, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]
        """One step on every matrix."""
        for group in self.param_groups:
            by_shape: dict[torch.Size, list[nn.Parameter]] = defaultdict(list)
            for matrix in group["params"]:
                by_shape[matrix.shape].append(matrix)
            for matrices in by_shape.values():
                self._step_together(matrices, group["lr"], group["weight_decay"])

    def _step_together(self, matrices: list[nn.Parameter], lr: float, decay: float) -> None:
        moves = _orthogonal(torch.stack([self._with_momentum(matrix) for matrix in matrices]))
        scale = lr * 0.2 * max(matrices[0].shape) ** 0.5
        for matrix, move in zip(matrices, moves, strict=True):
            matrix.mul_(1 - lr * decay)
            matrix.add_(move, alpha=-scale)

    def _with_momentum(self, matrix: nn.Parameter) -> torch.Tensor:
        """Nesterov's: the gradient, drawn to its running mean."""
        assert matrix.grad is not None
        state = self.state[matrix]
        mean: torch.Tensor = state.setdefault("mean", torch.zeros_like(matrix))
        mean.lerp_(matrix.grad, 1 - _MOMENTUM)
        return matrix.grad.lerp(mean, _MOMENTUM)


def _orthogonal(moves: torch.Tensor) -> torch.Tensor:
    """The nearest matrices with all singular values about 1, by Newton and Schulz."""
    tall = moves.shape[-2] > moves.shape[-1]
    turned: torch.Tensor = moves.mT if tall else moves
    turned = turned / (turned.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    first, second, third = _QUINTIC
    for _ in range(_TURNS):
        square = turned @ turned.mT
        turned = first * turned + (second * square + third * square @ square) @ turned
    return turned.mT if tall else turned
