"""The command line. Each command reads the settings itself, so that --help always works."""

import logging
import sys
from typing import Annotated

import typer

from broker.errors import BrokerError
from broker.settings import Settings
from inference.errors import InferenceError
from mersal.bench.cli import bench_app
from mersal.bots import check_bot, is_present, wanted_bots
from mersal.chat_cli import chat
from mersal.entering import enter, let_compute
from mersal.errors import EXIT_TOLD, TOLD_PREFIX, MersalError
from mersal.models_cli import models, prompt
from mersal.options import EndpointOption, ModelOption, QuantizationOption, RevisionOption
from mersal.parts_cli import bot, worker
from mersal.slack_cli import slack_app
from mersal.text_cli import text_app

logger = logging.getLogger(__name__)

EXIT_UNEXPECTED = 70  # EX_SOFTWARE

EXAMPLES = """
\b
Examples:
  mersal up                        everything on this machine: Redis, a worker, the web chat
  mersal up --model echo           the same with another model
  mersal chat                      talk to it here, in the terminal
  mersal models                    which models there are, and whether they fit here
  mersal prompt < messages.json    what a model is sent, exactly
  mersal worker --model echo       one worker by itself, for more than one machine
  mersal bot telegram              one bot by itself
  mersal doctor                    what is wrong, and what to do about it
  mersal bench path                how fast the path is here, beside other queues
  MERSAL_WEB__PORT=9000 mersal up  any setting, from the environment; `mersal settings` lists all
\b
Exit codes:
   0  done
   1  doctor found something wrong, or a message to chat was not answered
   2  it cannot be done: the last line on standard error says why, and what to do
  70  unexpected: the log has a traceback, which belongs into a report
"""

app = typer.Typer(
    name="mersal",
    help="Mersal (مرسال): brings people's messages to an Arabic language model, and the answers "
    "back, on the web, on Telegram and on Slack.",
    epilog=EXAMPLES,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.add_typer(bench_app)
app.add_typer(slack_app)
app.add_typer(text_app)


def main() -> None:
    """The entry point: an error that we know is one line and exit code 2, never a traceback."""
    try:
        app()
    except (BrokerError, InferenceError, MersalError) as error:
        typer.echo(f"{TOLD_PREFIX}{error}", err=True)
        sys.exit(EXIT_TOLD)
    except Exception:  # outermost: whatever it is, it belongs in the log, secrets hidden
        logger.exception("unexpected error")
        sys.exit(EXIT_UNEXPECTED)


@app.command()
def up(
    bots: Annotated[
        str, typer.Option(help="Comma-separated; default: web, and each whose tokens are set.")
    ] = "",
    model: ModelOption = None,
    quantization: QuantizationOption = None,
    revision: RevisionOption = None,
    endpoint: EndpointOption = None,
    browser: Annotated[
        bool, typer.Option("--open/--no-open", help="Open the chat in a browser, on a desktop.")
    ] = True,
) -> None:
    """Run everything on this machine: Redis, a worker, the bots. Ctrl-C stops it.

    \b
    Examples:
      mersal up --model ./checkpoint --no-open       a model of your own, no browser
      mersal up --bots web,telegram                  these bots, whatever tokens are set
      MERSAL_REDIS_URL=redis://host:6379 mersal up   without a Redis of its own
    """
    from mersal.screen import Screen
    from mersal.up import Plan, run_up
    from workers.model import selected_card

    settings = enter(model=model, quantization=quantization, revision=revision)
    settings = let_compute(settings, endpoint)
    names = named_bots(bots)
    plan = Plan(settings, selected_card(settings), names or default_bots(settings), browser)
    run_up(plan, Screen())


def named_bots(text: str) -> tuple[str, ...]:
    """Those of a list with commas, each once. Raises NoSuchBot."""
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    for name in names:
        check_bot(name)
    return names


def default_bots(settings: Settings) -> tuple[str, ...]:
    """Those that are wanted; of one that this version lacks the user is told, and goes without."""
    wanted = wanted_bots(settings)
    for name in wanted:
        if not is_present(name):
            typer.echo(f"{TOLD_PREFIX}{name}: tokens are set, but this version lacks it", err=True)
    return tuple(name for name in wanted if is_present(name))


app.command()(worker)
app.command()(bot)
app.command()(chat)
app.command()(models)
app.command()(prompt)


@app.command()
def settings(
    markdown: Annotated[
        bool, typer.Option("--markdown", help="As the page docs/settings.md.")
    ] = False,
) -> None:
    """List every setting: its name, type, default and meaning."""
    from mersal.tables import settings_list, settings_page

    typer.echo(settings_page() if markdown else settings_list())


@app.command()
def doctor(
    load: Annotated[bool, typer.Option("--load", help="Load the model too, as a trial.")] = False,
) -> None:
    """Look at everything that can be wrong, and say what to do. Exit code 1 when something is."""
    from mersal.doctor.report import all_findings, print_report

    if not print_report(all_findings(enter(serves=False), load)):
        raise typer.Exit(1)


@app.command()
def version() -> None:
    """Print the version."""
    from importlib.metadata import version as version_of

    typer.echo(f"mersal {version_of('mersal')}")
