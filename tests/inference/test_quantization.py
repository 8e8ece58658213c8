"""Models in 8 and 4 bits: smaller, nearly the same, saved and loaded again, and served."""

from pathlib import Path
from typing import Literal, cast

import pytest
import torch
from bitsandbytes.nn.modules import Linear4bit, Linear8bitLt
from torch import Tensor

from inference.engine import ChatMessage, CompletionRequest, Sampling
from inference.loading import Checkpoint, load_checkpoint
from inference.options import LoadOptions
from inference.slots.open import start_engine

from .conftest import card_of

Bits = Literal["8bit", "4bit"]
KINDS = {"8bit": Linear8bitLt, "4bit": Linear4bit}

# Far from what trained weights lose: random ones of a few dozen numbers do not even out.
CLOSE = {"8bit": 0.1, "4bit": 0.6}


@pytest.fixture(scope="module", params=["8bit", "4bit"])
def bits(request: pytest.FixtureRequest) -> Bits:
    return cast(Bits, request.param)


@pytest.fixture(scope="module")
def small(checkpoint: Checkpoint, bits: Bits) -> Checkpoint:
    return load_checkpoint(checkpoint.card, LoadOptions("cpu", "float32", bits))


@torch.no_grad()
def logits(checkpoint: Checkpoint) -> Tensor:
    checkpoint.model.set_attn_implementation("eager")  # whatever an engine chose
    found: Tensor = checkpoint.model(torch.tensor([[5, 17, 212, 3, 40, 99]])).logits[0]
    return found.float()


def test_every_architecture_is_quantized(
    checkpoint: Checkpoint, small: Checkpoint, bits: Bits
) -> None:
    kinds = [type(layer) for layer in small.model.modules()]
    plain = [n for n, layer in small.model.named_modules() if type(layer) is torch.nn.Linear]
    assert kinds.count(KINDS[bits]) >= 4 * small.model.config.num_hidden_layers
    assert plain == ["lm_head"]  # which no quantization touches, nor the embeddings
    assert small.model.get_memory_footprint() < 0.7 * checkpoint.model.get_memory_footprint()
    exact = logits(checkpoint)
    assert 0 < (logits(small) - exact).norm() / exact.norm() < CLOSE[bits]


def test_saved_and_loaded_again_it_says_the_same(
    small: Checkpoint, bits: Bits, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    small.model.save_pretrained(tmp_path)
    small.tokenizer.save_pretrained(tmp_path)
    again = load_checkpoint(card_of(tmp_path, "template"), LoadOptions("cpu", "float32", "4bit"))
    assert any(isinstance(layer, KINDS[bits]) for layer in again.model.modules())
    assert torch.equal(logits(again), logits(small))
    assert "is quantized already" in caplog.text


def test_the_engine_serves_it(small: Checkpoint) -> None:
    engine = start_engine(small, slots=2)
    stream = engine.submit(
        CompletionRequest((ChatMessage("user", "salam"),), Sampling(max_new_tokens=5))
    )
    assert "".join(piece.text for piece in stream) == stream.completion.text
    assert stream.completion.completion_tokens > 0
    engine.close()
