"""What models there are: one TOML file each in `inference/models/`, or a folder of the user's own.

Reads files only; torch is never imported here, so that a command line may list models quickly.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal, cast

from inference.engine import Sampling
from inference.errors import ModelNotFound
from inference.shape import Shape

PACKAGE_FOLDER = Path(__file__).parent
CARDS_FOLDER = PACKAGE_FOLDER / "models"

EngineKind = Literal["transformers", "echo"]
PromptFormatName = Literal["gemma", "template"]


@dataclass(frozen=True, slots=True)
class ModelCard:
    """One model: what it is and how it is talked to.

    A card of the "transformers" engine has either `folder`, an absolute path, or `hub`, the
    id of a repository on the Hugging Face hub. `context_tokens` 0 means what the checkpoint
    says. `sampling` is what a request uses unless somebody chose otherwise.
    """

    id: str
    name: str
    description: str
    licence: str
    engine: EngineKind = "transformers"
    folder: Path | None = None
    hub: str = ""
    prompt_format: PromptFormatName = "template"
    context_tokens: int = 0
    languages: tuple[str, ...] = ()
    shape: Shape | None = None
    sampling: Sampling = field(default_factory=Sampling)
    notes: str = ""

    @property
    def source(self) -> str:
        """Where the checkpoint is: a folder's path or a hub id."""
        return str(self.folder) if self.folder else self.hub


def all_models() -> tuple[ModelCard, ...]:
    """Every model of the catalog, in alphabetical order of the ids."""
    return tuple(_cards().values())


def find(model_id: str) -> ModelCard:
    """The card of `model_id`: an id of the catalog or the path of a folder with a checkpoint.

    Raises ModelNotFound, naming the models that are known.
    """
    card = _cards().get(model_id)
    if card is not None:
        return card
    folder = Path(model_id).expanduser()
    if (folder / "config.json").is_file():
        return _card_of_folder(model_id, folder.resolve())
    raise ModelNotFound(_not_found(model_id, folder))


def _not_found(model_id: str, folder: Path) -> str:
    known = ", ".join(_cards())
    if folder.is_dir():
        return f"the folder {model_id!r} has no config.json, so it is no checkpoint; known: {known}"
    return f"unknown model {model_id!r}; known: {known}, or the path of a folder with a checkpoint"


def _card_of_folder(model_id: str, folder: Path) -> ModelCard:
    return ModelCard(
        id=model_id,
        name=folder.name,
        description="a checkpoint of your own",
        licence="see the checkpoint",
        folder=folder,
    )


@cache
def _cards() -> Mapping[str, ModelCard]:
    cards = [read_card(path) for path in sorted(CARDS_FOLDER.glob("*.toml"))]
    return MappingProxyType({card.id: card for card in sorted(cards, key=lambda card: card.id)})


def read_card(path: Path) -> ModelCard:
    """Read one card. A relative `folder` starts at the `inference` package.

    Raises ValueError when a key is unknown and TypeError when a required one is missing.
    """
    values = tomllib.loads(path.read_text(encoding="utf-8"))
    unknown = values.keys() - {f.name for f in fields(ModelCard)}
    if unknown:
        raise ValueError(f"{path.name}: unknown keys {', '.join(sorted(unknown))}")
    if "folder" in values:
        values["folder"] = PACKAGE_FOLDER / cast(str, values["folder"])
    values["languages"] = tuple(values.get("languages", ()))
    if "shape" in values:
        values["shape"] = Shape(**values["shape"])
    values["sampling"] = _sampling(values.get("sampling", {}))
    return ModelCard(**values)


def _sampling(values: dict[str, object]) -> Sampling:
    stop = cast(list[str], values.pop("stop", []))
    return Sampling(stop=tuple(stop), **values)  # type: ignore[arg-type]  # checked by the tests
