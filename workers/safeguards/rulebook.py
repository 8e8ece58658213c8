"""The rulebook: rules as they are written, in TOML files of lists of terms."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from broker.errors import SettingsError
from workers.safeguards.rules import Rule

OURS = Path(__file__).parent / "rules"
SHARED = OURS / "words.toml"


@dataclass(frozen=True, slots=True)
class WrittenRule:
    """A rule as its file has it: names of lists. The first of `all` is its subject, whose words
    should be rare in other talk. `near` counts words."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    all: tuple[str, ...]
    unless: tuple[str, ...] = ()
    near: int = 8
    messages: bool = True
    answers: bool = True


@dataclass(frozen=True, slots=True)
class Chapter:
    """One file, one category. Those of lower `rank` go first. `tasks`: what is only to be
    translated, summarized and so on is refused too."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    category: str = ""
    rank: int = 100
    tasks: bool = True
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rule: tuple[WrittenRule, ...] = ()


_CHAPTER = TypeAdapter(Chapter)


def read_rules(own: Path | None = None, skip: Iterable[str] = ()) -> tuple[Rule, ...]:
    """Our rules and those of a TOML file, or of a folder of them, but for the categories to skip;
    in order of rank. Raises SettingsError, which names the file and what is wrong with it."""
    shared = _read(SHARED).words
    paths = [path for path in sorted(OURS.glob("*.toml")) if path != SHARED]
    if own is not None:
        paths += sorted(own.glob("*.toml")) if own.is_dir() else [own]
    chapters = [(path, _read(path)) for path in paths]
    _check_known(skip, [chapter.category for _, chapter in chapters])
    chapters.sort(key=lambda one: one[1].rank)
    return tuple(
        rule
        for path, chapter in chapters
        if chapter.category not in skip
        for rule in _rules(path, chapter, shared)
    )


def _check_known(skip: Iterable[str], categories: list[str]) -> None:
    for name in skip:
        if name not in categories:
            known = ", ".join(dict.fromkeys(categories))
            raise SettingsError(f"MERSAL_SAFEGUARDS__SKIP: no category {name!r}; known: {known}")


def _read(path: Path) -> Chapter:
    try:
        return _CHAPTER.validate_python(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from None
    except ValidationError as error:
        wrong = (f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise SettingsError(f"{path}: {'; '.join(wrong)}") from None


def _rules(path: Path, chapter: Chapter, shared: Mapping[str, tuple[str, ...]]) -> Iterator[Rule]:
    lists = {**shared, **chapter.words}
    for written in chapter.rule:
        for name in (*written.all, *written.unless):
            if not lists.get(name):
                raise SettingsError(f"{path}: no list of words {name!r}")
        if not written.all or not chapter.category:
            raise SettingsError(f"{path}: a rule needs `all`, and its file a `category`")
        subject, *others = (lists[name] for name in written.all)
        yield Rule(
            category=chapter.category,
            subject=subject,
            others=tuple(others),
            unless=tuple(term for name in written.unless for term in lists[name]),
            near=written.near,
            messages=written.messages,
            answers=written.answers,
            tasks=chapter.tasks,
        )
