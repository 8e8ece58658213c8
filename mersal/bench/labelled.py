"""Files of messages and what they are: one a line, with tabs between."""

from collections.abc import Iterator
from pathlib import Path


def rows(path: Path) -> Iterator[list[str]]:
    """The fields of each line; lines that begin with # are comments."""
    for line in path.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            yield line.split("\t")
