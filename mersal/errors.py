"""What can go wrong at the front door; every error derives from `MersalError`.

The message is for the person at the keyboard: what is wrong, and what to do about it.
"""

EXIT_TOLD = 2  # what a command ends with after it said, on its last line, what is wrong
TOLD_PREFIX = "mersal: "


class MersalError(Exception):
    """Base of every error that the command line shows as one line, without a traceback."""


class StateDirUnusable(MersalError):
    """Raised when the state directory cannot be made or written to."""


class AlreadyRunning(MersalError):
    """Raised when another `mersal up`, or a stray Redis, holds the state directory."""


class NotRunning(MersalError):
    """Raised when a command needs a running `mersal up` and there is none."""


class NoRedisServer(MersalError):
    """Raised when there is no usable redis-server: none, too old, or not for this data."""


class RedisDidNotStart(MersalError):
    """Raised when the embedded Redis ends instead of answering."""


class RedisRefuses(MersalError):
    """Raised when the Redis at MERSAL_REDIS_URL answers, but not to us."""


class NoSuchBot(MersalError):
    """Raised when a bot is unknown or not part of this version."""


class ChildFailed(MersalError):
    """Raised when a part of `mersal up` cannot start and trying again would not help."""
