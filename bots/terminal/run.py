"""The loop at the terminal: read a line, say it or do it, wait for the answer."""

import asyncio
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from bots.terminal.chat import Chat
from bots.terminal.paper import Paper
from bots.terminal.silence import NoAnswer, Patience
from broker.connection import connect
from broker.errors import RedisUnavailable, ScriptFailed
from broker.settings import Settings

PROMPT = "> "


class Left(Exception):
    """Raised when the person wants to leave."""


def talk(settings: Settings, model: str = "", anew: bool = False, wait_s: float = 0) -> int:
    """Talk on stdin and stdout until the input ends. `model`: the one to talk to, if not any.

    On a terminal answers are shown as they are written; else each is printed when it is
    whole, with an empty line after it, and the number of those not answered is returned.
    After `wait_s` without a sign of an answer (0: never) the rest of a pipe is left unsaid.
    Raises RedisUnavailable when there is no Redis to begin with.
    """
    interactive = sys.stdin.isatty() and sys.stdout.isatty()
    paper = Paper(sys.stdout, sys.stdout if interactive else sys.stderr, streams=interactive)
    patience = Patience() if interactive else Patience(end_s=wait_s)
    with asyncio.Runner() as runner:
        terminal = runner.run(open_terminal(settings, paper, patience, model, anew))
        unanswered = 0
        try:
            if interactive:
                runner.run(terminal.greet())
            for line in _typed(terminal.chat) if interactive else _piped():
                unanswered += not runner.run(terminal.handle(line))
        except Left:
            pass
        except NoAnswer as error:
            paper.remark(str(error))
            unanswered += 1
        finally:
            runner.run(terminal.close())
    return 0 if interactive else unanswered


async def open_terminal(
    settings: Settings, paper: Paper, patience: Patience, model: str, anew: bool
) -> "Terminal":
    """Begin to listen. Raises RedisUnavailable."""
    terminal = Terminal(settings, paper, patience)
    try:
        if anew:
            await terminal.chat.forget()
        if model:
            await terminal.chat.choose_model(model)
        await terminal.chat.remembered()  # whether Redis answers
    except BaseException:
        await terminal.close()
        raise
    return terminal


class Terminal:
    """Does what a line says."""

    def __init__(self, settings: Settings, paper: Paper, patience: Patience) -> None:
        self._redis = connect(settings)
        self._paper = paper
        self.chat = Chat(self._redis, settings, paper, patience)

    async def greet(self) -> None:
        """What one should know before the first line."""
        turns = await self.chat.remembered()
        self._paper.remark(self.chat.words("terminal-greeting"))
        if turns:
            self._paper.remark(self.chat.words("terminal-remembered", turns=turns))

    async def handle(self, line: str) -> bool:
        """Do or say it; False when it was said and not answered. Raises Left or NoAnswer."""
        word, _, argument = line.strip().removeprefix("/").partition(" ")
        try:
            with self._stopped_by_ctrl_c():
                if not line.startswith("/"):
                    return await self.chat.say(line) == "answered"
                if word.lower() == "quit":
                    raise Left
                return await self.chat.command(word, argument) in (None, "answered")
        except RedisUnavailable:
            self._paper.remark(self.chat.words("terminal-away"))
            return False
        except ScriptFailed as error:
            self._paper.remark(self.chat.words("terminal-failed", error=str(error)))
            return False

    async def close(self) -> None:
        await self.chat.close()
        await self._redis.aclose()

    @contextmanager
    def _stopped_by_ctrl_c(self) -> Iterator[None]:
        """Ctrl-C stops the answer, not us; the second one leaves without waiting for it."""
        loop = asyncio.get_running_loop()
        waiting = asyncio.current_task()
        stops: list[asyncio.Task[None]] = []

        def stop() -> None:
            if stops and waiting is not None:
                waiting.cancel()
            else:
                stops.append(loop.create_task(self.chat.stop()))

        loop.add_signal_handler(signal.SIGINT, stop)
        try:
            yield
        except asyncio.CancelledError:
            raise Left from None
        finally:
            loop.remove_signal_handler(signal.SIGINT)


def _typed(chat: Chat) -> Iterator[str]:
    import readline  # noqa: F401 - input() then knows the arrow keys; only where there is a keyboard

    while True:
        try:
            line = input(PROMPT)
        except EOFError:
            sys.stdout.write("\n")
            return
        except KeyboardInterrupt:
            sys.stdout.write(f"\n({chat.words('terminal-leave')})\n")
            continue
        if line.strip():
            yield line


def _piped() -> Iterator[str]:
    for line in sys.stdin:
        if line.strip():
            yield line.rstrip("\n")
