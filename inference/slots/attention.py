"""Attention over the key-value pool, put into transformers' models through their interface.

A name that transformers has no mask function for gets no mask from it, which suits a packed
pass: what a token may see follows from its row and position alone.
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention
from transformers import AttentionInterface

from inference.errors import ModelLoadFailed
from inference.slots.batch import Batch
from inference.slots.block import Block
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
    batch = batch.on(query.device)
    keys, values = batch.pool.layer(layer, key, value)
    keys.index_copy_(1, batch.places, key[0])
    values.index_copy_(1, batch.places, value[0])
    is_plain = softcap is None and alibi_slopes is None
    outputs = []
    for index, block in enumerate(batch.blocks):
        since = 0 if sliding_window is None else max(0, block.first + 1 - sliding_window)
        hidden = batch.hidden(index, since, sliding_window)
        if is_plain and block.rows == 1:
            own = query.narrow(2, block.tokens.start, block.count)
            seen = block.of(keys, since), block.of(values, since)
            outputs.append(_plainly(own, *seen, hidden, scale))
            continue
        scores = _scores(_queries(query, block, len(keys)), block.of(keys, since), scale)
        if softcap is not None:
            scores.div_(softcap).tanh_().mul_(softcap)
        if alibi_slopes is not None:
            slopes = alibi_slopes.view(len(keys), -1, 1, 1)
            biased = _parted(scores.float(), block) - slopes * batch.distances(index, since)
            scores = biased.flatten(-3, -2)
        if hidden is not None:
            _parted(scores, block).masked_fill_(hidden, -torch.inf)
        outputs.append(_mix(scores, block.of(values, since), block.count))
    return torch.cat(outputs)[None], None


def _plainly(
    query: Tensor, keys: Tensor, values: Tensor, hidden: Tensor | None, scale: float
) -> Tensor:
    """[tokens, heads, dim] of one row, by torch's own attention, which holds no scores; it knows
    neither a soft-cap nor ALiBi."""
    grouped = query.shape[1] != keys.shape[0]
    seen = None if hidden is None else ~hidden
    mixed = scaled_dot_product_attention(
        query, keys[None], values[None], seen, scale=scale, enable_gqa=grouped
    )
    return mixed[0].transpose(0, 1)


# A processor computes each row by itself, for every layer: there each small operation counts.


def _queries(query: Tensor, block: Block, kv_heads: int) -> Tensor:
    """[rows, kv_heads, group × tokens, dim] of one block, without rows where it is one. The query
    heads that share a key head are folded into the tokens, so that no key is copied."""
    own = query[0].narrow(1, block.tokens.start, block.rows * block.count)
    if block.rows == 1:
        return own.reshape(kv_heads, -1, own.shape[2])
    parted = own.view(-1, block.rows, block.count, own.shape[2]).transpose(0, 1)
    return parted.reshape(block.rows, kv_heads, -1, own.shape[2])


def _scores(query: Tensor, keys: Tensor, scale: float) -> Tensor:
    """[rows, kv_heads, group × tokens, keys], likewise."""
    return (query @ keys.mT).mul_(scale)


def _parted(scores: Tensor, block: Block) -> Tensor:
    """The same with heads and tokens parted: [rows, kv_heads, group, tokens, keys]."""
    return scores.view(*scores.shape[:-2], -1, block.count, scores.shape[-1])


def _mix(scores: Tensor, values: Tensor, count: int) -> Tensor:
    """Softmax in float32 and the weighted values: [rows × tokens, heads, dim]."""
    mixed = scores.softmax(-1, dtype=torch.float32).to(values.dtype) @ values
    by_head = mixed.view(*mixed.shape[:-3], -1, count, mixed.shape[-1])
    flat: Tensor = by_head.transpose(-3, -2).flatten(0, -3)
    return flat


AttentionInterface.register(NAME, slot_attention)
