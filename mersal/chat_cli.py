"""`mersal chat`: talk to what is running, in the terminal or through a pipe."""

from typing import Annotated

import typer

from broker.errors import RedisUnavailable
from mersal.entering import enter
from mersal.errors import NotRunning
from mersal.state_dir import find_running


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
