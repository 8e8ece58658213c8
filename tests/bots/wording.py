"""The bot's words and the code that says them, read as text for tests/bots/test_catalog.py."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fluent.syntax import FluentParser
from fluent.syntax.ast import Junk, Message, Pattern, Resource, TextElement, VariableReference
from fluent.syntax.visitor import Visitor

import bots
from bots.language import Language

BOTS = Path(bots.__file__).parent
LABELS = "page-"


@cache
def resources(language: Language) -> dict[str, Resource]:
    """The files of a language by name."""
    folder = BOTS / "locales" / language
    return {
        file.name: FluentParser().parse(file.read_text(encoding="utf-8"))
        for file in sorted(folder.iterdir())
    }


def junk(language: Language) -> list[str]:
    """What no Fluent parser understands, and what our catalog would not say: terms, attributes."""
    found = []
    for name, resource in resources(language).items():
        for entry in resource.body:
            if isinstance(entry, Junk):
                found.append(f"{name}: {entry.content}")
            elif isinstance(entry, Message) and (entry.attributes or entry.value is None):
                found.append(f"{name}: {entry.id.name}")
    return found


def messages(language: Language) -> list[tuple[str, Pattern]]:
    """All messages of a language, also those that come twice."""
    entries = (entry for resource in resources(language).values() for entry in resource.body)
    return [
        (entry.id.name, entry.value)
        for entry in entries
        if isinstance(entry, Message) and entry.value is not None
    ]


class _Parts(Visitor):
    def __init__(self) -> None:
        self.variables: set[str] = set()
        self.texts: list[str] = []

    def visit_VariableReference(self, node: VariableReference) -> None:  # noqa: N802
        self.variables.add(node.id.name)

    def visit_TextElement(self, node: TextElement) -> None:  # noqa: N802
        self.texts.append(node.value)


def variables(pattern: Pattern) -> frozenset[str]:
    """The names of the values that a message takes."""
    parts = _Parts()
    parts.visit(pattern)
    return frozenset(parts.variables)


def letters(pattern: Pattern) -> str:
    """What a message says in any of its forms, without its values."""
    parts = _Parts()
    parts.visit(pattern)
    return " ".join(parts.texts)


@dataclass(frozen=True)
class Call:
    """A place in the code where words are asked for. `idents`: as they are written, with a star
    for what is filled in (`menu-*`); `looked_up`: all that the table or the variable may hold that
    the code takes them from."""

    where: str
    idents: tuple[str, ...]
    looked_up: tuple[str, ...]
    values: frozenset[str] | None  # None: passed on from elsewhere


@cache
def modules() -> dict[str, ast.Module]:
    """The code of the bots by path."""
    return {
        str(path.relative_to(BOTS)): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(BOTS.rglob("*.py"))
    }


@cache
def calls() -> tuple[Call, ...]:
    """Every place where the catalog's `text` is called, or a function that passes on to it."""
    return tuple(_calls())


def _calls() -> Iterator[Call]:
    for path, module in modules().items():
        names = set(_names_of_text(module))
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and node.args and _is_text(node.func, names):
                keywords = [keyword.arg for keyword in node.keywords]
                values = None if None in keywords else frozenset(map(str, keywords))
                idents = tuple(_idents(node.args[0]))
                looked_up = () if idents else tuple(_looked_up(node.args[0], _scope(node, module)))
                yield Call(f"{path}:{node.lineno}", idents, looked_up, values)


def _names_of_text(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom) and node.module == "bots.catalog":
            yield from (name.asname or name.name for name in node.names if name.name == "text")


def _is_text(function: ast.expr, names: set[str]) -> bool:
    if isinstance(function, ast.Name):
        return function.id in names
    if not isinstance(function, ast.Attribute):
        return False
    of_catalog = isinstance(function.value, ast.Name) and function.value.id == "catalog"
    return function.attr == "words" or (of_catalog and function.attr == "text")


def _idents(argument: ast.expr) -> Iterator[str]:
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        yield argument.value
    elif isinstance(argument, ast.IfExp):
        yield from (*_idents(argument.body), *_idents(argument.orelse))
    elif isinstance(argument, ast.JoinedStr):
        yield "".join(
            str(part.value) if isinstance(part, ast.Constant) else "*" for part in argument.values
        )


def _looked_up(argument: ast.expr, scope: list[ast.stmt]) -> Iterator[str]:
    """What may come out of a variable, or out of a table whose values are written in the code."""
    match argument:
        case ast.Name(id=name):
            for value in _assigned(name, scope):
                yield from (*_idents(value), *_looked_up(value, scope))
        case ast.IfExp(body=body, orelse=orelse):
            yield from (*_looked_up(body, scope), *_looked_up(orelse, scope))
        case ast.Dict(values=values):
            yield from (ident for value in values for ident in _idents(value) if ident)
        case ast.Subscript(value=table) | ast.Call(func=ast.Attribute(value=table, attr="get")):
            yield from _looked_up(table, scope)


def _scope(call: ast.Call, module: ast.Module) -> list[ast.stmt]:
    """The statements that may give a value to what stands in a call: the module's own, and all of
    the functions around it."""
    around = [
        node
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.lineno <= call.lineno <= (node.end_lineno or 0)
    ]
    inside = [one for function in around for one in ast.walk(function) if isinstance(one, ast.stmt)]
    return [*module.body, *inside]


def _assigned(name: str, scope: list[ast.stmt]) -> Iterator[ast.expr]:
    for node in scope:
        targets = node.targets if isinstance(node, ast.Assign) else []
        targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
        if any(isinstance(one, ast.Name) and one.id == name for one in targets):
            value = getattr(node, "value", None)
            if value is not None:
                yield value


@cache
def strings() -> frozenset[tuple[str, str]]:
    """Every string in the code, docstrings too, with its file."""
    return frozenset(_strings())


def _strings() -> Iterator[tuple[str, str]]:
    for path, module in modules().items():
        for node in ast.walk(module):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield path, node.value


def labels_of_page() -> set[str]:
    """The idents of the labels that the page's code and its HTML name."""
    code = "".join(
        path.read_text(encoding="utf-8")
        for path in (BOTS / "web" / "static").iterdir()
        if path.suffix in (".js", ".html")
    )
    code = re.sub(r"labels\.js|//.*", "", code)
    named = re.findall(r"\blabels\.(\w+)", code)
    named += re.findall(r'data-(?:text|label|placeholder)="(\w+)"', code)
    return {
        LABELS + re.sub(r"[A-Z]", lambda letter: "-" + letter[0].lower(), name)
        for name in set(named) - {"tag", "dir"}
    }
