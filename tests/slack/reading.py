"""The Web API's methods that read: conversations, their members and messages."""

from typing import TYPE_CHECKING, Any

from tests.slack.rules import Bad
from tests.slack.workspace import Channel, Message, Workspace

if TYPE_CHECKING:
    from tests.slack.platform import Platform

Answer = dict[str, Any]
PAGE = 100
METADATA = "metadata.message:read"


class Reading:
    platform: "Platform"

    def _conversations_info(self, team: Workspace, _: Answer, channel: Channel) -> Answer:
        kinds = {"is_channel": "channel", "is_group": "group", "is_im": "im", "is_mpim": "mpim"}
        flags = {name: channel.kind == kind for name, kind in kinds.items()}
        return {"channel": {"id": channel.id, "name": channel.name, "user": channel.user, **flags,
                            "is_private": channel.kind != "channel", "is_member": True,
                            "is_ext_shared": channel.shared, "is_archived": channel.archived,
                            "context_team_id": team.id}}  # fmt: skip

    def _conversations_members(self, _: Workspace, given: Answer, channel: Channel) -> Answer:
        return {"members": channel.members, "response_metadata": {"next_cursor": ""}}

    def _conversations_open(
        self, team: Workspace, given: Answer, channel: Channel | None = None
    ) -> Answer:
        users = given.get("users", "").split(",")
        if channel is None:
            if users[0] not in team.people:
                raise Bad("user_not_found")
            channel = team.direct(users[0])
        return {"channel": {"id": channel.id}}

    def _conversations_history(self, team: Workspace, given: Answer, channel: Channel) -> Answer:
        found = [one for one in channel.top if _between(one.ts, given)]
        return self._page(team, channel, sorted(found, key=_number, reverse=True), given)

    def _conversations_replies(self, team: Workspace, given: Answer, channel: Channel) -> Answer:
        asked = channel.messages.get(given["ts"])
        if asked is None:
            raise Bad("thread_not_found")
        thread = asked.thread_ts or asked.ts
        every = [one for one in channel.messages.values() if one.inside(thread)]
        found = [one for one in every if one.ts == thread or _between(one.ts, given)]
        return self._page(team, channel, sorted(found, key=_number), given)

    def _page(
        self, team: Workspace, channel: Channel, found: list[Message], given: Answer
    ) -> Answer:
        """Slack gives what it likes, at most `limit`; the rest under a cursor. What a message
        carries unseen is shown to who has the scope, even of his own."""
        start = int(given.get("cursor") or 0)
        size = min(given.get("limit", PAGE), PAGE)
        page = found[start : start + size]
        more = start + size < len(found)
        wants = bool(given.get("include_all_metadata"))
        if wants:
            self.platform.scopes_used.add(METADATA)
        wants = wants and METADATA in self.platform.scopes
        return {
            "messages": [team.shown(channel, one, wants) for one in page],
            "has_more": more,
            "response_metadata": {"next_cursor": str(start + size) if more else ""},
        }


def _number(message: Message) -> float:
    return float(message.ts)


def _between(ts: str, given: Answer) -> bool:
    oldest, latest = float(given.get("oldest") or 0), float(given.get("latest") or 1e12)
    if given.get("inclusive"):
        return oldest <= float(ts) <= latest
    return oldest < float(ts) < latest
