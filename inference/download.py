"""A checkpoint's files on this computer: fetched from the hub, or found in its cache."""

import logging
import shutil
from collections.abc import Iterable
from pathlib import Path

from huggingface_hub import DryRunFileInfo, constants, snapshot_download
from huggingface_hub.errors import DryRunError
from huggingface_hub.file_download import repo_folder_name
from huggingface_hub.utils.tqdm import disable_progress_bars

from inference.cards import ModelCard
from inference.errors import ModelLoadFailed
from inference.progress import showing_progress, size

logger = logging.getLogger(__name__)

SMALL_FILES = ("*.json", "*.jinja", "tokenizer.model", "*.txt")
WEIGHTS = ("model*.safetensors", "pytorch_model*.bin")
"""The better first; of both, one kind is fetched. `*.bin` is read without running what is in it."""

MARGIN_BYTES = 500_000_000
"""What must stay free on the disk."""


def fetch(card: ModelCard, revision: str = "") -> Path:
    """The folder with the checkpoint of a `card` on the hub; `revision` wins over the card's.

    Raises ModelLoadFailed when the disk has no room, and what huggingface_hub raises.
    """
    wanted = revision or card.revision or constants.DEFAULT_REVISION
    disable_progress_bars()  # ours shows the whole, and is a line in a log
    try:
        files = _ask(card.hub, wanted)
    except DryRunError as error:  # the hub is away, or refuses
        return _kept(card, wanted, error)
    commit = files[0].commit_hash
    logger.info("%s: %s at commit %s", card.id, card.hub, commit)
    missing = [file for file in files if file.will_download]
    if missing:
        _download(card, commit, missing)
    return Path(files[0].local_path).parent


def _ask(hub: str, revision: str) -> list[DryRunFileInfo]:
    """The files to have, each with its size and whether it is here; nothing is fetched."""
    found = snapshot_download(
        hub, revision=revision, allow_patterns=[*SMALL_FILES, *WEIGHTS], dry_run=True
    )
    top = [file for file in found if "/" not in file.filename]
    return [file for file in top if _is_wanted(file.filename, [f.filename for f in top])]


def _is_wanted(name: str, names: Iterable[str]) -> bool:
    if any(other.endswith(".safetensors") for other in names):
        return not name.endswith((".bin", ".bin.index.json"))
    return True


def _download(card: ModelCard, commit: str, missing: list[DryRunFileInfo]) -> None:
    """Fetch `missing`. Raises ModelLoadFailed before the first byte when they find no room."""
    total = sum(file.file_size or 0 for file in missing)
    cache = Path(constants.HF_HUB_CACHE).expanduser()
    _check_room(card, cache, total)
    blobs = cache / repo_folder_name(repo_id=card.hub, repo_type="model") / "blobs"
    before = _bytes_in(blobs)
    with showing_progress(card.hub, total, lambda: min(total, _bytes_in(blobs) - before)):
        snapshot_download(
            card.hub, revision=commit, allow_patterns=[file.filename for file in missing]
        )


def _check_room(card: ModelCard, cache: Path, total: int) -> None:
    cache.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(cache).free
    if free < total + MARGIN_BYTES:
        raise ModelLoadFailed(
            f"{card.id}: {size(total)} are to be fetched into {cache}, and {size(free)} are free "
            "there: make room, or set HF_HOME to a folder on a larger disk"
        )


def _bytes_in(blobs: Path) -> int:
    """What is on the disk, also of files that are not complete yet."""
    found = 0
    for path in blobs.glob("*"):
        try:
            found += min(path.stat().st_size, path.stat().st_blocks * 512)
        except OSError:
            continue  # complete by now, and renamed
    return found


def _kept(card: ModelCard, revision: str, error: DryRunError) -> Path:
    """What was fetched before. Raises `error` when that is not all."""
    for weights in WEIGHTS:
        try:
            folder = snapshot_download(
                card.hub,
                revision=revision,
                allow_patterns=[*SMALL_FILES, weights],
                local_files_only=True,
            )
        except OSError:
            continue
        if any(Path(folder).glob(weights)):
            why, commit = type(error.__cause__).__name__, Path(folder).name
            logger.warning("%s: not asked for anew (%s), kept at commit %s", card.id, why, commit)
            return Path(folder)
    raise error
