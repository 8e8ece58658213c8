"""The loop at the terminal: read a line, say it or do it, wait for the answer."""

import asyncio
import signal
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import suppress

from bots.terminal.chat import Chat
from bots.terminal.paper import Paper
from broker.connection import connect
from broker.errors import BrokerError, RedisUnavailable
from broker.settings import Settings

PROMPT = "> "
HELP = """\
  /new    begin anew: what was said is forgotten
  /stop   stop the answer (or Ctrl-C while it is written)
  /quit   leave (or Ctrl-D)
  /help   this"""


class Left(Exception):
    """Raised when the person wants to leave."""


def talk(settings: Settings, model: str = "", anew: bool = False) -> int:
    """Talk on stdin and stdout until the end of the input. `model`: the one to talk to.

    On a terminal answers are shown as they are written; else each answer is printed when it
    is whole, followed by an empty line. Returns the number of messages without an answer.
    Raises RedisUnavailable when there is no Redis to begin with.
    """
    interactive = sys.stdin.isatty() and sys.stdout.isatty()
    paper = Paper(sys.stdout, sys.stdout if interactive else sys.stderr, streams=interactive)
    with asyncio.Runner() as runner:
        terminal = runner.run(_open(settings, paper, model, anew))
        try:
            lines = _typed_lines(terminal) if interactive else _piped_lines()
            return sum(not terminal.handle(runner, line) for line in lines)
        except Left:
            return 0
        finally:
            runner.run(terminal.close())


"""
"""
