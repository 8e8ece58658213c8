"""The command line of the engine's benchmark: `mersal bench engine`."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from inference.errors import InferenceError
from inference.options import DecodeChoice, Device, Dtype
from mersal.bench.counts import read_counts
from mersal.bench.outputs import JsonFile, MarkdownPage

if TYPE_CHECKING:  # every command reads this file, and few need what it brings
    from inference.memory import Quantization
    from inference.precision import Precision

PRECISIONS: dict[str, tuple[Dtype, "Quantization"]] = {
    "float32": ("float32", "none"),
    "bfloat16": ("bfloat16", "none"),
    "8bit": ("bfloat16", "8bit"),
    "4bit": ("bfloat16", "4bit"),
    # nothing but the quantization is inexact
    "8bit-float32": ("float32", "8bit"),
    "4bit-float32": ("float32", "4bit"),
}


def engine(
    models: Annotated[
        str,
        typer.Option(
            help="tiny, small, seven (all of the catalog), or ids like atlas-chat-2b, with commas."
        ),
    ] = "small",
    precisions: Annotated[
        str, typer.Option(help=f"Of {', '.join(PRECISIONS)}, with commas.")
    ] = "float32",
    device: Annotated[Device, typer.Option(help="Where to compute.")] = "auto",
    decode: Annotated[
        DecodeChoice, typer.Option(help="How our engine computes its passes.")
    ] = "auto",
    concurrency: Annotated[
        str, typer.Option(help="Conversations at once, with commas.")
    ] = "1,8,32,64,128",
    answer_tokens: Annotated[int, typer.Option(min=2, help="Of an answer, on average.")] = 32,
    history_tokens: Annotated[int, typer.Option(min=100, help="Of the long conversation.")] = 1500,
    runs: Annotated[int, typer.Option(min=1, help="Medians of so many are shown.")] = 3,
    short: Annotated[
        bool, typer.Option("--short", help="One run of tiny models: to see that it works.")
    ] = False,
    json: JsonFile = None,
    markdown: MarkdownPage = None,
) -> None:
    """Measure the engine on random weights, beside transformers' generate and its batching."""
    # Torch takes seconds, which any command would wait for if it stood above.
    from pydantic_core import to_json
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from inference.bench.networks import find_networks
    from mersal.bench.engine_run import EnginePlan, EngineResults, run_engines
    from mersal.bench.engine_table import to_markdown, to_rich
    from mersal.bench.page import refresh

    counts = tuple(sorted({1, *read_counts("--concurrency", concurrency)}))
    plan = EnginePlan(counts, answer_tokens, runs, history_tokens=history_tokens, decode=decode)
    if short:
        models = "tiny"
        plan = replace(plan, concurrency=(1, 4), answer_tokens=6, runs=1, least_requests=4)

    def save(results: EngineResults) -> None:
        if json is not None:
            json.write_bytes(to_json(results, indent=2))
        if markdown is not None:
            refresh(markdown, "engine", to_markdown(results))

    console = Console()
    columns = (BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    try:
        wanted = [(n, p) for n in find_networks(models) for p in _precisions(precisions)]
        with Progress(*columns, console=console, transient=True) as progress:
            task = progress.add_task("", total=plan.steps * len(wanted))
            results = run_engines(
                plan,
                wanted,
                device,
                lambda doing, done: progress.update(task, description=doing, completed=done),
                save,
            )
    except InferenceError as error:
        raise typer.BadParameter(str(error)) from error
    console.print(to_rich(results))
    if results.failures:
        raise typer.Exit(1)


def _precisions(text: str) -> "list[Precision]":
    from inference.precision import Precision

    names = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in PRECISIONS]
    if unknown or not names:
        raise typer.BadParameter(f"--precisions: of {', '.join(PRECISIONS)}, not {text!r}")
    return [Precision(*PRECISIONS[name]) for name in names]
