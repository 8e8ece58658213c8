"""A workspace: its people, channels and messages, as Slack keeps them."""

import re
import time
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.slack import blocks

Kind = Literal["channel", "group", "im", "mpim"]
_READ = {"markdown", "section", "header", "rich_text", "table"}
SCOPES_OF = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}


@dataclass(slots=True)
class Message:
    """`texts` are all that it ever said; `at` is when it came, on the monotonic clock."""

    ts: str
    user: str
    texts: list[str]
    thread_ts: str = ""
    blocks: list[dict[str, Any]] = field(default_factory=list)
    metadata: dict[str, Any] | None = None
    by_bot: bool = False
    at: float = field(default_factory=time.monotonic)
    edited: bool = False
    deleted: bool = False
    streaming_until: float = 0.0
    streamed: bool = False
    stopped: bool = False
    files: list[dict[str, Any]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return self.texts[-1]

    @property
    def seen(self) -> str:
        """What people read: the blocks where there are any, without zero-width spaces."""
        shown = [one for one in self.blocks if one["type"] in _READ]
        said = "\n".join(blocks.texts(shown)) if shown else self.text
        return re.sub("[\u200b\u2060]", "", said).strip()

    @property
    def streaming(self) -> bool:
        return time.monotonic() < self.streaming_until

    def inside(self, thread_ts: str) -> bool:
        return thread_ts in (self.ts, self.thread_ts)


@dataclass(slots=True)
class Channel:
    id: str
    kind: Kind
    name: str = ""
    user: str = ""
    members: list[str] = field(default_factory=list)
    messages: dict[str, Message] = field(default_factory=dict)
    archived: bool = False
    shared: bool = False

    @property
    def top(self) -> list[Message]:
        return [one for one in self.messages.values() if one.thread_ts in ("", one.ts)]


class Workspace:
    """One team. Its ids may be those of another team: nothing is unique across teams.

    `enterprise` is the organisation that it belongs to; `whole`: the app is installed there.
    """

    def __init__(self, team_id: str, name: str, number: int) -> None:
        self.id = team_id
        self.name = name
        self.bot_token = f"xoxb-{number}-test-AAbbCCddEEff"
        self.bot_id = f"B{number}MERSAL"
        self.bot_user = f"U{number}MERSAL"
        self.revoked = False
        self.enterprise = ""
        self.whole = False
        self.people: dict[str, dict[str, Any]] = {}
        self.channels: dict[str, Channel] = {}
        self.homes: dict[str, dict[str, Any]] = {}
        self.statuses: list[tuple[str, str, str]] = []
        self.titles: list[tuple[str, str, str]] = []
        self.prompts: list[dict[str, Any]] = []
        self.lacks: set[str] = set()  # methods that have not come to it yet
        self.sessions: dict[tuple[str, str], str] = {}
        self.reactions: list[tuple[str, str, str]] = []
        self._last_ts = 0.0

    def person(self, user_id: str, name: str, locale: str = "ar-MA") -> None:
        self.people[user_id] = {
            "id": user_id,
            "team_id": self.id,
            "name": name.lower(),
            "real_name": name,
            "deleted": False,
            "is_bot": False,
            "is_app_user": False,
            "locale": locale,
            "tz": "Africa/Casablanca",
            "profile": {"display_name": name, "real_name": name, "team": self.id},
        }

    def open(self, channel_id: str, kind: Kind, name: str = "", user: str = "") -> Channel:
        """A channel with the bot in it."""
        channel = Channel(channel_id, kind, name, user, [*self.people, self.bot_user])
        if kind == "im":
            channel.members = [user, self.bot_user]
        self.channels[channel_id] = channel
        return channel

    def direct(self, user_id: str) -> Channel:
        """The direct messages of a person and the bot."""
        return self.channels.get(f"D{user_id[1:]}") or self.open(
            f"D{user_id[1:]}", "im", user=user_id
        )

    def next_ts(self) -> str:
        """Message ids: the time, unique and increasing."""
        self._last_ts = max(time.time(), self._last_ts + 1e-5)
        return f"{self._last_ts:.6f}"

    def keep(self, channel: Channel, message: Message) -> Message:
        channel.messages[message.ts] = message
        return message

    def shown(self, channel: Channel, message: Message, metadata: bool = False) -> dict[str, Any]:
        """A message as events and the Web API carry it."""
        out: dict[str, Any] = {
            "type": "message",
            "user": message.user,
            "ts": message.ts,
            "text": message.text,
            "team": self.id,
        }
        if message.by_bot:
            out |= {"bot_id": self.bot_id, "app_id": APP_ID, "bot_profile": self.bot_profile()}
        else:
            out["client_msg_id"] = f"00000000-0000-4000-8000-{message.ts.replace('.', '')[-12:]}"
        if message.blocks:
            out["blocks"] = message.blocks
        if message.files:
            out |= {"files": message.files, "subtype": "file_share", "upload": False}
        if message.thread_ts:
            out["thread_ts"] = message.thread_ts
            parent = channel.messages.get(message.thread_ts)
            if parent is not None and parent is not message:
                out["parent_user_id"] = parent.user
        if message.edited:
            out["edited"] = {"user": message.user, "ts": self.next_ts()}
        if metadata and message.metadata is not None:
            out["metadata"] = message.metadata
        return out

    def bot_profile(self) -> dict[str, Any]:
        return {
            "id": self.bot_id,
            "app_id": APP_ID,
            "user_id": self.bot_user,
            "name": "Mersal",
            "deleted": False,
            "updated": 1,
            "team_id": self.id,
        }


APP_ID = "A0MERSAL"
