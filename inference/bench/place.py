"""Where the benchmark computes."""

import gc

import torch

from inference.bench.networks import Network
from inference.cpu import usable_cpus
from inference.devices import find_devices
from inference.machine import free_memory
from inference.options import Device
from inference.precision import Precision

Place = torch.device

ROOM = 0.85
"""Of the free memory for the weights; the rest is for what is computed."""

POOL_SHARE = 0.3
"""Of what is free beside the weights; there are two such peers, and those that keep nothing."""


def find_place(device: Device) -> Place:
    """One device; on a processor torch gets as many threads as a worker's.

    Raises ModelLoadFailed when CUDA is asked for and absent.
    """
    if find_devices(device).on_gpu:
        return torch.device("cuda", 0)
    torch.set_num_threads(min(torch.get_num_threads(), usable_cpus()))
    return torch.device("cpu")


def place_name(place: Place) -> str:
    """The GPU's name and memory, or how many threads compute."""
    if place.type == "cpu":
        return f"the processor, {torch.get_num_threads()} threads"
    properties = torch.cuda.get_device_properties(place)
    return (
        f"{properties.name}, {properties.total_memory / 2**30:.0f} GiB, CUDA {torch.version.cuda}"
    )


def has_room(place: Place, network: Network, precision: Precision) -> bool:
    """Whether the weights fit as they are built, before they are quantized."""
    return network.shape.parameters * precision.element_bytes < _free_bytes(place) * ROOM


def affordable_tokens(place: Place, bytes_per_token: int) -> int:
    """Of keys and values, for each peer that keeps some."""
    return int(_free_bytes(place) * POOL_SHARE) // bytes_per_token


def _free_bytes(place: Place) -> int:
    """Of this GPU alone, or of the processor's memory."""
    return torch.cuda.mem_get_info(place)[0] if place.type == "cuda" else free_memory()


def give_back(place: Place) -> None:
    """Memory of a model that is gone is free for the next."""
    gc.collect()
    if place.type == "cuda":
        torch.cuda.empty_cache()
