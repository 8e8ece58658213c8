"""What can go wrong with a call to a platform, by what to do about it."""


class PlatformFailure(Exception):
    """Base of them all."""


class Later(PlatformFailure):
    """Raised when a call did certainly not arrive; trying again later may help."""


class Unsure(PlatformFailure):
    """Raised when a call left and no answer came: it may have taken effect."""


class Refused(PlatformFailure):
    """Raised when the platform does not take the call as it is; the same again will not help."""


class Unreachable(PlatformFailure):
    """Raised when nothing can be sent to the chat: blocked, removed, gone, no rights."""
