"""Where a model is computed: on this computer's GPUs, or on its processor."""

from collections.abc import Mapping
from dataclasses import dataclass

import torch

from inference.errors import ModelLoadFailed
from inference.machine import Memory, free_memory, gpu_memory, usable_bytes
from inference.options import Device


@dataclass(frozen=True, slots=True)
class Devices:
    """`free` has each GPU's free bytes by its number; empty: the processor, with `cpu_free`.
    `bfloat16`: whether the GPUs compute in it."""

    free: Mapping[int, int]
    cpu_free: int = 0
    bfloat16: bool = True

    @property
    def on_gpu(self) -> bool:
        return bool(self.free)

    @property
    def memory(self) -> Memory:
        """What a model finds here."""
        return gpu_memory(self.free.values()) if self.free else Memory(self.cpu_free)

    def placement(self, spread: bool) -> dict[str, object]:
        """What from_pretrained takes: the processor, the GPU with the most free memory, or all
        GPUs (`spread`), whole layers on each."""
        if spread:
            room = {gpu: usable_bytes(free) for gpu, free in self.free.items()}
            return {"device_map": "auto", "max_memory": room}
        return {"device_map": {"": max(self.free, key=self.free.__getitem__, default="cpu")}}


def find_devices(device: Device) -> Devices:
    """What is there, as far as `device` allows.

    Raises ModelLoadFailed when CUDA is asked for and absent.
    """
    there = torch.cuda.is_available()
    if device == "cuda" and not there:
        raise ModelLoadFailed("this computer has no CUDA device that torch can use: take cpu")
    if device == "cpu" or not there:
        return Devices({}, free_memory())
    free = {n: torch.cuda.mem_get_info(n)[0] for n in range(torch.cuda.device_count())}
    # An older GPU imitates it, slowly.
    return Devices(free, bfloat16=torch.cuda.is_bf16_supported(including_emulation=False))
