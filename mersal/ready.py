"""How a worker or bot tells `mersal up` that it works: a small file in the state directory."""

import json
import os
from pathlib import Path

FOLDER = "run"


def say_ready(state_dir: Path, name: str, url: str = "") -> None:
    """Called in the process that works from now on; `url` is where people find it, if anywhere."""
    folder = state_dir / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = folder / f"{name}.json.new"
    new.write_text(json.dumps({"pid": os.getpid(), "url": url}), encoding="utf-8")
    new.replace(folder / f"{name}.json")


def ready_url(state_dir: Path, name: str, pid: int) -> str | None:
    """What the process with this pid said; None when it has not said that it works."""
    try:
        said = json.loads((state_dir / FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return str(said["url"]) if said["pid"] == pid else None
