"""Small lists of numbers on their way to the model's device."""

from collections.abc import Sequence

import torch
from torch import Tensor


def upload(numbers: Sequence[int], device: torch.device) -> Tensor:
    """Whole numbers on the device, without waiting for what it is computing."""
    column = torch.tensor(numbers, dtype=torch.long)
    if device.type == "cuda":
        return column.pin_memory().to(device, non_blocking=True)
    return column.to(device)
