"""The networks that are measured: the shapes of the models we serve, and small ones like them."""

from dataclasses import dataclass
from typing import Literal

from inference.catalog import all_models, find
from inference.errors import ModelNotFound
from inference.shape import Shape

Architecture = Literal["gemma2", "llama", "jais"]

# By what a model's config.json names.
ARCHITECTURES: dict[str, Architecture] = {
    "Gemma2ForCausalLM": "gemma2",
    "LlamaForCausalLM": "llama",
    "JAISLMHeadModel": "jais",
}
GEMMA_WINDOW = 4096


@dataclass(frozen=True, slots=True)
class Network:
    """What is built with random weights. `window` is that of Gemma 2's sliding layers, tokens."""

    name: str
    architecture: Architecture
    shape: Shape
    context_tokens: int
    window: int = GEMMA_WINDOW


def find_networks(names: str) -> list[Network]:
    """Of `tiny`, `small`, `seven` (all that the catalog has), their members and catalog ids, with
    commas. Raises ModelNotFound."""
    found = [one for name in names.split(",") if name.strip() for one in _named(name.strip())]
    return list(dict.fromkeys(found))


def _named(name: str) -> list[Network]:
    sets = {"tiny": TINY, "small": SMALL}
    if name in sets:
        return list(sets[name])
    if name == "seven":
        cards = all_models()
        return [_of_catalog(card.id) for card in cards if card.architecture in ARCHITECTURES]
    made = {one.name: one for one in (*TINY, *SMALL)}
    return [made[name] if name in made else _of_catalog(name)]


def _of_catalog(name: str) -> Network:
    card = find(name)
    architecture = ARCHITECTURES.get(card.architecture)
    if card.shape is None or architecture is None:
        raise ModelNotFound(f"{name}: the catalog does not know its shape")
    return Network(card.id, architecture, card.shape, card.context_tokens)


def _shape(
    layers: int,
    hidden: int,
    intermediate: int,
    heads: int,
    kv_heads: int,
    vocabulary: int,
    tied: bool,
) -> Shape:
    """A small one. Its parameters are those of the matrices: the rest is next to nothing."""
    dim = hidden // heads
    attention = 2 * hidden * dim * (heads + kv_heads)
    matrices = layers * (attention + 3 * hidden * intermediate)
    tables = vocabulary * hidden * (1 if tied else 2)
    return Shape(
        matrices + tables,
        layers,
        hidden,
        intermediate,
        heads,
        kv_heads,
        dim,
        vocabulary,
        tied,
    )


# As the great ones are: Gemma 2 shares key heads, Llama's output has weights of its own, Jais'
# heads are no power of two. The windows are shorter than the long conversation.
SMALL = (
    Network("small-gemma2", "gemma2", _shape(8, 512, 2048, 8, 4, 32000, True), 4096, window=512),
    Network("small-llama", "llama", _shape(8, 512, 1536, 8, 8, 32000, False), 4096),
    Network("small-jais", "jais", _shape(8, 448, 1194, 7, 7, 32000, True), 4096),
)
TINY = (
    Network("tiny-gemma2", "gemma2", _shape(2, 64, 128, 4, 2, 500, True), 512, window=32),
    Network("tiny-llama", "llama", _shape(2, 64, 128, 4, 4, 500, False), 512),
    Network("tiny-jais", "jais", _shape(2, 56, 120, 7, 7, 500, True), 512),
)
