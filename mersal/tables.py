"""The lists that `mersal settings` prints."""

from collections.abc import Iterable
from itertools import groupby
from textwrap import indent

from broker.settings import ENV_FILE, TOML_FILE, all_names

PAGE_HEAD = f"""\
# Settings

Made by `mersal settings --markdown`.

Every setting has a default, so none must be set. Lowest to highest: the defaults,
`{TOML_FILE}` and `{ENV_FILE}` in the working directory, the environment. The names below are
those of the environment and of `{ENV_FILE}`; in `{TOML_FILE}` `MERSAL_WEB__PORT` is `port`
under `[web]`, and `MERSAL_REDIS_URL` is `redis_url` before all sections. An unknown name, or a
value that does not fit, stops the program and names itself.
"""


def settings_list() -> str:
    """Every setting for a terminal: name, type and default on a line, the meaning below."""
    lines = []
    for name, kind, default, text in all_names():
        lines.append(f"{name}  ({kind}{f', default {default}' if default else ''})")
        lines.append(indent(text, "    "))
    return "\n".join(lines)


def settings_page() -> str:
    """The page docs/settings.md."""
    parts = [PAGE_HEAD]
    for section, rows in groupby(all_names(), key=lambda row: _section(row[0])):
        parts.append(f"## {section}\n\n{_markdown_table(rows)}")
    return "\n".join(parts).rstrip("\n")


def _section(name: str) -> str:
    head, separator, _ = name.removeprefix("MERSAL_").partition("__")
    return head.capitalize() if separator else "General"


def _markdown_table(rows: Iterable[tuple[str, str, str, str]]) -> str:
    lines = ["| Name | Type | Default | Meaning |", "| --- | --- | --- | --- |"]
    for name, kind, default, text in rows:
        kind = kind.replace("|", "\\|")
        shown = f"`{default}`" if default else ""
        lines.append(f"| `{name}` | {kind} | {shown} | {text} |")
    return "\n".join(lines) + "\n"
