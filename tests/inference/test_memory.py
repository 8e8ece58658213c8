"""Memory figures come from the shape; those below were computed from published configs."""

from pathlib import Path

import pytest
import torch
from transformers import AutoModelForCausalLM, Gemma2Config, LlamaConfig, PreTrainedConfig

from inference.catalog import ModelCard, all_models, find
from inference.loading import Checkpoint
from inference.memory import (
    Quantization,
    fits,
    kv_bytes_per_token,
    needed_bytes,
    shape_of,
    weights_bytes,
)
from inference.shape import Shape

GEMMA_2B = Shape(
    parameters=2_614_341_888,
    layers=26,
    hidden=2304,
    intermediate=9216,
    heads=8,
    kv_heads=4,
    head_dim=256,
    vocabulary=256_000,
    tied_embeddings=True,
)
CARD = ModelCard("x", "x", "", "", hub="org/x", context_tokens=8192, shape=GEMMA_2B)
# Decimal GB at 16 bits and at 8, and bytes of a token's keys and values; weights of 4 bits are
# told nowhere with double quantization.
FIGURES = [
    ("atlas-chat-2b", 5.23, 3.2, 106_496),
    ("atlas-chat-9b", 18.48, 10.16, 344_064),
    ("atlas-chat-27b", 54.45, 28.41, 376_832),
    ("allam-2-7b-instruct", 14.0, 7.53, 524_288),
    ("jais-30b-chat-v1", 60.42, 30.82, 1_376_256),
    ("acegpt-7b-chat", 13.48, 7.0, 524_288),
    ("acegpt-13b-chat", 26.03, 13.34, 819_200),
]
BARE = ModelCard("y", "y", "", "", hub="org/y")


@pytest.mark.parametrize(
    ("quantization", "size"), [("none", 5_228_683_776), ("8bit", 3_204_165_888)]
)
def test_weights_take_what_the_shape_says(quantization: Quantization, size: int) -> None:
    assert weights_bytes(CARD, quantization) == size


def test_four_bits_take_a_little_more_than_half_a_byte() -> None:
    linear = 2_614_341_888 - 589_824_000
    size = weights_bytes(CARD, "4bit")
    assert size is not None
    assert 0.515 < (size - 2 * 589_824_000) / linear < 0.517


def test_float32_doubles_weights_and_kept_tokens() -> None:
    assert weights_bytes(CARD, "none", element_bytes=4) == 2 * 5_228_683_776
    assert kv_bytes_per_token(CARD, element_bytes=4) == 2 * 106_496


def test_a_model_fits_to_the_byte() -> None:
    needed = needed_bytes(CARD, "none")
    assert needed == 5_228_683_776 + 8192 * 106_496 + 1_500_000_000
    assert fits(CARD, "none", needed) is True
    assert fits(CARD, "none", needed - 1) is False
    assert fits(CARD, "none", needed - 1, tokens=4096) is True


def test_a_tiny_model_needs_little_beside_the_libraries() -> None:
    tiny = Shape(2_000_000, 2, 64, 128, 4, 4, 16, 512, True)
    card = ModelCard("t", "t", "", "", hub="org/t", context_tokens=10, shape=tiny)
    needed = needed_bytes(card, "none")
    assert needed is not None and needed < 510_000_000


def test_without_a_shape_nothing_is_claimed() -> None:
    assert weights_bytes(BARE, "none") is None
    assert kv_bytes_per_token(BARE) is None
    assert fits(BARE, "none", 10**15) is None


@pytest.mark.parametrize(("model", "sixteen", "eight", "kept"), FIGURES)
def test_the_seven_models_need_what_was_computed_from_their_configs(
    model: str, sixteen: float, eight: float, kept: int
) -> None:
    card = find(model)
    sizes = [weights_bytes(card, "none"), weights_bytes(card, "8bit")]
    assert [round((size or 0) / 1e9, 2) for size in sizes] == pytest.approx(
        [sixteen, eight], abs=0.011
    )
    assert kv_bytes_per_token(card) == kept


def config_of(card: ModelCard) -> PreTrainedConfig:
    shape = card.shape
    assert shape is not None
    kind = {"Gemma2ForCausalLM": Gemma2Config, "LlamaForCausalLM": LlamaConfig}[card.architecture]
    return kind(
        vocab_size=shape.vocabulary,
        hidden_size=shape.hidden,
        intermediate_size=shape.intermediate,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        num_key_value_heads=shape.kv_heads,
        head_dim=shape.head_dim,
        tie_word_embeddings=shape.tied_embeddings,
    )


@pytest.mark.parametrize("card", [c for c in all_models() if c.shape], ids=lambda card: card.id)
def test_the_parameters_are_those_of_a_network_of_that_shape(card: ModelCard) -> None:
    shape = card.shape
    assert shape is not None
    if card.prompt_format == "jais":  # biases and layer norms too, as GPT-2 has them
        attention = 4 * shape.hidden * shape.hidden + 4 * shape.hidden
        mlp = 3 * shape.hidden * shape.intermediate + 2 * shape.intermediate + shape.hidden
        layer = attention + mlp + 4 * shape.hidden
        total = shape.embedding_parameters + shape.layers * layer + 2 * shape.hidden
        assert total == shape.parameters
        return
    with torch.device("meta"):
        network = AutoModelForCausalLM.from_config(config_of(card))
    assert sum(weight.numel() for weight in network.parameters()) == shape.parameters


def test_a_local_checkpoints_shape_is_read_from_its_files(
    gemma: Checkpoint, llama: Checkpoint
) -> None:
    for checkpoint in (gemma, llama):
        shape, config = shape_of(checkpoint.card), checkpoint.model.config
        assert shape is not None
        assert shape.parameters == sum(w.numel() for w in checkpoint.model.parameters())
        assert (shape.layers, shape.kv_heads) == (
            config.num_hidden_layers,
            config.num_key_value_heads,
        )
        assert shape.tied_embeddings is False


def test_of_a_folder_that_says_too_little_nothing_is_claimed(tmp_path: Path) -> None:
    card = ModelCard("z", "z", "", "", folder=tmp_path)
    assert shape_of(card) is None
    (tmp_path / "config.json").write_text('{"hidden_size": 4}')
    assert shape_of(card) is None
    (tmp_path / "config.json").write_text("no JSON")
    assert weights_bytes(card, "4bit") is None
