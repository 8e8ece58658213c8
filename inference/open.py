"""The door of this room: a model id in, a loaded engine out."""

from inference.catalog import ModelCard, find
from inference.echo import EchoEngine
from inference.engine import Engine
from inference.errors import ModelLoadFailed
from inference.options import LoadOptions

DEFAULT_SLOTS = 16
INSTALL_HINT = "pip install 'mersal[inference]'"
AS_FITS = LoadOptions()


def open_engine(
    model_id: str,
    options: LoadOptions = AS_FITS,
    slots: int = DEFAULT_SLOTS,
    context_tokens: int | None = None,
) -> Engine:
    """Load `model_id` (a catalog id or a folder's path) and return its engine, ready.

    `slots` is how many conversations are computed side by side; more wait in order of
    arrival. `context_tokens` makes the context window smaller than the model's own, which
    saves memory. Torch is imported here, and only for a model that needs it.
    Raises ModelNotFound, or ModelLoadFailed whose message says what to do next.
    """
    card = find(model_id)
    if card.engine == "echo":
        return EchoEngine(card.id)
    return open_checkpoint(card, options, slots, context_tokens)


def open_checkpoint(
    card: ModelCard, options: LoadOptions, slots: int, context_tokens: int | None = None
) -> Engine:
    """Load a card's checkpoint, see `open_engine`. Raises ModelLoadFailed."""
    try:
        from inference.slots.open import open_slot_engine
    except ImportError as error:
        missing = error.name or "torch"
        raise ModelLoadFailed(
            f"running {card.id!r} needs {missing}, which is not installed: {INSTALL_HINT}"
        ) from error
    return open_slot_engine(card, options, slots, context_tokens)
