"""Memory figures come from the shape; those below were computed from published configs."""

import pytest

from inference.catalog import ModelCard
from inference.memory import Quantization, fits, kv_bytes_per_token, needed_bytes, weights_bytes
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
