"""The door of this room to torch: a card in, a loaded engine out."""

from inference.catalog import ModelCard
from inference.engine import Engine
from inference.errors import ModelLoadFailed
from inference.options import LoadOptions

INSTALL_HINT = "pip install 'mersal[inference]'"


def open_checkpoint(card: ModelCard, options: LoadOptions, slots: int) -> Engine:
    """Load a card's checkpoint and return its engine, ready.

    `slots` is how many conversations are computed side by side; more wait, users taking turns.
    Torch is imported here. Raises ModelLoadFailed, whose message says what to do next.
    """
    try:
        from inference.slots.open import open_slot_engine
    except ImportError as error:
        missing = error.name or "torch"
        raise ModelLoadFailed(
            f"running {card.id!r} needs {missing}, which is not installed: {INSTALL_HINT}"
        ) from error
    return open_slot_engine(card, options, slots)
