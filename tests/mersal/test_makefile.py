"""Which Python `make demo` takes."""

import shutil
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("there", "taken"),
    [
        (("redis-server", "python3", "python3.12"), "python3"),
        (("python3", "python3.12"), "python3.12"),  # python3 may be one without a bundled Redis
        (("python3", "python3.11"), "python3.11"),
        (("python3",), "python3"),
    ],
)
def test_without_a_redis_server_a_python_that_brings_one_goes_first(
    tmp_path: Path, there: tuple[str, ...], taken: str
) -> None:
    for name in there:
        program = tmp_path / name
        program.write_text("#!/bin/sh\n")  # of every question it says: yes, it is so
        program.chmod(0o755)
    make = shutil.which("make")
    assert make is not None
    say = "chosen:;$(info $(PYTHON))@:"
    chosen = subprocess.run(
        [make, "-s", "-f", REPOSITORY / "Makefile", "--eval", say, "chosen"],
        env={"PATH": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert chosen.stdout == f"{taken}\n"
