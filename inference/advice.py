"""What went wrong when a model was loaded, and what to do next, in one sentence."""

from collections.abc import Iterator

import torch
from httpx2 import TransportError
from huggingface_hub import constants
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    LocalEntryNotFoundError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from safetensors import SafetensorError

from inference.cards import ModelCard

LOG_IN = "run `hf auth login`, or set HF_TOKEN"

OUT_OF_MEMORY = (
    "not enough memory: choose a smaller model, fewer bits (--quantization 4bit), fewer slots, or "
    "a shorter context window"
)


def explain(error: BaseException, card: ModelCard, revision: str = "") -> str:
    """What went wrong and what to do next. `revision`: what was asked of the hub."""
    for cause in _causes(error):
        hint = _hint(cause, card, revision)
        if hint:
            return hint
    return f"{card.source} could not be loaded: {error}"


def is_out_of_memory(error: BaseException) -> bool:
    """Whether torch or Python ran out of memory; on a CPU torch says so in words only."""
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    return isinstance(error, RuntimeError) and "can't allocate memory" in str(error)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and those that led to it, the deepest first: it knows best."""
    chain: list[BaseException] = []
    at: BaseException | None = error
    while at is not None and at not in chain:
        chain.append(at)
        at = at.__cause__ or at.__context__
    return reversed(chain)


def _hint(error: BaseException, card: ModelCard, revision: str) -> str:
    if is_out_of_memory(error):
        return OUT_OF_MEMORY
    if isinstance(error, SafetensorError):
        return f"the weights in {card.source} are damaged ({error}): {_again(card)}"
    if isinstance(error, ModuleNotFoundError):
        return f"{error.name} is not installed: pip install {error.name}"
    return _refused(error, card, revision) or _away(error, card) or _in_folder(error, card)


def _again(card: ModelCard) -> str:
    if not card.hub or card.folder is None:
        return "download them again"
    # A snapshot's files are links into a folder beside it, which would be linked again.
    return f"delete {card.folder.parents[1]} and start again, which downloads them again"


def _refused(error: BaseException, card: ModelCard, revision: str) -> str:
    """The hub answered, but gives no files."""
    if not isinstance(error, HfHubHTTPError):
        return ""
    page = f"{constants.ENDPOINT}/{card.hub}"
    status = error.response.status_code
    if isinstance(error, GatedRepoError):
        if status == 401:
            return (
                f"{card.hub} is given to those alone who ask for it: ask at {page}; then {LOG_IN}"
            )
        return (
            f"your account has no access to {card.hub}: it must be asked for at {page}, and a "
            "token of limited rights must allow gated repositories"
        )
    if isinstance(error, RepositoryNotFoundError):
        return f"{card.hub} is not on the hub, or is private: see {page}; then {LOG_IN}"
    if isinstance(error, RevisionNotFoundError):
        return f"{card.hub} has no revision {revision!r}: {page}/commits/main lists what there is"
    if status in (401, 403):
        return f"the hub refused your token for {card.hub} ({status}): {LOG_IN}"
    return f"the hub answered {status} for {card.hub}: try again later"


def _away(error: BaseException, card: ModelCard) -> str:
    away = LocalEntryNotFoundError | OfflineModeIsEnabled | ConnectionError | TransportError
    if not isinstance(error, away):
        return ""
    return (
        f"the hub was not reached for {card.hub} ({constants.ENDPOINT}): check the network, or "
        "name a local folder"
    )


def _in_folder(error: BaseException, card: ModelCard) -> str:
    text = str(error)
    if "trust_remote_code" in text or "does not recognize this architecture" in text:
        return f"{card.source} needs code of its own, which is never run: choose another model"
    if card.folder is not None and not list(card.folder.glob("*.safetensors")):
        if not list(card.folder.glob("*.bin")):
            return f"{card.folder} holds no weights (*.safetensors): copy them there"
    return ""
