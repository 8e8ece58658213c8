"""Each of the seven ids, from its name to an answer: hub, download, format, engine.

Only the weights are not the real ones: tiny ones of the same architecture, with a tokenizer of
the same kind.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import PreTrainedTokenizerFast

from broker.settings import Settings, WorkerSettings
from inference import loading
from inference.cards import ModelCard
from inference.catalog import find
from inference.devices import Devices
from inference.engine import ChatMessage, CompletionRequest, Sampling
from inference.errors import ModelLoadFailed
from workers.model import selected_card
from workers.run import load_engine

from .conftest import gemma_model, llama_model, save
from .hub import Hub, Repository, point_at
from .jais_checkpoint import write_jais
from .tiny_tokenizers import acegpt_tokenizer, allam_tokenizer, atlas_tokenizer, jais_tokenizer

SEVEN = (
    "atlas-chat-2b",
    "atlas-chat-9b",
    "atlas-chat-27b",
    "allam-2-7b-instruct",
    "jais-30b-chat-v1",
    "acegpt-7b-chat",
    "acegpt-13b-chat",
)
WINDOW = 4096  # the makers' system texts are long, and a tiny tokenizer makes them longer


def write_checkpoint(folder: Path, card: ModelCard) -> None:
    torch.manual_seed(5)
    if card.architecture.startswith("JAIS"):
        tokenizer: PreTrainedTokenizerFast = jais_tokenizer()
        write_jais(folder, heads=3, vocabulary=len(tokenizer), n_positions=WINDOW)
        tokenizer.save_pretrained(folder)
        return
    if card.architecture.startswith("Gemma2"):
        tokenizer, make = atlas_tokenizer(), gemma_model
    else:
        tokenizer = allam_tokenizer() if card.prompt_format == "allam" else acegpt_tokenizer()
        make = llama_model
    model: Any = make(len(tokenizer))
    model.config.max_position_embeddings = WINDOW
    save(folder, model, tokenizer)


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """And memory as on a large machine, since the cards tell the true sizes."""
    monkeypatch.setattr(loading, "find_devices", lambda _: Devices({}, 10**12))
    with Hub().serving() as hub:
        point_at(hub, tmp_path, monkeypatch)
        yield hub


def settings_of(model: str) -> Settings:
    """As `mersal worker --model` makes them."""
    return Settings(worker=WorkerSettings(model=model, device="cpu", threads=1))


@pytest.mark.parametrize("model", SEVEN)
def test_a_worker_has_an_engine_that_answers(model: str, hub: Hub, tmp_path: Path) -> None:
    card = find(model)
    write_checkpoint(tmp_path / "published", card)
    hub.repositories[card.hub] = Repository(tmp_path / "published")
    settings = settings_of(model)
    engine = load_engine(selected_card(settings), settings)
    stream = engine.submit(
        CompletionRequest((ChatMessage("user", "سلام، كيف داير؟"),), Sampling(max_new_tokens=4))
    )
    assert "".join(piece.text for piece in stream) == stream.completion.text
    assert stream.completion.completion_tokens > 0
    assert engine.model_id == card.id
    engine.close()


@pytest.mark.parametrize("model", SEVEN)
def test_without_its_weights_it_says_where_they_are(model: str, hub: Hub) -> None:
    hub.status = 503
    settings = settings_of(model)
    with pytest.raises(ModelLoadFailed) as caught:
        load_engine(selected_card(settings), settings)
    assert f"{model}: the hub answered 503 for {find(model).hub}" in str(caught.value)


def run_python(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    """In a process whose hub is not there."""
    return subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, "HF_HOME": str(home), "HF_ENDPOINT": "http://127.0.0.1:9"},
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )


def test_without_the_hub_each_worker_ends_with_one_line(tmp_path: Path) -> None:
    """One process for all seven, which would each wait for torch."""
    done = run_python("-m", "tests.inference.workers_one_by_one", *SEVEN, home=tmp_path)
    told = [line for line in done.stderr.splitlines() if line.startswith("mersal: ")]
    assert len(told) == len(SEVEN)
    for model, line in zip(SEVEN, told, strict=True):
        assert line.startswith(f"mersal: {model}: the hub was not reached for {find(model).hub} ")
    assert done.stdout.split() == ["2"] * len(SEVEN)


@pytest.mark.slow
@pytest.mark.parametrize("model", SEVEN)
def test_every_worker_ends_with_one_line(model: str, tmp_path: Path) -> None:
    """On a machine that is too small for the model, the line says that."""
    command = ["-m", "mersal", "worker", "--quantization", "4bit", "-m", model]
    done = run_python(*command, home=tmp_path)
    assert done.returncode == 2
    told = done.stderr.splitlines()[-1]
    assert told.startswith(f"mersal: {model}: the hub was not reached") or "are free" in told
