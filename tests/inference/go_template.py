"""The part of Go's text/template that a Modelfile of ours uses, after its documentation.

Actions: range, if, else if, end, `$x := value`, `$x = value`, a value. Values: a field, a
variable, a string; `eq A B`. A dash next to the braces trims white space on that side.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

_ACTION = re.compile(r"(\s*\{\{-|\{\{) ?(.*?) ?(-\}\}\s*|\}\})", re.DOTALL)


def render(template: str, values: Mapping[str, Any]) -> str:
    """The text that a template makes of `values`, a dictionary of fields."""
    tokens = list(_tokens(template))
    text, at = _block(tokens, 0, values, {})
    assert at == len(tokens)
    return text


def _tokens(template: str) -> Iterator[tuple[str, str]]:
    at = 0
    for found in _ACTION.finditer(template):
        yield "text", template[at : found.start()]
        yield "action", found.group(2)
        at = found.end()
    yield "text", template[at:]


def _block(
    tokens: list[tuple[str, str]], at: int, dot: Any, variables: dict[str, Any], runs: bool = True
) -> tuple[str, int]:
    """The text from `at` up to an `else` or `end` that belongs to nobody in between."""
    text = ""
    while at < len(tokens):
        kind, content = tokens[at]
        verb, _, rest = content.partition(" ")
        if kind == "text":
            text += content if runs else ""
        elif verb in ("else", "end"):
            return text, at
        elif verb == "range":
            for one in _value(rest, dot, variables) if runs else []:
                more, _ = _block(tokens, at + 1, one, variables)
                text += more
            _, at = _block(tokens, at + 1, dot, variables, runs=False)
        elif verb == "if":
            more, at = _branches(tokens, at, dot, variables, runs)
            text += more
        elif runs:
            text += _statement(content, dot, variables)
        at += 1
    return text, at


def _branches(
    tokens: list[tuple[str, str]], at: int, dot: Any, variables: dict[str, Any], runs: bool
) -> tuple[str, int]:
    """The text of the first branch whose condition holds, and where the `end` is."""
    text, waits = "", runs
    while tokens[at][1] != "end":
        condition = tokens[at][1].removeprefix("else ").removeprefix("if ")
        holds = waits and bool(_value(condition, dot, variables))
        more, at = _block(tokens, at + 1, dot, variables, holds)
        text += more
        waits = waits and not holds
    return text, at


def _statement(content: str, dot: Any, variables: dict[str, Any]) -> str:
    assigned = re.fullmatch(r"(\$\w+) :?= (.+)", content)
    if assigned is None:
        return str(_value(content, dot, variables))
    variables[assigned[1]] = _value(assigned[2], dot, variables)
    return ""


def _value(expression: str, dot: Any, variables: dict[str, Any]) -> Any:
    if expression.startswith("eq "):
        left, right = expression.split(" ")[1:]
        return _value(left, dot, variables) == _value(right, dot, variables)
    if expression.startswith("."):
        return dot[expression[1:]]
    return variables[expression] if expression.startswith("$") else json.loads(expression)
