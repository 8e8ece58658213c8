"""The bot's commands as it lists them."""

from collections.abc import Collection

from bots.catalog import text
from broker.messages import TASKS, Task

# In the order in which they are shown; `menu-…` in the catalog says what each does.
MENU = (
    "start", "help", "new", "stop", "regenerate",
    "translate", "summarize", "explain", "sentiment", "arabizi", "3arabi",
    "model", "language", "script", "settings", "export", "forget",
)  # fmt: skip


def menu(language: str, tasks: Collection[Task] = TASKS) -> tuple[tuple[str, str], ...]:
    """Each command with what it does; of the tasks only these."""
    shown = (command for command in MENU if command not in TASKS or command in tasks)
    return tuple((command, text(f"menu-{command}", language)) for command in shown)


def help_text(language: str, mark: str = "/", tasks: Collection[Task] = TASKS) -> str:
    """How to use the bot, and its commands one a line; of the tasks only these."""
    lines = [f"{mark}{command} — {what}" for command, what in menu(language, tasks)]
    return "\n".join([text("help", language), "", *lines])
