"""The command line of the benchmarks: `mersal bench path`, `mersal bench engine`."""

from typing import Annotated, Literal

import typer

from mersal.bench.counts import read_counts
from mersal.bench.engine_cli import engine
from mersal.bench.outputs import JsonFile, MarkdownPage
from mersal.bench.peers import PEERS

bench_app = typer.Typer(
    name="bench",
    help="Measure Mersal on this machine.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@bench_app.callback()
def bench() -> None:
    """Measure Mersal on this machine."""


bench_app.command()(engine)


@bench_app.command()
def path(
    messages: Annotated[int, typer.Option(min=20, help="Messages that wait in a drain.")] = 3000,
    rate: Annotated[float, typer.Option(min=1, help="Messages a second at a steady pace.")] = 200,
    seconds: Annotated[float, typer.Option(min=0.1, help="How long the pace is kept.")] = 3,
    peers: Annotated[str, typer.Option(help="Comma-separated queues.")] = ",".join(PEERS),
    appendfsync: Annotated[
        Literal["everysec", "always", "both"], typer.Option(help="How Redis writes to disk.")
    ] = "both",
    runs: Annotated[int, typer.Option(min=1, help="Interleaved runs; medians are shown.")] = 3,
    idle: Annotated[
        str, typer.Option(help="Idle conversations to measure memory with, comma-separated.")
    ] = "1000,10000,100000",
    short: Annotated[
        bool, typer.Option("--short", help="One run of little: to see that it works.")
    ] = False,
    json: JsonFile = None,
    markdown: MarkdownPage = None,
) -> None:
    """Measure the path of a message without a model, beside other queues on the same Redis."""
    # Half of what a start of any command would take, if it stood above.
    from pydantic_core import to_json
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from mersal.bench.page import refresh
    from mersal.bench.path import run
    from mersal.bench.round import Plan
    from mersal.bench.running import Fsync
    from mersal.bench.stops import STREAMS
    from mersal.bench.table import to_markdown, to_rich

    console = Console()
    names = [name.strip() for name in peers.split(",") if name.strip()]
    fsyncs: list[Fsync] = ["always", "everysec"] if appendfsync == "both" else [appendfsync]
    counts = read_counts("--idle", idle)
    plan = Plan(messages, rate, seconds, idle=counts)
    if short:
        plan, runs = Plan(300, rate, 0.5, stops=STREAMS, idle=counts[:1]), 1
    columns = (BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=runs * len(fsyncs) * len(names))
        results = run(
            plan,
            names,
            fsyncs,
            runs,
            lambda doing, done: progress.update(task, description=doing, completed=done),
        )
    console.print(to_rich(results))
    if json is not None:
        json.write_bytes(to_json(results, indent=2))
    if markdown is not None:
        refresh(markdown, "path", to_markdown(results))
