"""The Web API: what each method does to a workspace, or why not."""

import time
from typing import TYPE_CHECKING, Any

from tests.slack import blocks, rules
from tests.slack.reading import Reading
from tests.slack.rules import Bad
from tests.slack.surface import SESSIONS, Surface
from tests.slack.workspace import APP_ID, SCOPES_OF, Channel, Message, Workspace

if TYPE_CHECKING:
    from tests.slack.platform import Platform

Answer = dict[str, Any]
READS = ("conversations.history", "conversations.replies")


class WebApi(Reading, Surface):
    """Does the calls of the bot, whose token names the workspace."""

    def __init__(self, platform: "Platform") -> None:
        self.platform = platform

    def do(self, method: str, team: Workspace, given: dict[str, Any]) -> Answer:
        """Do a call whose parameters are typed. Raises Bad."""
        channel = given.get("channel") or given.get("channel_id")
        found = None
        if channel is not None:
            found = team.channels.get(channel)
            if found is None:
                raise Bad("channel_not_found")
        self._check_scope(method, found)
        inside = method.startswith("chat.") or method in READS
        if found is not None and inside and team.bot_user not in found.members:
            raise Bad("not_in_channel")
        if found is not None and found.archived and method.startswith("chat."):
            raise Bad("is_archived")
        done = getattr(self, "_" + method.replace(".", "_"))
        return {"ok": True, **(done(team, given) if found is None else done(team, given, found))}

    def _check_scope(self, method: str, channel: Channel | None) -> None:
        kind = SCOPES_OF[channel.kind] if channel else "im"
        needed = rules.METHODS[method].scope.format(kind)
        self.platform.scopes_used.add(needed)
        if needed and needed not in self.platform.scopes and needed != "connections:write":
            raise Bad("missing_scope", needed)

    # Who we are

    def _api_test(self, _: Workspace, given: Answer) -> Answer:
        return {"args": given}

    def _auth_test(self, team: Workspace, _: Answer) -> Answer:
        return {"url": f"https://{team.name}.slack.com/", "team": team.name, "user": "mersal",
                "team_id": team.id, "user_id": team.bot_user, "bot_id": team.bot_id,
                "enterprise_id": team.enterprise or None,
                "is_enterprise_install": team.whole}  # fmt: skip

    def _bots_info(self, team: Workspace, given: Answer) -> Answer:
        if given.get("bot") != team.bot_id:
            raise Bad("bot_not_found")
        return {"bot": team.bot_profile()}

    def _team_info(self, team: Workspace, _: Answer) -> Answer:
        return {"team": {"id": team.id, "name": team.name, "domain": team.name}}

    def _users_info(self, team: Workspace, given: Answer) -> Answer:
        if given["user"] == team.bot_user:
            return {"user": {"id": team.bot_user, "name": "mersal", "is_bot": True,
                             "profile": {"display_name": "Mersal"}}}  # fmt: skip
        person = team.people.get(given["user"])
        if person is None:
            raise Bad("user_not_found")
        hidden = set() if given.get("include_locale") else {"locale"}
        return {"user": {name: value for name, value in person.items() if name not in hidden}}

    # Messages

    def _chat_postMessage(self, team: Workspace, given: Answer, channel: Channel) -> Answer:
        given = rules.check_message(given)
        thread = self._thread(channel, given.get("thread_ts", ""))
        message = Message(team.next_ts(), team.bot_user, [_text(given)], thread, by_bot=True)
        message.blocks = given.get("blocks") or []
        message.metadata = given.get("metadata")
        team.keep(channel, message)
        self.platform.posted(team, channel, message)
        return {"channel": channel.id, "ts": message.ts, "message": team.shown(channel, message)}

    def _chat_postEphemeral(self, team: Workspace, given: Answer, channel: Channel) -> Answer:
        given = rules.check_message(given)
        if given["user"] not in channel.members:
            raise Bad("user_not_in_channel")
        ts = team.next_ts()
        self.platform.ephemeral.append((team.id, channel.id, given["user"], _text(given), given))
        return {"message_ts": ts}

    def _chat_update(self, team: Workspace, given: Answer, channel: Channel) -> Answer:
        given = rules.check_message(given, rules.UPDATE_CHARS)
        message = self._own(team, channel, given["ts"], "cant_update_message")
        if message.streaming:
            raise Bad("streaming_state_conflict")
        message.texts.append(_text(given))
        message.blocks = given.get("blocks") or []
        message.metadata = given.get("metadata", message.metadata) or None
        message.edited = True
        self.platform.changed(team, channel, message, message.texts[-2])
        return {"channel": channel.id, "ts": message.ts, "text": message.text,
                "message": team.shown(channel, message)}  # fmt: skip

    def _chat_delete(self, team: Workspace, given: Answer, channel: Channel) -> Answer:
        message = self._own(team, channel, given["ts"], "cant_delete_message")
        message.deleted = True
        del channel.messages[message.ts]
        self.platform.gone(team, channel, message)
        return {"channel": channel.id, "ts": message.ts}

    # Streams

    def _chat_startStream(self, team: Workspace, given: Answer, channel: Channel) -> Answer:
        thread = self._thread(channel, given["thread_ts"])
        if channel.kind != "im":
            for name in ("recipient_user_id", "recipient_team_id"):
                if not given.get(name):
                    raise Bad(f"missing_{name}")
            if given["recipient_user_id"] not in team.people:
                raise Bad("user_not_found")
            if given["recipient_team_id"] != team.people[given["recipient_user_id"]]["team_id"]:
                raise Bad("team_not_found")
        text = rules.read_chunks(given)
        message = Message(team.next_ts(), team.bot_user, [text], thread, by_bot=True)
        message.streamed = True
        message.streaming_until = time.monotonic() + self.platform.stream_s
        team.keep(channel, message)
        self.platform.posted(team, channel, message)
        return {"channel": channel.id, "ts": message.ts}

    def _chat_appendStream(self, team: Workspace, given: Answer, channel: Channel) -> Answer:
        message = self._stream(team, channel, given["ts"])
        text = rules.read_chunks(given)
        if not text and not given.get("chunks"):
            raise Bad("no_text")
        self._append(message, text)
        return {"channel": channel.id, "ts": message.ts}

    def _chat_stopStream(self, team: Workspace, given: Answer, channel: Channel) -> Answer:
        message = self._stream(team, channel, given["ts"])
        text = rules.read_chunks(given)
        if given.get("blocks"):
            rules.check_blocks(given["blocks"])
        if given.get("metadata"):
            rules.check_metadata(given["metadata"])
        if given.get("session_status", "active") not in SESSIONS:
            raise Bad("invalid_arguments", "session_status")
        self._append(message, text)
        if not message.text.strip() and not given.get("blocks"):
            raise Bad("no_text")
        message.blocks = [{"type": "markdown", "text": message.text}, *(given.get("blocks") or [])]
        message.metadata = given.get("metadata") or message.metadata
        message.streaming_until = 0.0
        if given.get("session_status"):
            team.sessions[channel.id, message.thread_ts] = given["session_status"]
        self.platform.changed(team, channel, message, message.text)
        return {"channel": channel.id, "ts": message.ts, "message": team.shown(channel, message)}

    @staticmethod
    def _append(message: Message, text: str) -> None:
        if len(message.text) + len(text) > rules.MARKDOWN_CHARS:
            raise Bad("msg_too_long", "a stream holds no more in all")
        message.texts.append(message.text + text)

    def _stream(self, team: Workspace, channel: Channel, ts: str) -> Message:
        message = self._own(team, channel, ts, "message_not_owned_by_app")
        if message.stopped:
            raise Bad("stopped_by_user")
        if not message.streaming:
            raise Bad("message_not_in_streaming_state")
        return message

    @staticmethod
    def _own(team: Workspace, channel: Channel, ts: str, error: str) -> Message:
        message = channel.messages.get(ts)
        if message is None:
            raise Bad("message_not_found")
        if message.user != team.bot_user:
            raise Bad(error)
        return message

    @staticmethod
    def _thread(channel: Channel, thread_ts: str) -> str:
        if not thread_ts:
            return ""
        parent = channel.messages.get(thread_ts)
        if parent is None or (parent.thread_ts and parent.thread_ts != parent.ts):
            raise Bad("cannot_reply_to_message", "thread_ts is no parent")
        parent.thread_ts = parent.ts
        return thread_ts


def installed(team: Workspace, scopes: set[str]) -> Answer:
    """What an installation by OAuth gives."""
    return {"ok": True, "app_id": APP_ID, "authed_user": {"id": next(iter(team.people))},
            "scope": ",".join(sorted(scopes)), "token_type": "bot",
            "access_token": team.bot_token, "bot_user_id": team.bot_user,
            "enterprise": {"id": team.enterprise, "name": "co"} if team.enterprise else None,
            "team": None if team.whole else {"id": team.id, "name": team.name},
            "is_enterprise_install": team.whole}  # fmt: skip


def _text(given: Answer) -> str:
    """What a message says: its text, else its Markdown, else what its blocks say."""
    return given["text"] or given.get("markdown_text") or "\n".join(blocks.texts(given["blocks"]))
