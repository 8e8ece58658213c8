"""A state directory of its own for each test, with a path short enough for a socket."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mersal.command import UpProcess


@pytest.fixture
def state_dir() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="mersal-") as folder:
        yield Path(folder) / "state"


@pytest.fixture
def up(state_dir: Path) -> Iterator[UpProcess]:
    """A `mersal up` on the echo engine that is ready; killed if the test leaves it running."""
    process = UpProcess(state_dir)
    process.start()
    process.wait_until_ready()
    yield process
    process.kill()
