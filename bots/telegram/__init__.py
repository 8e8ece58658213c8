"""The Telegram bot."""

from bots.telegram.bot import run, serve

__all__ = ["run", "serve"]
