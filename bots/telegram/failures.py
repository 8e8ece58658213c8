"""What can go wrong with a call to Telegram, by what to do about it."""


class TelegramFailure(Exception):
    """Base of them all."""


class Later(TelegramFailure):
    """Raised when a call did certainly not arrive; trying again later may help."""


class Unsure(TelegramFailure):
    """Raised when a call left and no answer came: it may have taken effect."""


class Refused(TelegramFailure):
    """Raised when Telegram does not take the call as it is; the same again will not help."""


class NotModified(Refused):
    """Raised when an edit changes nothing: the message is there and already says so."""


class Unreachable(TelegramFailure):
    """Raised when nothing can be sent to the chat: blocked, kicked, gone, no rights."""


class Moved(TelegramFailure):
    """Raised when a group has become a supergroup, with another id."""

    def __init__(self, chat_id: int) -> None:
        super().__init__(f"the chat is now {chat_id}")
        self.chat_id = chat_id
