"""The memory of all conversations in flight: keys and values of every layer, in fixed places."""

import torch
from torch import Tensor


class KeyValuePool:
    """Per layer two tensors of [slots, kv_heads, context_tokens, head_dim].

    A slot belongs to one row at a time. A layer's memory is taken at its first use, when its
    heads are known, and never grows; loading a model ends with such a first use.
    """

    def __init__(self, slots: int, context_tokens: int) -> None:
        self.slots = slots
        self.context_tokens = context_tokens
        self._layers: dict[int, tuple[Tensor, Tensor]] = {}

    def layer(self, index: int, key: Tensor, value: Tensor) -> tuple[Tensor, Tensor]:
        """Keys and values of layer `index`, for states shaped like [1, kv_heads, tokens, dim]."""
        if index not in self._layers:
            self._layers[index] = self._empty(key), self._empty(value)
        return self._layers[index]

    def _empty(self, like: Tensor) -> Tensor:
        _, heads, _, dim = like.shape
        # zeros, not empty: a masked score times a stray NaN would still be NaN
        return torch.zeros(
            self.slots, heads, self.context_tokens, dim, dtype=like.dtype, device=like.device
        )

    @property
    def bytes(self) -> int:
        return sum(t.numel() * t.element_size() for pair in self._layers.values() for t in pair)
