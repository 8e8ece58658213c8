"""Cards: what a model is, how it is talked to, what it needs, and what it may be used for."""

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import ClassVar, Literal, get_args

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from inference.checking import check_sampling
from inference.engine import Sampling
from inference.errors import BadCard, InvalidRequest
from inference.remote.options import Serving
from inference.shape import Shape

EngineKind = Literal["transformers", "openai", "echo"]
PromptFormatName = Literal["gemma", "allam", "jais", "acegpt", "template"]
Gated = Literal["no", "yes", "unclear"]
TaskName = Literal["translate", "summarize", "explain", "sentiment"]
Arabizi = Literal["convert", "keep"]


@dataclass(frozen=True, slots=True)
class ModelCard:
    """One model.

    A card of the "transformers" engine has either `folder`, an absolute path, or `hub`, the
    id of a repository on the Hugging Face hub, at `revision` (empty: its main branch); one of
    the "openai" engine says in `remote` where it is served.
    `aliases` and `hub_aliases` are other names that it is found by. `context_tokens` 0 means
    what the checkpoint says; `end_tokens` end an answer. `dtype` is torch's name of the type
    that the makers run. `system` is the system text unless somebody chose another: by
    language, for a format that follows the question's. `sampling` is what a request uses
    unless somebody chose otherwise. `tasks` are those that it may be offered for, `translates`
    the languages that it translates among, empty: any. `arabizi`: Darija in Latin letters is put
    into Arabic ones before the model reads it, or is not. `disclaimer`: users are to be told
    what answers them.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    id: str
    name: str
    description: str
    licence: str
    engine: EngineKind = "transformers"
    folder: Path | None = None
    hub: str = ""
    aliases: tuple[str, ...] = ()
    hub_aliases: tuple[str, ...] = ()
    revision: str = ""
    gated: Gated = "no"
    architecture: str = ""
    base: str = ""
    dtype: str = ""
    prompt_format: PromptFormatName = "template"
    system: Mapping[str, str] = field(default_factory=dict)
    context_tokens: int = 0
    end_tokens: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    tasks: tuple[TaskName, ...] = get_args(TaskName)
    translates: tuple[str, ...] = ()
    arabizi: Arabizi = "convert"
    disclaimer: bool = False
    licence_duties: tuple[str, ...] = ()
    intended: tuple[str, ...] = ()
    prohibited: tuple[str, ...] = ()
    quirks: tuple[str, ...] = ()
    shape: Shape | None = None
    remote: Serving | None = None
    sampling: Sampling = field(default_factory=Sampling)
    notes: str = ""

    @property
    def source(self) -> str:
        """Where the checkpoint is: a folder's path or a hub id."""
        return str(self.folder) if self.folder else self.hub

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that the model is found by, the id first."""
        return tuple(n for n in (self.id, *self.aliases, self.hub, *self.hub_aliases) if n)


_ADAPTER = TypeAdapter(ModelCard)

_OWN = {"description": "a model of your own", "licence": "see the checkpoint"}

_TABLES: dict[str, type] = {"sampling": Sampling, "shape": Shape, "remote": Serving}

_PERSONAS = '[model.system] and, below it, ar = "..." and en = "..."'

_WRITE = {
    "id": 'id = "my-model"',
    "folder": 'folder = "/path/to/the/checkpoint"',
    "hub": 'hub = "owner/name"',
    "prompt_format": 'prompt_format = "template"',
    "context_tokens": "context_tokens = 4096",
    "languages": 'languages = ["ar", "en"]',
    "tasks": 'tasks = ["translate", "summarize", "explain", "sentiment"], or fewer',
    "translates": 'translates = ["ar", "en"]',
    "arabizi": 'arabizi = "convert" or arabizi = "keep"',
    "aliases": 'aliases = ["other-name"]',
    "sampling": "[model.sampling] and, below it, temperature = 0.7",
    "remote": '[model.remote] and, below it, endpoints = ["http://host:8000/v1"]',
    "shape": "nothing: a local checkpoint's shape is read from its files",
}


def read_cards(path: Path) -> tuple[ModelCard, ...]:
    """The cards of a TOML file: one model, or what several share and a [[model]] for each.

    A relative `folder` starts where the file is. Raises BadCard, which names the file, the
    key, and what to write.
    """
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadCard(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadCard(f"{path}: not UTF-8, save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise BadCard(f"{path}: {error}") from None
    return tuple(_read_card(path, card) for card in _each_model(path, values))


def _each_model(path: Path, values: dict[str, object]) -> Iterator[dict[str, object]]:
    models = values.pop("model", None)
    if models is None:
        yield values
        return
    if not isinstance(models, list) or not all(isinstance(one, dict) for one in models):
        raise BadCard(f"{path}: `model` is no list of tables: write [[model]] above each model")
    for one in models:
        yield _merged(values, one)


def _merged(shared: Mapping[str, object], own: Mapping[str, object]) -> dict[str, object]:
    """`own` over `shared`; tables of one name are merged likewise."""
    merged = {**shared, **own}
    for key, value in own.items():
        beneath = shared.get(key)
        if isinstance(value, dict) and isinstance(beneath, dict):
            merged[key] = _merged(beneath, value)
    return merged


def _read_card(path: Path, values: dict[str, object]) -> ModelCard:
    name = values.get("id", "")
    values = {"name": name, **_OWN, **values}
    try:
        card = _ADAPTER.validate_python(values)
    except ValidationError as error:
        reasons = "; ".join(map(_reason, error.errors()))
        raise BadCard(f"{path}: model {name!r}: {reasons}") from None
    for trouble in _troubles(card):
        raise BadCard(f"{path}: model {name!r}: {trouble}")
    if card.folder is None:
        return card
    return replace(card, folder=(path.parent / card.folder.expanduser()).resolve())


def _troubles(card: ModelCard) -> Iterator[str]:
    """What makes no sense although every key has a value of its kind."""
    if card.engine == "transformers" and bool(card.folder) == bool(card.hub):
        yield (
            "keys `folder` and `hub`: exactly one is needed; "
            f"write {_WRITE['folder']} or {_WRITE['hub']}"
        )
    if card.engine == "openai" and card.remote is None:
        yield f"key `remote`: write {_WRITE['remote']}"
    if card.prompt_format == "jais" and not {"ar", "en"} <= card.system.keys():
        yield f"key `system`: the format jais needs a persona in two languages; write {_PERSONAS}"
    try:
        check_sampling(card.sampling)
    except InvalidRequest as error:
        yield f"key `sampling`: {error}"


def _reason(problem: ErrorDetails) -> str:
    path = [str(part) for part in problem["loc"]]
    key, message = ".".join(path), problem["msg"]
    if problem["type"] == "unexpected_keyword_argument":
        table = _TABLES.get(path[0], ModelCard)
        known = [f.name for f in fields(table)]
        near = difflib.get_close_matches(path[-1], known, n=1)
        hint = f"did you mean `{near[0]}`?" if near else f"known: {', '.join(known)}"
        return f"unknown key `{key}`; {hint}"
    hint = f"; write {_WRITE[path[0]]}" if path[0] in _WRITE else ""
    return f"key `{key}`: {message[:1].lower()}{message[1:]}{hint}"
