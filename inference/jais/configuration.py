"""The configuration of a Jais checkpoint, with the names of its first and its third version."""

from typing import ClassVar

from huggingface_hub.dataclasses import strict
from transformers import AutoConfig, PreTrainedConfig


@strict
class JaisConfig(PreTrainedConfig):  # type: ignore[no-untyped-call]
    """Fields as published, in v3's names; v1's are read too (`attribute_map`).

    `mup_embeddings_scale` multiplies the embeddings, `mup_output_alpha * mup_width_scale` the
    logits. `mup_scale_qk_dot_by_d` divides attention scores by the head's size instead of its
    root. `alibi_scaling` stretches the distances of attention: by a fixed `factor`, or, once a
    text is longer than `train_seq_len` tokens, by how many times longer it is.
    """

    model_type = "jais"
    keys_to_ignore_at_inference: ClassVar[list[str]] = ["past_key_values"]
    attribute_map: ClassVar[dict[str, str]] = {
        "hidden_size": "n_embd",
        "intermediate_size": "n_inner",
        "max_position_embeddings": "n_positions",
        "num_attention_heads": "n_head",
        "num_hidden_layers": "n_layer",
        "embeddings_scale": "mup_embeddings_scale",
        "width_scale": "mup_width_scale",
        "scale_qk_dot_by_d": "mup_scale_qk_dot_by_d",
    }

    vocab_size: int = 84992
    n_positions: int = 2048
    n_embd: int = 7168
    n_layer: int = 48
    n_head: int = 56
    n_inner: int = 19114
    activation_function: str = "swiglu"
    position_embedding_type: str = "alibi"
    layer_norm_epsilon: float = 1e-5
    initializer_range: float = 0.02
    mup_embeddings_scale: float | int = 1.0
    mup_output_alpha: float | int = 1.0
    mup_width_scale: float | int = 1.0
    mup_scale_qk_dot_by_d: bool = False
    alibi_scaling: dict[str, str | float | int] | None = None
    scale_attn_weights: bool = True
    scale_attn_by_inverse_layer_idx: bool = False
    use_cache: bool = True
    tie_word_embeddings: bool = True
    pad_token_id: int | None = 0
    bos_token_id: int | None = 0
    eos_token_id: int | list[int] | None = 0

    @property
    def alibi_factor(self) -> float:
        """What distances are divided by, whatever a text's length."""
        return float((self.alibi_scaling or {}).get("factor") or 1)

    @property
    def alibi_train_tokens(self) -> int | None:
        """From how many tokens on distances shrink with a text's length; None: they never do."""
        tokens = (self.alibi_scaling or {}).get("train_seq_len")
        return int(tokens) if tokens else None

    def validate_architecture(self) -> None:
        """Called by `strict`. Raises ValueError for what no published Jais has."""
        if self.n_embd % self.n_head:
            raise ValueError(f"n_embd {self.n_embd} is not a multiple of n_head {self.n_head}")
        for name, only in (
            ("activation_function", "swiglu"),
            ("position_embedding_type", "alibi"),
            ("scale_attn_weights", True),
            ("scale_attn_by_inverse_layer_idx", False),
        ):
            if (value := getattr(self, name)) != only:
                raise ValueError(f"{name} of Jais is {only!r}, not {value!r}")
        scaling = self.alibi_scaling
        if scaling is not None and (
            scaling.get("type") != "linear" or not {"factor", "train_seq_len"} & scaling.keys()
        ):
            raise ValueError(f"alibi_scaling is linear, by factor or train_seq_len, not {scaling}")


AutoConfig.register(JaisConfig.model_type, JaisConfig, exist_ok=True)
