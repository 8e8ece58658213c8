"""Checkpoints that cannot be loaded say what to do next; those that can are opened whole."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import torch
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    LocalEntryNotFoundError,
    RepositoryNotFoundError,
)
from safetensors.torch import load_file, save_file
from transformers import (
    GPT2Config,
    GPT2LMHeadModel,
    GptOssConfig,
    GptOssForCausalLM,
    MambaConfig,
    MambaForCausalLM,
)

from inference.advice import explain
from inference.catalog import find
from inference.cpu import usable_cpus
from inference.devices import find_devices
from inference.engine import ChatMessage, CompletionRequest, Sampling
from inference.errors import ModelLoadFailed
from inference.loading import Checkpoint, load_checkpoint
from inference.open import open_checkpoint
from inference.slots.open import start_engine

from .conftest import CPU, card_of, llama_tokenizer, save

HUB_CARD = replace(card_of(Path("x"), "gemma"), folder=None, hub="org/model")


@pytest.fixture
def copy(gemma_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(gemma_folder, tmp_path / "copy"))


def test_a_folder_is_opened_and_answers(llama_folder: Path) -> None:
    engine = open_checkpoint(find(str(llama_folder)), CPU, slots=2)
    stream = engine.submit(
        CompletionRequest((ChatMessage("user", "salam"),), Sampling(max_new_tokens=3))
    )
    assert "".join(piece.text for piece in stream) == stream.completion.text
    assert (engine.model_id, engine.context_tokens) == (str(llama_folder), 256)
    engine.close()


def test_a_context_window_is_never_longer_than_the_models(
    llama: Checkpoint, caplog: pytest.LogCaptureFixture
) -> None:
    for wanted, expected in ((100, 100), (10_000, 256)):
        engine = start_engine(llama, slots=1, context_tokens=wanted)
        assert engine.context_tokens == expected
        engine.close()
    assert "reads 256 tokens at most" in caplog.text


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelLoadFailed, match="nowhere does not exist"):
        load_checkpoint(card_of(tmp_path / "nowhere", "gemma"), CPU)


def test_damaged_weights_are_to_be_downloaded_again(copy: Path) -> None:
    weights = copy / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-2000])
    with pytest.raises(ModelLoadFailed, match=r"damaged .*download them again"):
        load_checkpoint(card_of(copy, "gemma"), CPU)


def test_a_folder_without_weights_says_so(copy: Path) -> None:
    (copy / "model.safetensors").unlink()
    with pytest.raises(ModelLoadFailed, match="holds no weights"):
        load_checkpoint(card_of(copy, "gemma"), CPU)


def test_missing_weights_are_not_made_up(copy: Path) -> None:
    weights = copy / "model.safetensors"
    tensors = load_file(weights)
    del tensors["model.layers.2.mlp.up_proj.weight"]
    save_file(tensors, weights, metadata={"format": "pt"})
    with pytest.raises(ModelLoadFailed, match=r"1 weights are not in the checkpoint, model\.l"):
        load_checkpoint(card_of(copy, "gemma"), CPU)


def test_remote_code_is_never_run(copy: Path) -> None:
    config = json.loads((copy / "config.json").read_text())
    config["model_type"] = "brand-new"
    config["auto_map"] = {"AutoConfig": "evil.Config", "AutoModelForCausalLM": "evil.Model"}
    (copy / "config.json").write_text(json.dumps(config))
    (copy / "evil.py").write_text("raise SystemExit('ran')")
    with pytest.raises(ModelLoadFailed, match="code of its own, which is never run"):
        load_checkpoint(card_of(copy, "gemma"), CPU)


def test_an_unreachable_hub_is_an_answer_not_a_traceback(tmp_path: Path) -> None:
    """In a process of its own, since the hub's settings are read once: offline, empty cache."""
    probe = (
        "from tests_card import card\nfrom inference.loading import load_checkpoint\n"
        "from inference.errors import ModelLoadFailed\n"
        "try:\n    load_checkpoint(card)\n"
        "except ModelLoadFailed as error:\n    print(error)\n"
    )
    (tmp_path / "tests_card.py").write_text(
        "from inference.catalog import ModelCard\n"
        "card = ModelCard('far', 'far', '', '', hub='org/model', prompt_format='gemma')\n"
    )
    environment = {
        **os.environ,
        "HF_HUB_OFFLINE": "1",
        "HF_HOME": str(tmp_path),
        "PYTHONPATH": f"{tmp_path}:{Path(__file__).parents[2]}",
    }
    done = subprocess.run(
        [sys.executable, "-c", probe], env=environment, capture_output=True, text=True, check=True
    )
    assert "the hub was not reached for org/model" in done.stdout


