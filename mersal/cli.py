"""The command line. Each command reads the settings itself, so that --help always works."""

import asyncio
import logging
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from broker.errors import BrokerError, RedisUnavailable
from broker.settings import RemoteSettings, Settings, read_settings
from inference.errors import InferenceError
from mersal.bench.cli import bench_app
from mersal.bots import BOTS, check_bot, find_bot, is_present, wanted_bots
from mersal.errors import EXIT_TOLD, TOLD_PREFIX, MersalError, NotRunning
from mersal.life import Life
from mersal.log import configure_logging
from mersal.models_cli import known_by_id, models, prompt
from mersal.ready import say_ready
from mersal.slack_cli import slack_app
from mersal.state_dir import find_running
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

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


def enter(serves: bool = True, **worker: str | int | None) -> Settings:
    """Settings and logging of a command. What the command line says of the `worker` wins.

    A command that does not serve is there for its answer: it logs warnings alone.
    """
    settings = read_settings()
    configure_logging(settings, quiet=not serves)
    said = {name: value for name, value in worker.items() if value is not None}
    changed = settings.worker.model_copy(update=said)
    return known_by_id(settings.model_copy(update={"worker": changed}))


def let_compute(settings: Settings, endpoints: list[str] | None) -> Settings:
    """The settings with other servers instead of those they name, if there are any."""
    if not endpoints:
        return settings
    said = {**settings.remote.model_dump(), "endpoints": ",".join(endpoints)}
    try:
        return settings.model_copy(update={"remote": RemoteSettings.model_validate(said)})
    except ValueError:
        raise typer.BadParameter("--endpoint: should look like http://host:8000/v1") from None


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


@app.command()
def worker(
    model: ModelOption = None,
    quantization: QuantizationOption = None,
    revision: RevisionOption = None,
    endpoint: EndpointOption = None,
    threads: Annotated[
        int | None, typer.Option(min=1, max=512, help="Turns side by side in this process.")
    ] = None,
    life_file: LifeOption = None,
) -> None:
    """Run one worker: it owns one model and answers with it. Start as many as you like.

    They find each other, and the bots, through Redis: on several machines set MERSAL_REDIS_URL
    to the same one everywhere. SIGTERM or Ctrl-C lets it finish its turns, or hand them back.

    
    Examples:
      mersal worker --model demo                                    beside a running mersal up
      mersal worker --model atlas-chat-9b --quantization 4bit       on a small graphics card
      mersal worker -m jais-30b-chat-v1 --endpoint http://gpu:8000  vLLM computes (docs/remote.md)
      MERSAL_REDIS_URL=redis://host:6379 mersal worker -m demo      on another machine
    """
    from celery.signals import setup_logging, worker_ready

    from mersal.outage import Outage
    from workers.run import run_worker

    settings = enter(model=model, quantization=quantization, revision=revision, threads=threads)
    settings = let_compute(settings, endpoint)
    life = Life(life_file)

    def tell(**_: object) -> None:
        say_ready(settings.state_dir, "worker")

    def leave_logging_alone(**_: object) -> None:
        """Without a receiver of this signal Celery would set the root logger's level itself."""

    Outage(settings).install()
    worker_ready.connect(tell)
    setup_logging.connect(leave_logging_alone)
    run_worker(settings, life.touch)


@app.command()
def bot(
    name: Annotated[str, typer.Argument(help=f"One of: {', '.join(BOTS)}.")],
    http: Annotated[
        bool, typer.Option("--http", help="Slack: events by HTTP instead of Socket Mode.")
    ] = False,
    life_file: LifeOption = None,
) -> None:
    """Run one bot: the web chat, Telegram or Slack.

    It brings a platform's messages in and the answers back. Its tokens come from the settings;
    where it finds Redis, `mersal worker --help` tells.

    
    Examples:
      mersal bot web          the page alone
      mersal bot telegram     with MERSAL_TELEGRAM__TOKEN in .env or the environment
      mersal bot slack --http
    """
    from mersal.outage import Outage

    settings = enter()
    life = Life(life_file)
    run = find_bot(name)
    if http and name != "slack":
        raise typer.BadParameter("--http is for the bot slack alone")
    if http:
        slack = settings.slack.model_copy(update={"http": True})
        settings = settings.model_copy(update={"slack": slack})

    def tell(url: str) -> None:
        say_ready(settings.state_dir, name, url)
        life.touch_in(asyncio.get_running_loop())

    Outage(settings).install()
    run(settings, tell)


@app.command()
def chat(
    new: Annotated[bool, typer.Option("--new", help="Forget what was said before.")] = False,
    wait: Annotated[
        float,
        typer.Option(
            min=0,
            metavar="SECONDS",
            help="In a pipe: give up after so long without a sign of an answer; 0: never.",
        ),
    ] = 120.0,
) -> None:
    """Talk to the model here, in the terminal. A pipe works too: one message a line.

    \b
    Examples:
      mersal chat                           write, read; /help lists what else you can do
      echo "سلام" | mersal chat             the answer, and nothing else, on standard output
      mersal chat --new < questions.txt     an answer and an empty line for each line

    In a pipe the exit code is 1 when a message was not answered; standard error says why.
    """
    from bots.terminal import talk
    from mersal.outage import away
    from mersal.redis_server import ask_redis

    settings = enter(serves=False)
    running = find_running(settings.state_dir)
    if running is None and not settings.redis_url:
        raise NotRunning(
            f"no mersal up is running with the state directory {settings.state_dir}: "
            "start `mersal up` in another terminal, or set MERSAL_STATE_DIR to that of yours"
        )
    if running is not None and not running.ready:
        raise NotRunning("mersal up is still starting: try again when it says that it is up")
    answer = ask_redis(settings)
    if answer.state != "ready":
        raise NotRunning(away(settings, answer))
    try:
        unanswered = talk(settings, running.model if running else "", anew=new, wait_s=wait)
    except RedisUnavailable as error:
        raise NotRunning(f"{error}; `mersal doctor` looks for the cause") from None
    if unanswered:
        raise typer.Exit(1)


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
