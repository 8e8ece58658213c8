"""What can go wrong with a call to Slack beside what can go wrong with any platform's."""

import aiohttp
from slack_sdk.errors import SlackApiError, SlackRequestError

from bots.failures import Later, Refused, Unreachable, Unsure

_LATER = frozenset({"request_timeout", "service_unavailable", "team_added_to_org"})
# "It's possible some aspect of the operation succeeded before the error", says Slack of these.
_UNSURE = frozenset({"internal_error", "fatal_error"})
_GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
_UNREACHABLE = frozenset(
    """channel_not_found not_in_channel is_archived thread_not_found cannot_reply_to_message
    restricted_action restricted_action_read_only_channel restricted_action_thread_only_channel
    restricted_action_non_threadable_channel restricted_action_thread_locked user_not_in_channel
    account_inactive token_revoked token_expired not_authed invalid_auth missing_scope
    no_permission team_not_found cannot_dm_bot messages_tab_disabled ekm_access_denied
    access_denied org_login_required team_access_not_granted user_not_found""".split()
)
_TOKENS = frozenset({"invalid_auth", "not_authed", "account_inactive", "token_revoked"})


# What a call can raise, by slack_sdk or by aiohttp below it.
ERRORS = (SlackApiError, SlackRequestError, aiohttp.ClientError, TimeoutError, OSError)


class Gone(Refused):
    """Raised when the message to change is not there any more, or may not be changed."""


class NotStreaming(Refused):
    """Raised when a message is no stream any more: Slack closes them after some minutes."""


class Streaming(Refused):
    """Raised when a message cannot be changed as long as it is a stream."""


class RateLimited(Later):
    """Raised when Slack says how long to leave a method or a channel alone."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"retry after {seconds:.0f} s")
        self.seconds = seconds


def told(error: Exception) -> Exception:
    """The failure that an error of slack_sdk or aiohttp means. Its text holds no user's words."""
    if isinstance(error, SlackApiError):
        return _of_answer(error)
    if isinstance(error, SlackRequestError):
        return Refused("slack_sdk does not send this")
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        return Later(f"no connection: {type(error).__name__}")
    if isinstance(error, aiohttp.ClientError | TimeoutError | OSError):
        return Unsure(type(error).__name__)
    return error


def is_bad_token(error: SlackApiError) -> bool:
    """Whether Slack does not know the token, so that nothing will ever work with it."""
    return code_of(error) in _TOKENS


def code_of(error: SlackApiError) -> str:
    """Slack's word for an error; "" when the answer was none of Slack's."""
    data = getattr(error.response, "data", None)
    return str(data.get("error", "")) if isinstance(data, dict) else ""


def _of_answer(error: SlackApiError) -> Exception:
    code, status = code_of(error), getattr(error.response, "status_code", 0)
    if status == 429 or code in ("ratelimited", "rate_limited"):
        headers = getattr(error.response, "headers", {})
        return RateLimited(float(headers.get("Retry-After", 1)))
    if not code or code in _UNSURE:
        return Unsure(f"status {status} {code}")
    if code in _LATER:
        return Later(code)
    if code == "message_not_in_streaming_state":
        return NotStreaming(code)
    if code == "streaming_state_conflict":
        return Streaming(code)
    if code in _GONE:
        return Gone(code)
    return Unreachable(code) if code in _UNREACHABLE else Refused(code)
