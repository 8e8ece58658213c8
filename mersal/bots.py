"""The bots that can be run: each is a room of its own with a function `run`."""

import importlib
from collections.abc import Callable
from importlib.util import find_spec
from typing import Protocol, cast

from broker.settings import Settings
from mersal.errors import NoSuchBot

BOTS = {
    "web": "bots.web",
    "telegram": "bots.telegram",
    "slack": "bots.slack",
}


class RunBot(Protocol):
    """What a bot's module offers as `run`."""

    def __call__(self, settings: Settings, ready: Callable[[str], None] | None = None) -> None:
        """Serve until SIGTERM or SIGINT. Once it works, call `ready` in the event loop that does
        the work, with the address at which people find it, or with an empty text when it has
        none."""


def find_bot(name: str) -> RunBot:
    """The function that runs a bot. Raises NoSuchBot."""
    check_bot(name)
    module = importlib.import_module(BOTS[name])
    return cast(RunBot, module.run)


def check_bot(name: str) -> None:
    """Raises NoSuchBot, unless `name` is a bot of this version. Imports nothing of it."""
    if name not in BOTS:
        raise NoSuchBot(f"there is no bot {name!r}; there are: {', '.join(BOTS)}")
    if not is_present(name):
        present = ", ".join(bot for bot in BOTS if is_present(bot))
        raise NoSuchBot(f"the bot {name!r} is not part of this version; there are: {present}")


def is_present(name: str) -> bool:
    """Whether this version has that bot. Imports nothing of it."""
    return find_spec(BOTS[name]) is not None


def wanted_bots(settings: Settings) -> tuple[str, ...]:
    """The web chat, and each platform whose tokens are set, in this version or not."""
    bots = ["web"]
    if settings.telegram.token is not None:
        bots.append("telegram")
    if wants_slack(settings):
        bots.append("slack")
    return tuple(bots)


def wants_slack(settings: Settings) -> bool:
    """Whether Slack has a way in (Socket Mode or HTTP) and a way out (a token, or OAuth)."""
    slack = settings.slack
    way_in = slack.signing_secret if slack.http else slack.app_token
    return way_in is not None and (slack.bot_token is not None or bool(slack.client_id))
