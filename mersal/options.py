"""Options that several commands have."""

from pathlib import Path
from typing import Annotated, Literal

import typer

ModelOption = Annotated[
    str | None, typer.Option("--model", "-m", help="Model id (`mersal models`) or a folder.")
]

QuantizationOption = Annotated[
    Literal["auto", "none", "8bit", "4bit"] | None,
    typer.Option(help="Bits of the model's weights; auto: as many as fit into free memory."),
]

EndpointOption = Annotated[
    list[str] | None,
    typer.Option(
        "--endpoint",
        metavar="URL",
        help="Let this server compute, which speaks OpenAI's API; may be repeated.",
    ),
]

RevisionOption = Annotated[
    str | None, typer.Option(metavar="REV", help="Branch, tag or commit of the model on the hub.")
]

LifeOption = Annotated[
    Path | None,
    typer.Option(
        "--life",
        metavar="FILE",
        help="Touch this file every second while all is well, for whoever watches over it.",
    ),
]
