"""Attention over the key-value pool, put into transformers' models through their interface.

A name that transformers has no mask function for gets no mask from it, which suits a packed
pass: what a token may see follows from its row and position alone.
"""

import torch
from torch import Tensor, nn
from transformers import AttentionInterface

from inference.errors import ModelLoadFailed
from inference.slots.batch import Batch, Block, distances
from inference.slots.grid import Grid

NAME = "slots"


def slot_attention(
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    scaling: float | None = None,
    softcap: float | None = None,
    sliding_window: int | None = None,
    alibi_slopes: Tensor | None = None,
    batch: Batch | Grid | None = None,
    s_aux: Tensor | None = None,
    **_: object,
) -> tuple[Tensor, None]:
    """Store the pass's keys and values, then attend over each row's own.

    query is [1, heads, tokens, dim], key and value [1, kv_heads, tokens, dim]; the result is
    [1, tokens, heads, dim]. `softcap` and `sliding_window` are Gemma 2's, `alibi_slopes`
    [heads] is ALiBi's; `scaling` None means 1/sqrt(dim). Raises ModelLoadFailed for attention
    sinks (`s_aux`, GPT-OSS), with the first pass, which is made while the model is opened.
    """
    assert batch is not None  # the slot engine's passes alone come here
    if s_aux is not None:
        raise ModelLoadFailed(f"{type(module).__name__} is not supported: it has attention sinks")
    layer = module.layer_idx
    assert isinstance(layer, int)
    scale = query.shape[-1] ** -0.5 if scaling is None else scaling
    if isinstance(batch, Grid):
        special = scale, softcap, sliding_window, alibi_slopes
        return batch.attend(layer, query, key, value, *special), None
    keys, values = batch.pool.layer(layer, key, value)
    keys.index_copy_(1, batch.places, key[0])
    values.index_copy_(1, batch.places, value[0])
    outputs = []
    for index, block in enumerate(batch.blocks):
        since = 0 if sliding_window is None else max(0, block.first + 1 - sliding_window)
        scores = _scores(_queries(query, block), block.of(keys, since), scale)
        if softcap is not None:
            scores = torch.tanh(scores / softcap) * softcap
        if alibi_slopes is not None:
            slopes = alibi_slopes.view(1, len(keys), -1, 1, 1)
            scores = scores.float() - slopes * distances(block, since)
        hidden = batch.hidden(index, since, sliding_window)
        if hidden is not None:
            scores = scores.masked_fill(hidden, -torch.inf)
        outputs.append(_mix(scores, block.of(values, since)))
    return torch.cat(outputs)[None], None


def _queries(query: Tensor, block: Block) -> Tensor:
    """[rows, heads, tokens, dim] of one block."""
    _, heads, _, dim = query.shape
    return query[0, :, block.tokens].reshape(heads, *block.positions.shape, dim).transpose(0, 1)


def _scores(query: Tensor, keys: Tensor, scale: float) -> Tensor:
    """[rows, kv_heads, group, tokens, keys]. The query heads that share a key head are folded
    into the tokens, so that no key is copied."""
    rows, heads, count, dim = query.shape
    kv_heads = keys.shape[1]
    folded = query.reshape(rows, kv_heads, heads // kv_heads * count, dim)
    scores = (folded @ keys.transpose(2, 3)) * scale
    return scores.view(rows, kv_heads, heads // kv_heads, count, keys.shape[2])


def _mix(scores: Tensor, values: Tensor) -> Tensor:
    """Softmax in float32 and the weighted values: [rows × tokens, heads, dim]."""
    rows, kv_heads, group, count, seen = scores.shape
    weights = scores.softmax(-1, dtype=torch.float32).to(values.dtype)
    mixed = weights.view(rows, kv_heads, group * count, seen) @ values
    mixed = mixed.view(rows, kv_heads * group, count, values.shape[-1])
    return mixed.transpose(1, 2).reshape(rows * count, kv_heads * group, values.shape[-1])


AttentionInterface.register(NAME, slot_attention)
