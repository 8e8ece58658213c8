"""What can go wrong with a call to Telegram beside what can go wrong with any platform's."""

from bots.failures import Later, PlatformFailure, Refused, Unreachable, Unsure

__all__ = [
    "Later",
    "Moved",
    "NotModified",
    "Refused",
    "TelegramFailure",
    "UnknownMethod",
    "Unreachable",
    "Unsure",
]

TelegramFailure = PlatformFailure


class NotModified(Refused):
    """Raised when an edit changes nothing: the message is there and already says so."""


class UnknownMethod(Refused):
    """Raised when this Bot API server is older than the method."""


class Moved(PlatformFailure):
    """Raised when a group has become a supergroup, with another id."""

    def __init__(self, chat_id: int) -> None:
        super().__init__(f"the chat is now {chat_id}")
        self.chat_id = chat_id
