"""How much memory this machine has to spare, asked without torch where there is no GPU."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import psutil

CGROUP = Path("/sys/fs/cgroup")
GPU_FILES = ("nvidia[0-9]*", "kfd", "dxg")  # in /dev: NVIDIA's, AMD's, Windows' in WSL


GPU_UNUSABLE = 0.1
"""Of each of several GPUs that share a model: layers are never parted, so some is left over."""
GPU_CONTEXT_BYTES = 1_500_000_000
"""What CUDA and a step's intermediate results take on each of them at most."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Free bytes, of the GPU with the most when there are any that torch can use;
    `together_bytes` is what a model finds that is spread over all GPUs, 0 with less than two."""

    free_bytes: int
    gpus: int = 0
    together_bytes: int = 0


def gpu_memory(free: Collection[int]) -> Memory:
    """Of GPUs with so many free bytes each."""
    together = sum(map(usable_bytes, free)) if len(free) > 1 else 0
    return Memory(max(free), len(free), together)


def usable_bytes(free_bytes: int) -> int:
    """What a model finds on one of several GPUs that share it."""
    return max(0, round(free_bytes * (1 - GPU_UNUSABLE)) - GPU_CONTEXT_BYTES)


def spare_memory(devices: Path = Path("/dev")) -> Memory:
    """What a model could take here. Imports torch, which takes seconds, only beside a GPU."""
    if any(True for pattern in GPU_FILES for _ in devices.glob(pattern)):
        try:
            import torch
        except ImportError:
            return Memory(free_memory())
        if torch.cuda.is_available():
            count = torch.cuda.device_count()
            return gpu_memory([torch.cuda.mem_get_info(n)[0] for n in range(count)])
    return Memory(free_memory())


def free_memory(cgroup: Path = CGROUP) -> int:
    """Bytes of memory that this process may still take, also inside a container."""
    free = psutil.virtual_memory().available
    try:
        allowed = int((cgroup / "memory.max").read_text())  # "max" is no number: no limit
        used = int((cgroup / "memory.current").read_text())
        cached = dict(line.split() for line in (cgroup / "memory.stat").read_text().splitlines())
    except (OSError, ValueError):
        return free
    return max(0, min(free, allowed - used + int(cached.get("inactive_file", 0))))
