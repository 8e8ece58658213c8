"""Free memory, also where a container has less than its machine."""

from pathlib import Path

import psutil

from inference.machine import free_memory, spare_memory


def cgroup(folder: Path, allowed: str, used: int, cached: int) -> Path:
    (folder / "memory.max").write_text(allowed + "\n")
    (folder / "memory.current").write_text(f"{used}\n")
    (folder / "memory.stat").write_text(f"anon {used - cached}\ninactive_file {cached}\n")
    return folder


def test_a_containers_limit_counts_but_for_what_is_cached(tmp_path: Path) -> None:
    assert free_memory(cgroup(tmp_path, "1000000", used=700_000, cached=200_000)) == 500_000


def test_more_than_there_is_is_never_free(tmp_path: Path) -> None:
    total = psutil.virtual_memory().total
    assert free_memory(cgroup(tmp_path, str(10 * total), used=1, cached=0)) <= total
    assert free_memory(cgroup(tmp_path, "max", used=1, cached=0)) <= total
    assert free_memory(cgroup(tmp_path, "1000", used=2000, cached=0)) == 0
    assert 0 < free_memory(tmp_path / "nothing") <= total


def test_without_a_gpu_it_is_the_computers_own(tmp_path: Path) -> None:
    assert spare_memory(tmp_path).gpus == 0
    assert spare_memory(tmp_path).free_bytes > 0
