"""The Slack bot."""

from bots.slack.bot import run, serve

__all__ = ["run", "serve"]
