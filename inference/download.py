"""A checkpoint's files on this computer: fetched from the hub, or found in its cache."""

import errno
import json
import logging
import os
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

DISK_FULL = (errno.ENOSPC, errno.EDQUOT)
"""In the words of the system: hf_xet, which fetches most weights, has no numbers for them."""

MAKE_ROOM = "make room, or set HF_HOME to a folder on a larger disk"


def fetch(card: ModelCard, revision: str = "") -> Path:
    """The folder with the checkpoint of a `card` on the hub; `revision` wins over the card's.

    Raises ModelLoadFailed when the disk has no room or fills up, and what huggingface_hub raises.
    """
    wanted = revision or card.revision or constants.DEFAULT_REVISION
    disable_progress_bars()  # ours shows the whole, and is a line in a log
    try:
        files = _ask(card.hub, wanted)
    except DryRunError as error:  # the hub is away, or refuses
        return _kept(card, wanted, error)
    commit = files[0].commit_hash
    logger.info("%s at commit %s", card.hub, commit, extra={"model": card.id})
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
    """Fetch `missing`. Raises ModelLoadFailed before the first byte when they find no room, and
    later when something else has filled the disk."""
    total = sum(file.file_size or 0 for file in missing)
    cache = Path(constants.HF_HUB_CACHE).expanduser()
    _check_room(card, cache, total)
    blobs = cache / repo_folder_name(repo_id=card.hub, repo_type="model") / "blobs"
    before = _bytes_in(blobs)
    names = [file.filename for file in missing]
    try:
        with showing_progress(card.hub, total, lambda: min(total, _bytes_in(blobs) - before)):
            snapshot_download(card.hub, revision=commit, allow_patterns=names)
    except (OSError, RuntimeError) as error:
        if not any(os.strerror(full) in str(error) for full in DISK_FULL):
            raise
        raise ModelLoadFailed(
            f"{card.id}: no room was left in {cache} while {size(total)} were fetched: {MAKE_ROOM}"
        ) from error


def _check_room(card: ModelCard, cache: Path, total: int) -> None:
    cache.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(cache).free
    if free < total + MARGIN_BYTES:
        raise ModelLoadFailed(
            f"{card.id}: {size(total)} are to be fetched into {cache}, and {size(free)} are free "
            f"there: {MAKE_ROOM}"
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
        if _is_complete(Path(folder)):
            why, commit = type(error.__cause__).__name__, Path(folder).name
            logger.warning(
                "not asked for anew (%s), kept at commit %s", why, commit, extra={"model": card.id}
            )
            return Path(folder)
    raise error


def _is_complete(folder: Path) -> bool:
    """Whether a model can be loaded, as far as its files say what belongs to it: a file that is
    still being fetched is not in the folder."""
    if not (folder / "config.json").is_file():
        return False
    return any(_has_weights(folder, name) for name in ("model.safetensors", "pytorch_model.bin"))


def _has_weights(folder: Path, name: str) -> bool:
    """In one file, or in all those that an index names."""
    index = folder / f"{name}.index.json"
    if not index.is_file():
        return (folder / name).is_file()
    shards = json.loads(index.read_text(encoding="utf-8"))["weight_map"].values()
    return all((folder / shard).is_file() for shard in set(shards))
