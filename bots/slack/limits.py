"""Slack's limits: so many calls a minute of each method in one workspace, by its tier, and so
many messages a second in one channel. https://docs.slack.dev/apis/web-api/rate-limits
"""

from bots.slack.place import CHANNEL, Place, Workspace
from broker.budget import Limit
from broker.settings import SlackSettings

POST = "chat.postMessage"
MINUTE_S = 60.0
# What we count is when a call leaves, what Slack counts is when it arrives.
MARGIN_S = 0.1
POSTS = 240  # a minute in one workspace: "several hundred", says Slack
_TIERS = {
    "agents.sessions.setStatus": 50,
    "assistant.threads.setStatus": 600,
    POST: POSTS,
    "chat.update": 50,
    "chat.delete": 50,
    "chat.startStream": 20,
    "chat.appendStream": 100,
    "chat.stopStream": 20,
    "conversations.history": 50,
    "conversations.info": 50,
    "conversations.open": 50,
    "conversations.replies": 50,
    "users.info": 100,
    "views.publish": 100,
}
_OTHERS = 100
# Only previews use these, and previews leave half of a limit to what is urgent.
_PREVIEWS = ("chat.startStream", "chat.appendStream")


def whole_limit(settings: SlackSettings) -> Limit:
    """Ours over all workspaces: Slack has none."""
    return Limit(CHANNEL, settings.overall_per_s, 1.0 + MARGIN_S)


def method_limit(workspace: Workspace, method: str, settings: SlackSettings) -> Limit:
    """Of one method in one workspace."""
    calls = max(1, int(_TIERS.get(method, _OTHERS) * settings.tier_share))
    calls *= 2 if method in _PREVIEWS else 1
    return Limit(f"{CHANNEL}:{workspace.team}:{method}", calls, MINUTE_S + 10 * MARGIN_S)


def channel_limit(place: Place, settings: SlackSettings) -> Limit:
    """Of messages to one channel."""
    name = f"{CHANNEL}:{place.workspace.team}/{place.chat_id}"
    return Limit(name, settings.posts_per_s, 1.0 + MARGIN_S)


def at_once(limit: Limit) -> int:
    """How many calls of a limit may be under way together."""
    is_preview = limit.name.rpartition(":")[2] in _PREVIEWS
    return limit.calls // 2 if is_preview else limit.calls
