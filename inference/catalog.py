"""What models there are: those of `inference/models/`, the user's own, and folders.

Reads files only; torch is never imported here, so that a command line may list models quickly.
"""

import difflib
import re
from functools import cache
from pathlib import Path

from inference.cards import ModelCard, PromptFormatName, read_cards
from inference.errors import BadCard, ModelNotFound

__all__ = ["ModelCard", "PromptFormatName", "all_models", "find"]

CARDS_FOLDER = Path(__file__).parent / "models"

_OWN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")  # a queue's name and a button's text too


def all_models(own: Path | None = None) -> tuple[ModelCard, ...]:
    """Every model of the catalog and of the file `own`, in alphabetical order of the ids.

    Raises BadCard when the file cannot be read.
    """
    return tuple(sorted((*_built_in(), *_own_models(own)), key=lambda card: card.id))


def find(model_id: str, own: Path | None = None) -> ModelCard:
    """The card of `model_id`: an id, alias or hub id, in whatever case, or a folder's path.

    `own` is a file of the user's own models. Raises ModelNotFound, naming the models that are
    known, or BadCard when `own` cannot be read.
    """
    wanted = model_id.casefold()
    for card in all_models(own):
        if wanted in (name.casefold() for name in card.names):
            return card
    folder = Path(model_id).expanduser()
    if (folder / "config.json").is_file():
        return _card_of_folder(model_id, folder.resolve())
    raise ModelNotFound(_not_found(model_id, folder, all_models(own)))


def _not_found(model_id: str, folder: Path, cards: tuple[ModelCard, ...]) -> str:
    ids = [card.id for card in cards]
    known = ", ".join(ids)
    if folder.is_dir():
        return f"the folder {model_id!r} has no config.json, so it is no checkpoint; known: {known}"
    near = difflib.get_close_matches(model_id.casefold(), ids, n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    return (
        f"unknown model {model_id!r}{hint}; known: {known}, the path of a folder with a "
        "checkpoint, or a model of your own (docs/models.md)"
    )


def _card_of_folder(model_id: str, folder: Path) -> ModelCard:
    return ModelCard(
        id=model_id,
        name=folder.name,
        description="a checkpoint of your own",
        licence="see the checkpoint",
        folder=folder,
    )


@cache
def _built_in() -> tuple[ModelCard, ...]:
    return tuple(card for path in sorted(CARDS_FOLDER.glob("*.toml")) for card in read_cards(path))


def _own_models(path: Path | None) -> tuple[ModelCard, ...]:
    if path is None:
        return ()
    cards = read_cards(path)
    taken = {name.casefold(): card.id for card in _built_in() for name in card.names}
    for card in cards:
        if not _OWN_ID.fullmatch(card.id):
            raise BadCard(
                f"{path}: model {card.id!r}: key `id`: write up to 40 letters of a-z, A-Z, 0-9, "
                '".", "_" and "-", such as id = "my-model"'
            )
        for name in card.names:
            if name.casefold() in taken:
                raise BadCard(
                    f"{path}: model {card.id!r}: {name!r} is the model "
                    f"{taken[name.casefold()]!r} already: write another name"
                )
            taken[name.casefold()] = card.id
    return cards
