"""A checkpoint's model and tokenizer, loaded; whatever goes wrong says what to do next."""

import logging
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast

import torch
from httpx2 import TransportError
from safetensors import SafetensorError
from transformers import (
    AutoConfig,
    AutoModelForCausalLM,
    AutoTokenizer,
    PreTrainedConfig,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)
from transformers.utils import logging as transformers_logging

import inference.jais.modeling  # noqa: F401 - makes Jais known to the Auto classes
from inference.advice import OUT_OF_MEMORY, explain
from inference.cards import ModelCard
from inference.devices import Devices, find_devices
from inference.download import fetch
from inference.errors import ModelLoadFailed
from inference.options import LoadOptions
from inference.precision import (
    Precision,
    candidates,
    choose_precision,
    fits_into,
    planned_tokens,
)
from inference.progress import size
from inference.quantization import quantization_config

logger = logging.getLogger(__name__)

AS_FITS = LoadOptions()

# Of the hub's client, of transformers, and of what a checkpoint's code and files make of them.
LOADING_ERRORS = (
    TransportError,
    OSError,
    ValueError,
    RuntimeError,
    ImportError,
    KeyError,
    SafetensorError,
)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A loaded model in evaluation mode and its tokenizer.

    `card` names the folder that it was loaded from. `end_ids` are the tokens that end an
    answer; `context_tokens` is what the model was made for.
    """

    card: ModelCard
    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase
    end_ids: frozenset[int]
    context_tokens: int


def load_checkpoint(card: ModelCard, options: LoadOptions = AS_FITS, slots: int = 1) -> Checkpoint:
    """Load `card` for `slots` conversations side by side; remote code is never run.

    What is on the hub is downloaded first, unless memory would not suffice for it.
    Raises ModelLoadFailed.
    """
    devices = find_devices(options.device)
    try:
        card = _local(card, options, devices, slots)
        config = AutoConfig.from_pretrained(card.source, trust_remote_code=False)
        context = _context(card, config)
        tokens = planned_tokens(context, slots)
        precision = _precision(card, config, options, devices, tokens)
        tokenizer = AutoTokenizer.from_pretrained(card.source, trust_remote_code=False)
        model = _load_model(card, precision, _placement(card, precision, devices, tokens))
    except LOADING_ERRORS as error:
        revision = options.revision or card.revision
        raise ModelLoadFailed(f"{card.id}: {explain(error, card, revision)}") from error
    except MemoryError as error:
        raise ModelLoadFailed(f"{card.id}: {OUT_OF_MEMORY}") from error
    logger.info("loaded on %s as %s", _where(model), precision, extra={"model": card.id})
    return Checkpoint(card, model, tokenizer, _end_ids(model, tokenizer), context)


def _local(card: ModelCard, options: LoadOptions, devices: Devices, slots: int) -> ModelCard:
    """The card with the folder that its files are in; downloads them."""
    if card.folder is None:
        tokens = planned_tokens(card.context_tokens, slots)
        _choose(card, options, devices, tokens)
        return replace(card, folder=fetch(card, options.revision))
    if not card.folder.is_dir():
        raise ModelLoadFailed(f"{card.id}: the folder {card.folder} does not exist")
    return card


def _choose(card: ModelCard, options: LoadOptions, devices: Devices, tokens: int) -> Precision:
    return choose_precision(card, options, devices.memory, tokens, devices.bfloat16)


def _precision(
    card: ModelCard,
    config: PreTrainedConfig,
    options: LoadOptions,
    devices: Devices,
    tokens: int,
) -> Precision:
    """What to load the files in `card.folder` as; says so where memory decided."""
    best = next(candidates(card, options, devices.on_gpu, devices.bfloat16))
    if getattr(config, "quantization_config", None):
        if options.quantization not in ("auto", "none"):
            logger.warning("it is quantized already, and stays as it is", extra={"model": card.id})
        return Precision(best.dtype, "none")
    chosen = _choose(card, options, devices, tokens)
    if chosen != best:
        free = size(devices.memory.free_bytes)
        logger.warning(
            "as %s: %s does not fit into %s free",
            chosen,
            best,
            free,
            extra={"model": card.id},
        )
    return chosen


def _placement(
    card: ModelCard, precision: Precision, devices: Devices, tokens: int
) -> Mapping[str, object]:
    """On one device, or on all GPUs where one has too little room."""
    memory = devices.memory
    return devices.placement(
        spread=memory.gpus > 1 and not fits_into(card, precision, memory.free_bytes, tokens)
    )


def _load_model(
    card: ModelCard, precision: Precision, placement: Mapping[str, object]
) -> PreTrainedModel:
    if not sys.stderr.isatty():
        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    quantization = quantization_config(precision)
    loaded: object = AutoModelForCausalLM.from_pretrained(
        card.source,
        dtype=getattr(torch, precision.dtype),
        trust_remote_code=False,
        output_loading_info=True,
        # None would take a quantized checkpoint for a plain one, and its integers for weights.
        **({"quantization_config": quantization} if quantization else {}),
        **placement,
    )
    model, report = cast(tuple[PreTrainedModel, dict[str, set[str]]], loaded)
    absent = sorted(report["missing_keys"])
    if absent:
        raise ValueError(f"{len(absent)} weights are not in the checkpoint, {absent[0]} for one")
    elsewhere = {"cpu", "disk"} & set(getattr(model, "hf_device_map", {}).values())
    if elsewhere and placement["device_map"] == "auto":
        raise ValueError("its layers find no room on the GPUs, one by one: take fewer bits")
    return model


def _where(model: PreTrainedModel) -> str:
    """The devices of its layers."""
    return ", ".join(sorted({str(parameter.device) for parameter in model.parameters()}))


def _end_ids(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> frozenset[int]:
    """Every id that a checkpoint names as an end; some name only one of theirs in the config."""
    found: set[int] = set()
    settings = getattr(model, "generation_config", None)
    for named in (
        getattr(settings, "eos_token_id", None),
        getattr(model.config, "eos_token_id", None),
        tokenizer.eos_token_id,
    ):
        if isinstance(named, int):
            found.add(named)
        elif named is not None:
            found.update(named)
    return frozenset(found)


def _context(card: ModelCard, config: PreTrainedConfig) -> int:
    """Tokens of the context window. Raises ModelLoadFailed when neither card nor config says."""
    stated = [card.context_tokens] if card.context_tokens else []
    # Past what it was trained on, a Jais stretches distances by the text's whole length, which
    # an engine that computes by pieces does not know.
    for name in ("max_position_embeddings", "n_positions", "alibi_train_tokens"):
        value = getattr(config, name, None)
        if isinstance(value, int) and value > 0:
            stated.append(value)
    if not stated:
        raise ModelLoadFailed(f"{card.id}: the checkpoint's config names no context length")
    return min(stated)
