"""Which numbers a model is loaded in: the best that fit, and a clear refusal when none does."""

from dataclasses import replace
from pathlib import Path

import pytest

from inference import loading
from inference.cards import ModelCard
from inference.catalog import find
from inference.devices import Devices
from inference.errors import ModelLoadFailed
from inference.machine import Memory
from inference.options import LoadOptions
from inference.precision import Precision, choose_precision, planned_tokens

from .conftest import card_of

GB = 10**9
AUTO = LoadOptions()
LARGE_GPU = Memory(80 * GB, gpus=1)


def choose(card: ModelCard, free_gb: float, on_gpu: bool, options: LoadOptions = AUTO) -> str:
    tokens = planned_tokens(card.context_tokens, slots=16)
    memory = Memory(int(free_gb * GB), gpus=int(on_gpu))
    return str(choose_precision(card, options, memory, tokens))


@pytest.mark.parametrize(
    ("model", "free_gb", "expected"),
    [
        ("atlas-chat-9b", 80, "bfloat16"),
        ("atlas-chat-9b", 25, "bfloat16"),
        ("atlas-chat-9b", 16, "8bit in bfloat16"),
        ("atlas-chat-9b", 12, "4bit in bfloat16"),
        ("atlas-chat-27b", 80, "bfloat16"),
        ("atlas-chat-27b", 24, "4bit in bfloat16"),
        ("jais-30b-chat-v1", 80, "bfloat16"),
        ("jais-30b-chat-v1", 48, "8bit in bfloat16"),
        ("allam-2-7b-instruct", 24, "bfloat16"),
        ("acegpt-13b-chat", 24, "8bit in float16"),
        ("atlas-chat-2b", 8.2, "bfloat16"),
    ],
)
def test_what_usual_cards_get(model: str, free_gb: float, expected: str) -> None:
    """GPUs are sold by GiB, of which the driver keeps some: about as many GB are free, or one
    more."""
    assert choose(find(model), free_gb, on_gpu=True) == expected


@pytest.mark.parametrize(
    ("model", "with_bfloat16", "without"),
    [
        ("acegpt-7b-chat", "float16", "float16"),
        ("allam-2-7b-instruct", "bfloat16", "float16"),
        ("atlas-chat-2b", "bfloat16", "float32"),  # Gemma 2 overflows in float16
    ],
)
def test_a_gpu_computes_as_the_makers_did_if_it_can(
    model: str, with_bfloat16: str, without: str
) -> None:
    for bfloat16, expected in ((True, with_bfloat16), (False, without)):
        found = choose_precision(find(model), AUTO, LARGE_GPU, 4096, bfloat16)
        assert str(found) == expected


def test_a_gemma_in_a_folder_is_known_by_its_config(gemma_folder: Path, llama_folder: Path) -> None:
    for folder, expected in ((gemma_folder, "float32"), (llama_folder, "float16")):
        card = card_of(folder, "template")
        assert str(choose_precision(card, AUTO, LARGE_GPU, 256, bfloat16=False)) == expected


def test_a_processor_computes_in_float32_while_there_is_room() -> None:
    card = find("atlas-chat-2b")
    assert choose(card, 64, on_gpu=False) == "float32"
    assert choose(card, 9, on_gpu=False) == "bfloat16"
    assert choose(card, 6.5, on_gpu=False) == "8bit in bfloat16"


def test_who_chooses_is_obeyed() -> None:
    card = find("atlas-chat-9b")
    for options, expected in (
        (LoadOptions(quantization="4bit"), "4bit in bfloat16"),
        (LoadOptions(dtype="float16"), "float16"),
        (LoadOptions(dtype="float32", quantization="8bit"), "8bit in float32"),
    ):
        assert choose(card, 80, on_gpu=True, options=options) == expected


def test_what_does_not_fit_is_refused_with_figures_and_a_way_out() -> None:
    card = find("atlas-chat-9b")
    with pytest.raises(ModelLoadFailed) as caught:
        choose(card, 12, on_gpu=True, options=LoadOptions(quantization="none"))
    told = str(caught.value)
    assert told.startswith("atlas-chat-9b needs 22") and "as bfloat16" in told
    assert "12.0 GB of GPU memory are free: --quantization 4bit would fit" in told
    with pytest.raises(ModelLoadFailed, match=r"2\.0 GB of memory are free: take a smaller model"):
        choose(card, 2, on_gpu=False)


def test_of_an_unknown_shape_nothing_is_refused(tmp_path: Path) -> None:
    assert choose(card_of(tmp_path, "template"), 0.001, on_gpu=True) == "bfloat16"


def test_more_conversations_need_more() -> None:
    card = find("allam-2-7b-instruct")
    few, many = (planned_tokens(card.context_tokens, slots) for slots in (1, 64))
    assert few == card.context_tokens < many
    exact = Precision("bfloat16", "none")
    assert choose_precision(card, AUTO, Memory(20 * GB, gpus=1), few) == exact
    assert choose_precision(card, AUTO, Memory(28 * GB, gpus=1), many).quantization != "none"


def test_a_model_goes_onto_the_gpu_with_the_most_room_if_it_fits_there() -> None:
    assert Devices({0: 12 * GB, 1: 14 * GB}).placement(spread=False) == {"device_map": {"": 1}}
    assert Devices({}, 64 * GB).placement(spread=False) == {"device_map": {"": "cpu"}}


@pytest.mark.parametrize(
    ("model", "each_gb", "expected"),
    [
        ("acegpt-7b-chat", (25, 25), ("float16", False)),
        ("acegpt-13b-chat", (25, 25), ("float16", True)),
        ("atlas-chat-27b", (25, 25), ("8bit in bfloat16", True)),
        ("atlas-chat-27b", (25, 25, 25, 25), ("bfloat16", True)),
        ("jais-30b-chat-v1", (12, 14), ("", False)),
    ],
)
def test_what_does_not_fit_on_one_gpu_is_spread_over_all(
    model: str, each_gb: tuple[int, ...], expected: tuple[str, bool]
) -> None:
    """Exact numbers on several GPUs come before fewer bits on one."""
    card = find(model)
    devices = Devices({n: free * GB for n, free in enumerate(each_gb)})
    tokens = planned_tokens(card.context_tokens, slots=16)
    if not expected[0]:
        with pytest.raises(ModelLoadFailed, match=r"14\.0 GB of GPU memory \(20\.4 GB on 2 GPUs"):
            choose_precision(card, AUTO, devices.memory, tokens)
        return
    precision = choose_precision(card, AUTO, devices.memory, tokens)
    placed = loading._placement(card, precision, devices, tokens)
    assert (str(precision), placed["device_map"] == "auto") == expected
    if expected[1]:  # and nothing is left for the processor or the disk
        assert placed["max_memory"] == {n: 21 * GB for n in range(len(each_gb))}


def test_a_shape_is_read_from_the_files_of_a_folder(llama_folder: Path) -> None:
    card = replace(card_of(llama_folder, "template"), context_tokens=256)
    assert choose(card, 64, on_gpu=False) == "float32"
    with pytest.raises(ModelLoadFailed, match="of memory are free"):
        choose(card, 0.01, on_gpu=False)
