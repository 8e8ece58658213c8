"""Where a benchmark's figures go: options that all of them have."""

from pathlib import Path
from typing import Annotated

import typer

JsonFile = Annotated[Path | None, typer.Option(help="Write every figure to this file.")]
MarkdownPage = Annotated[
    Path | None, typer.Option(help="Refresh the tables in this page, between its markers.")
]
