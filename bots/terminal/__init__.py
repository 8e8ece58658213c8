"""The terminal: one person, one conversation, the same path as every other channel."""

from bots.terminal.run import talk

__all__ = ["talk"]
