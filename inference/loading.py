"""A checkpoint's model and tokenizer, loaded; whatever goes wrong says what to do next."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import torch
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    LocalEntryNotFoundError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
)
from safetensors import SafetensorError
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)

from inference.catalog import ModelCard
from inference.errors import ModelLoadFailed

logger = logging.getLogger(__name__)

TOKEN_HINT = "run `hf auth login`, or set HF_TOKEN"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A loaded model in evaluation mode and its tokenizer.

    `end_ids` are the tokens that end an answer; `context_tokens` is what the model was made for.
    """

    card: ModelCard
    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase
    end_ids: frozenset[int]
    context_tokens: int


def load_checkpoint(card: ModelCard, device: str) -> Checkpoint:
    """Load `card` on `device` ("auto", "cpu" or "cuda"); remote code is never run.

    float32 on a CPU, bfloat16 on CUDA. Raises ModelLoadFailed.
    """
    target = choose_device(device)
    if card.folder is not None and not card.folder.is_dir():
        raise ModelLoadFailed(f"{card.id}: the folder {card.folder} does not exist")
    try:
        tokenizer = AutoTokenizer.from_pretrained(card.source, trust_remote_code=False)
        model = _load_model(card, target)
    except (OSError, ValueError, RuntimeError, ImportError, KeyError, SafetensorError) as error:
        raise ModelLoadFailed(f"{card.id}: {explain(error, card)}") from error
    except MemoryError as error:
        raise ModelLoadFailed(f"{card.id}: {OUT_OF_MEMORY}") from error
    logger.info("loaded %s on %s as %s", card.id, model.device, model.dtype)
    return Checkpoint(card, model, tokenizer, _end_ids(model, tokenizer), _context(card, model))


def choose_device(device: str) -> torch.device:
    """The device to compute on. Raises ModelLoadFailed when CUDA is asked for and absent."""
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    if device == "cuda" and not torch.cuda.is_available():
        raise ModelLoadFailed("this computer has no CUDA device that torch can use: take cpu")
    return torch.device(device)


def _load_model(card: ModelCard, device: torch.device) -> PreTrainedModel:
    loaded: object = AutoModelForCausalLM.from_pretrained(
        card.source,
        dtype=torch.bfloat16 if device.type == "cuda" else torch.float32,
        device_map={"": device} if device.type == "cuda" else None,
        trust_remote_code=False,
        output_loading_info=True,
    )
    model, report = cast(tuple[PreTrainedModel, dict[str, set[str]]], loaded)
    absent = sorted(report["missing_keys"])
    if absent:
        raise ValueError(f"{len(absent)} weights are not in the checkpoint, {absent[0]} for one")
    return model


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


def _context(card: ModelCard, model: PreTrainedModel) -> int:
    """Tokens of the context window. Raises ModelLoadFailed when neither card nor config says."""
    stated = [card.context_tokens] if card.context_tokens else []
    for name in ("max_position_embeddings", "n_positions"):
        value = getattr(model.config, name, None)
        if isinstance(value, int) and value > 0:
            stated.append(value)
    if not stated:
        raise ModelLoadFailed(f"{card.id}: the checkpoint's config names no context length")
    return min(stated)


OUT_OF_MEMORY = (
    "not enough memory: choose a smaller model, fewer slots, or a shorter context window"
)


def explain(error: BaseException, card: ModelCard) -> str:
    """What went wrong and what to do next, in one sentence."""
    for cause in _causes(error):
        hint = _hint(cause, card)
        if hint:
            return hint
    return f"{card.source} could not be loaded: {error}"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and those that led to it, the deepest first: it knows best."""
    chain: list[BaseException] = []
    at: BaseException | None = error
    while at is not None and at not in chain:
        chain.append(at)
        at = at.__cause__ or at.__context__
    return reversed(chain)


def _hint(error: BaseException, card: ModelCard) -> str:
    if is_out_of_memory(error):
        return OUT_OF_MEMORY
    if isinstance(error, SafetensorError):
        return f"the weights in {card.source} are damaged ({error}): download them again"
    if isinstance(error, ModuleNotFoundError):
        return f"{error.name} is not installed: pip install {error.name}"
    return _hub_hint(error, card) or _folder_hint(error, card)


def _hub_hint(error: BaseException, card: ModelCard) -> str:
    page = f"https://huggingface.co/{card.hub}"
    if isinstance(error, GatedRepoError):
        return f"access to {card.hub} must be asked for at {page}; then {TOKEN_HINT}"
    if isinstance(error, RepositoryNotFoundError):
        return f"{card.hub} is not on the hub, or is private: see {page}; then {TOKEN_HINT}"
    if isinstance(error, LocalEntryNotFoundError | OfflineModeIsEnabled | ConnectionError):
        return f"the hub was not reached for {card.hub}: check the network, or name a local folder"
    if isinstance(error, HfHubHTTPError):
        status = error.response.status_code
        if status in (401, 403):
            return f"the hub refused access to {card.hub} ({status}): {TOKEN_HINT}"
        return f"the hub answered {status} for {card.hub}: try again later"
    return ""


def _folder_hint(error: BaseException, card: ModelCard) -> str:
    text = str(error)
    if "trust_remote_code" in text or "does not recognize this architecture" in text:
        return f"{card.source} needs code of its own, which is never run: choose another model"
    if card.folder is not None and not list(card.folder.glob("*.safetensors")):
        if not list(Path(card.folder).glob("*.bin")):
            return f"{card.folder} holds no weights (*.safetensors): copy them there"
    return ""


def is_out_of_memory(error: BaseException) -> bool:
    """Whether torch or Python ran out of memory; on a CPU torch says so in words only."""
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    return isinstance(error, RuntimeError) and "can't allocate memory" in str(error)
