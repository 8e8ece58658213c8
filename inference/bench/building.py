"""Models with random weights, built where they are computed: nothing is downloaded or written."""

import torch
from bitsandbytes.nn.modules import Int8Params, Linear4bit, Linear8bitLt, Params4bit
from torch import Tensor, nn
from transformers import (
    AutoModelForCausalLM,
    Gemma2Config,
    LlamaConfig,
    PreTrainedConfig,
    PreTrainedModel,
)
from transformers.pytorch_utils import Conv1D

import inference.jais.modeling  # noqa: F401 - makes Jais known to the Auto classes
from inference.bench.networks import Network
from inference.jais.configuration import JaisConfig
from inference.memory import Quantization
from inference.precision import Precision

SEED = 20261121
GAIN = 1.5
"""How many times larger the numbers are behind a matrix of random weights."""
ECHO = 8
"""By how much embeddings are smaller than matrices."""

INT8_THRESHOLD = 6.0
"""Larger numbers go through unquantized: what transformers' BitsAndBytesConfig says too."""


def build(network: Network, precision: Precision, device: torch.device) -> PreTrainedModel:
    """The same weights every time on the same device. Raises torch.OutOfMemoryError."""
    torch.manual_seed(SEED)
    with torch.device(device):
        model: object = AutoModelForCausalLM.from_config(  # type: ignore[no-untyped-call]
            _config(network), dtype=getattr(torch, precision.dtype)
        )
    assert isinstance(model, PreTrainedModel)
    model.eval()  # type: ignore[no-untyped-call]
    embeddings = model.get_input_embeddings().weight
    assert isinstance(embeddings, Tensor)
    with torch.no_grad():
        embeddings.mul_(1 / ECHO)  # tied ones would have it say its input again
    if precision.quantization != "none":
        _quantize(model, precision.quantization)
    return model


def _config(network: Network) -> PreTrainedConfig:
    """No token ends an answer, so that all are as long as they are asked for."""
    shape = network.shape
    common = {
        "vocab_size": shape.vocabulary,
        "tie_word_embeddings": shape.tied_embeddings,
        "pad_token_id": 0,
        "bos_token_id": None,
        "eos_token_id": None,
        # With the usual 0.02 an untrained model says one word for ever, whatever came before.
        "initializer_range": GAIN / shape.hidden**0.5,
    }
    if network.architecture == "jais":
        return JaisConfig(
            n_embd=shape.hidden,
            n_layer=shape.layers,
            n_head=shape.heads,
            n_inner=shape.intermediate,
            n_positions=network.context_tokens,
            mup_scale_qk_dot_by_d=True,
            **common,
        )
    common |= {
        "hidden_size": shape.hidden,
        "intermediate_size": shape.intermediate,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "num_key_value_heads": shape.kv_heads,
        "head_dim": shape.head_dim,
        "max_position_embeddings": network.context_tokens,
    }
    if network.architecture == "llama":
        return LlamaConfig(**common)
    return Gemma2Config(
        **common, sliding_window=network.window, query_pre_attn_scalar=shape.head_dim
    )


def _quantize(model: PreTrainedModel, quantization: Quantization) -> None:
    """Put bitsandbytes' layers in place of all linear ones but the output, one after the other."""
    output = model.get_output_embeddings()  # type: ignore[no-untyped-call]
    names = [
        name
        for name, layer in model.named_modules()
        if isinstance(layer, nn.Linear | Conv1D) and layer is not output
    ]
    for name in names:
        layer = model.get_submodule(name)
        assert isinstance(layer, nn.Linear | Conv1D)
        weight = layer.weight.detach()
        if isinstance(layer, Conv1D):
            weight = weight.t().contiguous()
        model.set_submodule(name, _quantized(weight, layer.bias, quantization))
    if quantization == "8bit":
        # as transformers marks it; our engine goes by that
        model.is_loaded_in_8bit = True  # type: ignore[assignment]


def _quantized(weight: Tensor, bias: nn.Parameter | None, quantization: Quantization) -> nn.Module:
    outputs, inputs = weight.shape
    layer: nn.Module
    kept: nn.Parameter
    if quantization == "8bit":
        layer = Linear8bitLt(
            inputs, outputs, bias is not None, has_fp16_weights=False, threshold=INT8_THRESHOLD
        )
        # It quantizes on its way from the processor alone.
        kept = Int8Params(weight.cpu(), requires_grad=False, has_fp16_weights=False)
    else:
        layer = Linear4bit(  # type: ignore[no-untyped-call]
            inputs, outputs, bias is not None, compute_dtype=weight.dtype, quant_type="nf4"
        )
        kept = Params4bit(
            weight, requires_grad=False, compress_statistics=True, quant_type="nf4", module=layer
        )
    layer.register_parameter("weight", kept)
    layer.register_parameter("bias", bias)
    return layer.to(weight.device).eval()
