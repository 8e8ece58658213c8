"""What can go wrong in the broker; every error derives from `BrokerError`."""


class BrokerError(Exception):
    """Base of every error that the broker raises on purpose."""


class SettingsError(BrokerError):
    """Raised when a setting is unknown or bad; the message names it and where it stands."""


class UnsupportedVersion(BrokerError):
    """Raised when a message was written by a newer Mersal than this one."""


class BadMessage(BrokerError):
    """Raised when a stored or submitted message does not have the contract's form."""


class RedisUnavailable(BrokerError):
    """Raised when Redis cannot be reached or is still loading; trying again may help."""


class ScriptFailed(BrokerError):
    """Raised when Redis refuses a script (out of memory, a wrong type); no use trying again."""
