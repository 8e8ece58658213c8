"""The memory of all conversations: keys and values of every layer, in numbered places."""

from collections import Counter
from collections.abc import Mapping

import torch
from torch import Tensor


class KeyValuePool:
    """Per layer two tensors of [kv_heads, tokens, head_dim].

    A place belongs to one row at a time, and a row's places are neighbours. A layer's memory is
    taken at its first use, when its heads are known, and never grows.
    """

    def __init__(self, tokens: int) -> None:
        self.tokens = tokens
        self._layers: dict[int, tuple[Tensor, Tensor]] = {}

    def layer(self, index: int, key: Tensor, value: Tensor) -> tuple[Tensor, Tensor]:
        """Keys and values of layer `index`, for states shaped like [1, kv_heads, tokens, dim]."""
        if index not in self._layers:
            self._layers[index] = self._empty(key), self._empty(value)
        return self._layers[index]

    def copy(self, source: int, target: int, count: int) -> None:
        """Copy the contents of `count` places; the two stretches do not overlap."""
        for tensor in self._tensors():
            tensor[:, target : target + count] = tensor[:, source : source + count]

    def clear(self, start: int, count: int) -> None:
        """Forget what is in these places."""
        for tensor in self._tensors():
            tensor[:, start : start + count] = 0

    @property
    def bytes_per_token(self) -> int:
        """What one place costs; known after the first pass."""
        return sum(self.bytes_on_devices.values())

    @property
    def bytes_on_devices(self) -> Mapping[torch.device, int]:
        """Likewise, on each of the devices that the layers lie on."""
        found: Counter[torch.device] = Counter()
        for tensor in self._tensors():
            found[tensor.device] += tensor.shape[0] * tensor.shape[2] * tensor.element_size()
        return found

    @property
    def bytes(self) -> int:
        return self.tokens * self.bytes_per_token

    def _tensors(self) -> list[Tensor]:
        return [tensor for pair in self._layers.values() for tensor in pair]

    def _empty(self, like: Tensor) -> Tensor:
        _, heads, _, dim = like.shape
        # zeros, not empty: a masked score times a stray NaN would still be NaN
        return torch.zeros(heads, self.tokens, dim, dtype=like.dtype, device=like.device)
