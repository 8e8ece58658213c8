"""The model: its files, what runs it, and the memory that it needs."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil

from broker.settings import Settings, WorkerSettings, child_environment
from inference.cards import ModelCard
from inference.errors import BadCard, ModelLoadFailed, ModelNotFound
from inference.machine import Memory, free_memory, spare_memory
from inference.memory import shape_of
from inference.open import INSTALL_HINT
from inference.options import LoadOptions
from inference.precision import choose_precision, fits_into, planned_tokens
from inference.progress import size
from mersal.doctor.finding import Finding, fail, ok, warn
from mersal.doctor.servers import check_servers
from mersal.state_dir import RunningUp
from workers.model import selected_card

NEEDED = ("torch", "transformers", "tokenizers", "safetensors", "accelerate")
LOAD = (
    "from broker.settings import read_settings; from workers.model import selected_card; "
    "from workers.run import load_engine; settings = read_settings(); "
    "load_engine(selected_card(settings), settings).close()"
)
LOAD_S = 1800


def check_model(settings: Settings, running: RunningUp | None, load: bool) -> Iterator[Finding]:
    """`load`: also load it, in a process of its own, which takes its time and memory."""
    if running:
        worker = settings.worker.model_copy(update={"model": running.model})
        settings = settings.model_copy(update={"worker": worker})
    try:
        card = selected_card(settings)
    except ModelNotFound as error:
        yield fail("model", str(error), "`mersal models` lists them; set MERSAL_WORKER__MODEL")
        return
    except BadCard as error:
        yield fail("model", str(error), "docs/models.md tells what a card may say")
        return
    if card.engine == "echo":
        yield ok("model", f"{card.id}, needs no files")
        return
    if card.remote is not None:
        yield ok("model", f"{card.id}, computed by other servers")
        yield from check_servers(card, settings)
    else:
        yield from _files(card)
        yield from _packages()
        yield _device(settings.worker.device)
        if running is None:  # what runs has its memory already
            yield _memory(card, settings.worker)
    if load:
        yield _loads(card, settings)


def _files(card: ModelCard) -> Iterator[Finding]:
    if card.folder is None:
        yield warn(
            "model",
            f"{card.id}, from the Hugging Face hub ({card.hub})",
            "the first start fetches it; `mersal doctor --load` tries",
        )
        return
    weights = sorted(card.folder.glob("*.safetensors"))
    missing = [
        name for name in ("config.json", "tokenizer.json") if not (card.folder / name).is_file()
    ]
    if missing or not weights:
        what = ", ".join([*missing, *([] if weights else ["*.safetensors"])])
        advice = "make the demo model: make demo-model" if card.id == "demo" else "fetch it again"
        yield fail("model", f"{card.id}: {card.folder} lacks {what}", advice)
        return
    for path in weights:
        trouble = _trouble_in(path)
        if trouble:
            yield fail("model", f"{card.id}: {path} {trouble}", "fetch it again")
            return
    found = size(sum(path.stat().st_size for path in weights))
    yield ok("model", f"{card.id}, {found} in {card.folder}")


def _trouble_in(path: Path) -> str:
    """What is wrong with a safetensors file: its head says how long the whole must be."""
    with path.open("rb") as file:
        head_length = int.from_bytes(file.read(8), "little")
        if head_length > path.stat().st_size:
            return "is cut off or no safetensors file"
        try:
            head = json.loads(file.read(head_length))
        except ValueError:
            return "is no safetensors file"
    ends = [entry["data_offsets"][1] for name, entry in head.items() if name != "__metadata__"]
    whole = 8 + head_length + max(ends, default=0)
    return "" if path.stat().st_size == whole else "is cut off"


def _memory(card: ModelCard, worker: WorkerSettings) -> Finding:
    """What the model would be loaded as, were it started now."""
    memory = Memory(free_memory()) if worker.device == "cpu" else spare_memory()
    options = LoadOptions(worker.device, worker.dtype, worker.quantization)
    tokens = planned_tokens(card.context_tokens, worker.threads)
    try:
        precision = choose_precision(card, options, memory, tokens)
    except ModelLoadFailed as error:
        found, _, advice = str(error).rpartition(": ")
        return fail("memory", found, advice)
    if shape_of(card) is None:
        return ok("memory", f"{size(memory.free_bytes)} free")
    free = size(memory.free_bytes)
    if memory.gpus > 1 and not fits_into(card, precision, memory.free_bytes, tokens):
        free = f"{size(memory.together_bytes)} on {memory.gpus} GPUs together"
    return ok("memory", f"{free} free, {card.id} is loaded as {precision}")


def _packages() -> Iterator[Finding]:
    found = []
    for name in NEEDED:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            yield fail("inference", f"{name} is not installed", INSTALL_HINT)
            return
    yield ok("inference", ", ".join(found[:2]))


def _device(wanted: str) -> Finding:
    gpu = _gpu()
    # Asked of the metadata: torch itself takes seconds and memory to import.
    for_cpu = _version_or_empty("torch").endswith("+cpu")
    if gpu and for_cpu and wanted != "cpu":
        advice = "install torch for CUDA (https://pytorch.org/get-started/locally)"
        return warn("device", f"{gpu}, but torch is built for the CPU alone", advice)
    if gpu:
        return ok("device", gpu)
    if wanted == "cuda":
        advice = "set MERSAL_WORKER__DEVICE to auto, or look at `nvidia-smi`"
        return fail("device", "MERSAL_WORKER__DEVICE is cuda, but there is no GPU", advice)
    return ok("device", f"CPU, {psutil.cpu_count()} cores")


def _gpu() -> str:
    """The GPUs as the driver tells them; empty when there is none."""
    if shutil.which("nvidia-smi") is None:
        return ""
    query = ["nvidia-smi", "--query-gpu=name,memory.free,memory.total", "--format=csv,noheader"]
    try:
        answer = subprocess.run(query, capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    if answer.returncode != 0:
        return ""
    rows = (line.split(", ") for line in answer.stdout.strip().splitlines())
    return "; ".join(f"{name}, {free} of {total} free" for name, free, total in rows)


def _version_or_empty(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _loads(card: ModelCard, settings: Settings) -> Finding:
    command = [sys.executable, "-P", "-c", LOAD]
    environment = child_environment(WORKER__MODEL=settings.worker.model)
    try:
        answer = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=LOAD_S,
            check=False,
            env=environment,
        )
    except subprocess.TimeoutExpired:
        return fail("loading", f"not loaded after {LOAD_S} s", "a smaller model may do")
    if answer.returncode == 0:
        return ok("loading", f"{card.id} loads")
    said = (answer.stderr.strip().splitlines() or [f"exit code {answer.returncode}"])[-1]
    return fail("loading", said, "see above")
