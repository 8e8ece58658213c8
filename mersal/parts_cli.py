"""`mersal worker` and `mersal bot`: one part by itself, in this process."""

import asyncio
import logging
import signal
import sys
import time
from typing import Annotated, NoReturn

import typer

from mersal.bots import BOTS, find_bot, wanted_bots
from mersal.entering import enter, let_compute
from mersal.life import TOUCH_EVERY_S, Life
from mersal.options import (
    EndpointOption,
    LifeOption,
    ModelOption,
    QuantizationOption,
    RevisionOption,
)
from mersal.ready import say_ready

logger = logging.getLogger(__name__)


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

    \b
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


def bot(
    name: Annotated[str, typer.Argument(help=f"One of: {', '.join(BOTS)}.")],
    http: Annotated[
        bool, typer.Option("--http", help="Slack: events by HTTP instead of Socket Mode.")
    ] = False,
    or_idle: Annotated[
        bool,
        typer.Option("--or-idle", help="Without tokens: wait, for a compose file, and do nothing."),
    ] = False,
    life_file: LifeOption = None,
) -> None:
    """Run one bot: the web chat, Telegram or Slack.

    It brings a platform's messages in and the answers back. Its tokens come from the settings;
    where it finds Redis, `mersal worker --help` tells.

    \b
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

    if or_idle and name not in wanted_bots(settings):
        idle(name, life)

    def tell(url: str) -> None:
        say_ready(settings.state_dir, name, url)
        life.touch_in(asyncio.get_running_loop())

    Outage(settings).install()
    run(settings, tell)


def idle(name: str, life: Life) -> NoReturn:
    """Do nothing until told to stop, in good health."""
    logger.info("idle: no tokens are set", extra={"channel": name})
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    while True:
        life.touch()
        time.sleep(TOUCH_EVERY_S)