def answer(status: int) -> Any:
    """The hub's errors want the Response of whichever client it was built with."""
    return httpx.Response(status, request=httpx.Request("GET", "https://huggingface.co"))


@pytest.mark.parametrize(
    ("cause", "advice"),
    [
        (GatedRepoError("gated", response=answer(403)), "must be asked for at https://"),
        (RepositoryNotFoundError("gone", response=answer(404)), "or is private"),
        (HfHubHTTPError("no", response=answer(401)), r"refused your token .* set HF_TOKEN"),
        (HfHubHTTPError("bad", response=answer(503)), "answered 503"),
        (LocalEntryNotFoundError("offline"), "check the network"),
        (torch.OutOfMemoryError("CUDA out of memory"), "fewer slots"),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried"), "fewer slots"),
        (ModuleNotFoundError("No module named 'tiktoken'", name="tiktoken"), "pip install tikto"),
        (ValueError("odd"), "could not be loaded: .*outer"),
    ],
)
def test_what_the_hub_says_becomes_advice(cause: Exception, advice: str) -> None:
    outer = OSError("outer")
    outer.__cause__ = cause
    with pytest.raises(AssertionError, match=advice):
        raise AssertionError(explain(outer, HUB_CARD))


def test_cuda_that_is_not_there_is_refused() -> None:
    if torch.cuda.is_available():
        assert find_devices("auto").on_gpu
    else:
        assert not find_devices("auto").on_gpu
        with pytest.raises(ModelLoadFailed, match="no CUDA device"):
            find_devices("cuda")


def test_without_torch_the_remedy_is_named(gemma_folder: Path) -> None:
    probe = (
        "import sys\nsys.modules['torch'] = None\n"
        "from inference.catalog import find\n"
        "from inference.open import open_checkpoint\n"
        "from inference.options import LoadOptions\n"
        "from inference.errors import ModelLoadFailed\n"
        f"try:\n    open_checkpoint(find({str(gemma_folder)!r}), LoadOptions(), 1)\n"
        "except ModelLoadFailed as error:\n    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert "needs torch, which is not installed: pip install 'mersal[inference]'" in done.stdout


def test_another_architecture_of_plain_attention_works_as_it_is(tmp_path: Path) -> None:
    tokenizer = llama_tokenizer()
    config = GPT2Config(
        vocab_size=len(tokenizer),
        n_embd=32,
        n_layer=2,
        n_head=2,
        n_positions=128,
        bos_token_id=1,
        eos_token_id=2,
    )
    save(tmp_path, GPT2LMHeadModel(config), tokenizer)
    engine = start_engine(load_checkpoint(card_of(tmp_path, "template"), CPU), slots=2)
    stream = engine.submit(
        CompletionRequest((ChatMessage("user", "hi"),), Sampling(max_new_tokens=5))
    )
    list(stream)
    assert stream.completion.completion_tokens > 0
    engine.close()


def test_an_architecture_without_attention_is_refused_at_the_door(tmp_path: Path) -> None:
    tokenizer = llama_tokenizer()
    config = MambaConfig(vocab_size=len(tokenizer), hidden_size=32, num_hidden_layers=1)
    save(tmp_path, MambaForCausalLM(config), tokenizer)
    card = replace(card_of(tmp_path, "template"), context_tokens=64)
    with pytest.raises(ModelLoadFailed, match="MambaForCausalLM is not supported"):
        start_engine(load_checkpoint(card, CPU), slots=1)


def test_attention_with_sinks_is_refused_at_the_door(tmp_path: Path) -> None:
    tokenizer = llama_tokenizer()
    config = GptOssConfig(
        vocab_size=len(tokenizer),
        hidden_size=16,
        intermediate_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=8,
        num_local_experts=2,
        num_experts_per_tok=1,
        max_position_embeddings=128,
    )
    save(tmp_path, GptOssForCausalLM(config), tokenizer)
    with pytest.raises(ModelLoadFailed, match="it has attention sinks"):
        start_engine(load_checkpoint(card_of(tmp_path, "template"), CPU), slots=1)


def test_a_chat_template_that_fails_is_found_when_the_model_is_opened(
    llama_folder: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(llama_folder, tmp_path / "copy"))
    (folder / "chat_template.jinja").write_text("{{ raise_exception('no') }}")
    with pytest.raises(ModelLoadFailed, match="no conversation can be written"):
        open_checkpoint(find(str(folder)), CPU, slots=1)


def test_a_containers_share_of_the_processor_counts(tmp_path: Path) -> None:
    quota = tmp_path / "cpu.max"
    everything = usable_cpus(tmp_path / "absent")
    quota.write_text("max 100000\n")
    assert usable_cpus(quota) == everything
    quota.write_text("50000 100000\n")
    assert usable_cpus(quota) == 1
