"""Jais in the style of transformers 5: loads published checkpoints by their own key names.

A decoder like GPT-2 with SwiGLU, ALiBi and the scales of maximal update parametrization
(arxiv.org/abs/2308.16149). For inference alone: no dropout, no loss.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from transformers import AutoModelForCausalLM, Cache, DynamicCache, GenerationMixin, PreTrainedModel
from transformers import initialization as init
from transformers.masking_utils import create_causal_mask
from transformers.modeling_outputs import BaseModelOutputWithPast, CausalLMOutputWithPast
from transformers.modeling_utils import ALL_ATTENTION_FUNCTIONS, slice_logits_to_keep
from transformers.pytorch_utils import Conv1D

from inference.jais.alibi import JaisAlibi
from inference.jais.configuration import JaisConfig


def eager_attention(
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    scaling: float,
    position_bias: Tensor | None = None,
    **_: object,
) -> tuple[Tensor, Tensor]:
    """Attention spelled out: scores and softmax in float32. All of [batch, heads, tokens, dim];
    returns [batch, tokens, heads, dim] and the weights."""
    scores = (query @ key.transpose(2, 3) * scaling).float()
    for added in (position_bias, attention_mask):
        if added is not None:
            scores = scores + added
    weights = scores.softmax(-1).to(value.dtype)
    return (weights @ value).transpose(1, 2), weights


def linear(outputs: int, inputs: int) -> nn.Module:
    """A layer whose weights lie as published, [inputs, outputs]."""
    layer: nn.Module = Conv1D(outputs, inputs)  # type: ignore[no-untyped-call]
    return layer


class JaisAttention(nn.Module):
    """Attention of one layer. What the chosen attention function gets beside the usual:
    `position_bias` where a mask was made, and `alibi_slopes` for one that makes its own."""

    def __init__(self, config: JaisConfig, layer_idx: int) -> None:
        super().__init__()
        self.config = config
        self.layer_idx = layer_idx
        self.is_causal = True
        self.head_dim = config.n_embd // config.n_head
        self.scaling = self.head_dim ** (-1.0 if config.mup_scale_qk_dot_by_d else -0.5)
        self.c_attn = linear(3 * config.n_embd, config.n_embd)
        self.c_proj = linear(config.n_embd, config.n_embd)

    def forward(
        self,
        hidden: Tensor,
        attention_mask: Tensor | None,
        past_key_values: Cache | None,
        **options: object,
    ) -> tuple[Tensor, Tensor | None]:
        shape = (*hidden.shape[:-1], -1, self.head_dim)
        parts = self.c_attn(hidden).chunk(3, dim=-1)
        query, key, value = (part.view(shape).transpose(1, 2) for part in parts)
        if past_key_values is not None:
            key, value = past_key_values.update(key, value, self.layer_idx)
        attend: Callable[..., tuple[Tensor, Tensor | None]] = ALL_ATTENTION_FUNCTIONS.get_interface(
            self.config._attn_implementation, eager_attention
        )
        mixed, weights = attend(
            self, query, key, value, attention_mask, scaling=self.scaling, **options
        )
        return self.c_proj(mixed.reshape(hidden.shape)), weights


class JaisMLP(nn.Module):
    """SwiGLU; `c_fc2` is the gate."""

    def __init__(self, config: JaisConfig) -> None:
        super().__init__()
        self.c_fc = linear(config.n_inner, config.n_embd)
        self.c_fc2 = linear(config.n_inner, config.n_embd)
        self.c_proj = linear(config.n_embd, config.n_inner)

    def forward(self, hidden: Tensor) -> Tensor:
        mixed: Tensor = self.c_proj(self.c_fc(hidden) * nn.functional.silu(self.c_fc2(hidden)))
        return mixed


class JaisBlock(nn.Module):
    def __init__(self, config: JaisConfig, layer_idx: int) -> None:
        super().__init__()
        self.ln_1 = nn.LayerNorm(config.n_embd, eps=config.layer_norm_epsilon)
        self.attn = JaisAttention(config, layer_idx)
        self.ln_2 = nn.LayerNorm(config.n_embd, eps=config.layer_norm_epsilon)
        self.mlp = JaisMLP(config)

    def forward(self, hidden: Tensor, **options: object) -> Tensor:
        hidden = hidden + self.attn(self.ln_1(hidden), **options)[0]
        mixed: Tensor = hidden + self.mlp(self.ln_2(hidden))
        return mixed


class JaisPreTrainedModel(PreTrainedModel):
    config: JaisConfig
    config_class = JaisConfig
    base_model_prefix = "transformer"
    _no_split_modules = ["JaisBlock"]
    _skip_keys_device_placement = ["past_key_values"]
    _supports_sdpa = True
    _supports_attention_backend = True
    # Buffers that published checkpoints carry along; all follow from the configuration.
    _keys_to_ignore_on_load_unexpected = [
        r"relative_pe\.slopes$",
        r"\.attn\.(masked_)?bias$",
    ]

    @torch.no_grad()
    def _init_weights(self, module: nn.Module) -> None:
        super()._init_weights(module)  # type: ignore[no-untyped-call]
        if isinstance(module, Conv1D):
            init.normal_(module.weight, mean=0.0, std=self.config.initializer_range)
            init.zeros_(module.bias)
        elif isinstance(module, JaisAlibi):
            # Loading begins without memory behind the tensors and fills what a checkpoint has.
            init.copy_(module.slopes, module.computed())


class JaisModel(JaisPreTrainedModel):
    """Token ids to hidden states."""

    def __init__(self, config: JaisConfig) -> None:
        super().__init__(config)
        self.wte = nn.Embedding(config.vocab_size, config.n_embd)
        self.h = nn.ModuleList(JaisBlock(config, index) for index in range(config.n_layer))
        self.ln_f = nn.LayerNorm(config.n_embd, eps=config.layer_norm_epsilon)
        self.relative_pe = JaisAlibi(config)
        self.post_init()  # type: ignore[no-untyped-call]

    def get_input_embeddings(self) -> nn.Module:
        return self.wte

    def set_input_embeddings(self, value: nn.Module) -> None:
        self.wte = value  # type: ignore[assignment]

    def forward(
        self,
        input_ids: Tensor | None = None,
        attention_mask: Tensor | None = None,
        position_ids: Tensor | None = None,
        past_key_values: Cache | None = None,
        inputs_embeds: Tensor | None = None,
        use_cache: bool | None = None,
        **options: object,
    ) -> BaseModelOutputWithPast:
        embedded = self.wte(input_ids) if inputs_embeds is None else inputs_embeds
        if past_key_values is None and (self.config.use_cache if use_cache is None else use_cache):
            past_key_values = DynamicCache(config=self.config)
        mask = create_causal_mask(
            self.config,
            embedded,
            attention_mask,
            past_key_values,
            position_ids,
            allow_is_causal_skip=False,
        )
        assert mask is None or isinstance(mask, Tensor)  # no block mask: flex is not supported
        slopes, bias = self._alibi(embedded, mask, past_key_values)
        hidden = embedded * self.config.mup_embeddings_scale
        for block in self.h:
            hidden = block(
                hidden,
                attention_mask=mask,
                past_key_values=past_key_values,
                position_bias=bias,
                alibi_slopes=slopes,
                **options,
            )
        return BaseModelOutputWithPast(self.ln_f(hidden), past_key_values)

    def _alibi(
        self, embedded: Tensor, mask: Tensor | None, cache: Cache | None
    ) -> tuple[Tensor, Tensor | None]:
        """The slopes, and the bias [1, heads, tokens, keys] where the attention has a mask."""
        seen = 0 if cache is None else cache.get_seq_length()
        count = embedded.shape[1]
        slopes = self.relative_pe.stretched(seen + count)
        if mask is None:
            return slopes, None
        # Softmax would forgive another origin; bfloat16, exact for small numbers alone, would not.
        queries = torch.arange(count, device=embedded.device) + seen
        bias = self.relative_pe(slopes, queries, mask.shape[-1])
        if self.config._attn_implementation == "sdpa":  # whose mask is of the weights' type
            bias = bias.to(embedded.dtype)
        return slopes, bias


class JaisForCausalLM(JaisPreTrainedModel, GenerationMixin):
    """Token ids to logits."""

    _tied_weights_keys = {"lm_head.weight": "transformer.wte.weight"}

    def __init__(self, config: JaisConfig) -> None:
        super().__init__(config)
        self.transformer = JaisModel(config)
        self.lm_head = nn.Linear(config.n_embd, config.vocab_size, bias=False)
        self.post_init()  # type: ignore[no-untyped-call]

    def forward(
        self,
        input_ids: Tensor | None = None,
        attention_mask: Tensor | None = None,
        logits_to_keep: int | Tensor = 0,
        **options: object,
    ) -> CausalLMOutputWithPast:
        """Logits [batch, tokens, vocabulary] of all tokens, or of those in `logits_to_keep`."""
        output = self.transformer(input_ids, attention_mask, **options)
        hidden = slice_logits_to_keep(output.last_hidden_state, logits_to_keep)
        scale = self.config.mup_output_alpha * self.config.mup_width_scale
        return CausalLMOutputWithPast(
            logits=self.lm_head(hidden) * scale, past_key_values=output.past_key_values
        )


AutoModelForCausalLM.register(JaisConfig, JaisForCausalLM, exist_ok=True)
