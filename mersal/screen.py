"""What `mersal up` shows: a few lines, no log."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text


@dataclass(frozen=True, slots=True)
class Summary:
    """What to tell when all is up. `url` is empty when no bot has a page."""

    url: str
    model: str
    model_about: str
    bots: tuple[str, ...]
    logs: Path
    seconds: float


class Screen:
    """A spinner and colours on a terminal, plain lines elsewhere."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False)

    @property
    def is_terminal(self) -> bool:
        return self._console.is_terminal

    @contextmanager
    def working_on(self, what: str) -> Iterator[None]:
        """Show that this takes a while, until inside is done."""
        with self._console.status(Text(f"{what} …")):
            yield

    def done(self, what: str) -> None:
        self._line("✓", "green", what)

    def note(self, what: str) -> None:
        self._line("•", "cyan", what)

    def warn(self, what: str, quote: Sequence[str] = ()) -> None:
        """Something is wrong; `quote` are lines of a log, shown as they are."""
        self._line("!", "yellow", what)
        for line in quote:
            self._console.print(Text(f"    | {line}", style="dim"), soft_wrap=True)

    def summary(self, summary: Summary) -> None:
        """The address, the model, where the logs are, how to stop."""
        table = Table.grid(padding=(0, 2))
        if summary.url:
            table.add_row("Chat", Text(summary.url, style="bold cyan underline"))
        table.add_row("Model", f"{summary.model} ({summary.model_about})")
        table.add_row("Bots", ", ".join(summary.bots))
        table.add_row("Terminal", "mersal chat")
        table.add_row("Logs", Text(str(summary.logs), overflow="fold"))
        table.add_row("Stop", "Ctrl-C")
        title = Text(f"Mersal is up, after {summary.seconds:.1f} s", style="bold green")
        self._console.print(Panel(table, title=title, title_align="left", expand=False))

    def _line(self, mark: str, colour: str, what: str) -> None:
        # Where a log is kept of what we print, a time helps; on a terminal it is noise.
        stamp = "" if self.is_terminal else time.strftime("%H:%M:%S ")
        self._console.print(Text.assemble(stamp, (f"{mark} ", colour), what), soft_wrap=True)
