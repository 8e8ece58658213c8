"""The command line of broker/text: each command reads messages from standard input, one a line."""

import sys
from collections.abc import Callable

import typer

text_app = typer.Typer(
    name="text",
    help="Try what Mersal knows about Arabic and Darija text: one message a line, on standard "
    "input.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@text_app.callback()
def text() -> None:
    """Try what Mersal knows about Arabic and Darija text: one message a line."""


def each_line(answer: Callable[[str], str]) -> None:
    """Print the answer to every line of standard input, at once."""
    sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    for line in sys.stdin:
        print(answer(line.rstrip("\r\n")), flush=True)  # noqa: T201 - what the command is for
