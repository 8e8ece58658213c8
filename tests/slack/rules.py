"""What Slack demands of a call: parameters, scopes, texts, metadata, chunks. Pure.

Made from docs.slack.dev, autumn 2026; stricter where Slack is silent: an unknown parameter is an
error here, and a stream holds no more in all than one of its calls may.
"""

import json
from dataclasses import dataclass
from typing import Any

from tests.slack import blocks

MARKDOWN_CHARS = 12_000
TEXT_CHARS = 40_000
UPDATE_CHARS = 4_000
METADATA_BYTES = 16_384


class Bad(Exception):
    """Raised when Slack answers `"ok": false` with this error, or another HTTP status."""

    def __init__(self, error: str, why: str = "", status: int = 200, retry_after: int = 0) -> None:
        super().__init__(error)
        self.error = error
        self.why = why
        self.status = status
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Method:
    """`tier` names its rate limit, `scope` what the token needs, "{}" the kind of the channel."""

    tier: str
    scope: str
    parameters: dict[str, str]


def _method(tier: str, scope: str, parameters: str) -> Method:
    return Method(tier, scope, dict(part.split(":") for part in parameters.split()))


_LOOK = "username:s icon_emoji:s icon_url:s"
_READ = ("cursor:s inclusive:b latest:s limit:i oldest:s include_all_metadata:b")  # fmt: skip

# Of each method: tier, scope, parameters. Kinds: s, i, b, j (JSON); required ones end in "!".
METHODS: dict[str, Method] = {
    "api.test": _method("4", "", "error:s"),
    "auth.test": _method("free", "", ""),
    "apps.connections.open": _method("3", "connections:write", ""),
    "oauth.v2.access": _method(
        "free", "", "client_id:s client_secret:s code:s redirect_uri:s grant_type:s refresh_token:s"
    ),
    "bots.info": _method("3", "users:read", "bot:s"),
    "team.info": _method("3", "team:read", "team:s domain:s"),
    "users.info": _method("4", "users:read", "user:s! include_locale:b"),
    "chat.postMessage": _method(
        "post",
        "chat:write",
        "channel:s! text:s blocks:j attachments:j markdown_text:s metadata:j mrkdwn:b parse:s "
        f"link_names:b reply_broadcast:b thread_ts:s unfurl_links:b unfurl_media:b {_LOOK}",
    ),
    "chat.postEphemeral": _method(
        "4",
        "chat:write",
        "channel:s! user:s! text:s blocks:j attachments:j markdown_text:s parse:s link_names:b "
        f"thread_ts:s {_LOOK}",
    ),
    "chat.update": _method(
        "3",
        "chat:write",
        "channel:s! ts:s! text:s blocks:j attachments:j markdown_text:s metadata:j parse:s "
        "link_names:b reply_broadcast:b file_ids:j",
    ),
    "chat.delete": _method("3", "chat:write", "channel:s! ts:s!"),
    "chat.startStream": _method(
        "2",
        "chat:write",
        "channel:s! thread_ts:s! markdown_text:s chunks:j recipient_team_id:s "
        f"recipient_user_id:s task_display_mode:s {_LOOK}",
    ),
    "chat.appendStream": _method("4", "chat:write", "channel:s! ts:s! markdown_text:s chunks:j"),
    "chat.stopStream": _method(
        "2",
        "chat:write",
        "channel:s! ts:s! markdown_text:s chunks:j blocks:j metadata:j session_status:s",
    ),
    "conversations.history": _method("3", "{}:history", f"channel:s! {_READ}"),
    "conversations.replies": _method("3", "{}:history", f"channel:s! ts:s! {_READ}"),
    "conversations.info": _method(
        "3", "{}:read", "channel:s! include_locale:b include_num_members:b"
    ),
    "conversations.members": _method("4", "{}:read", "channel:s! cursor:s limit:i"),
    "conversations.open": _method(
        "3", "im:write", "channel:s users:s return_im:b prevent_creation:b"
    ),
    "views.publish": _method("4", "", "user_id:s! view:j! hash:s"),
    "views.open": _method("4", "", "view:j! trigger_id:s interactivity_pointer:s"),
    "assistant.threads.setStatus": _method(
        "status", "chat:write", f"channel_id:s! thread_ts:s! status:s! loading_messages:j {_LOOK}"
    ),
    "assistant.threads.setTitle": _method(
        "4", "assistant:write", "channel_id:s! thread_ts:s! title:s!"
    ),
    "assistant.threads.setSuggestedPrompts": _method(
        "4", "assistant:write", "channel_id:s! thread_ts:s prompts:j! title:s"
    ),
    "agents.sessions.setStatus": _method(
        "3",
        "chat:write",
        f"channel_id:s! thread_ts:s! status:s! title:s initiator_user_id:s {_LOOK}",
    ),
    "agents.sessions.rename": _method("3", "chat:write", "channel_id:s! thread_ts:s! title:s!"),
    "files.getUploadURLExternal": _method(
        "4", "files:write", "filename:s! length:i! alt_txt:s snippet_type:s"
    ),
    "files.completeUploadExternal": _method(
        "4",
        "files:write",
        "files:j! channel_id:s channels:s initial_comment:s thread_ts:s blocks:j",
    ),
    "reactions.add": _method("3", "reactions:write", "channel:s! name:s! timestamp:s!"),
    "reactions.remove": _method("2", "reactions:write", "channel:s! name:s! timestamp:s!"),
}


def read_parameters(method: str, given: dict[str, Any]) -> dict[str, Any]:
    """Typed parameters. Raises Bad for unknown, missing or malformed ones."""
    wanted = METHODS[method].parameters
    unknown = set(given) - set(wanted)
    if unknown:
        raise Bad("invalid_arguments", f"unknown parameters {sorted(unknown)}")
    missing = [name for name, kind in wanted.items() if kind.endswith("!") and name not in given]
    if missing:
        raise Bad("invalid_arguments", f"missing parameters {missing}")
    return {name: _typed(name, wanted[name][0], value) for name, value in given.items()}


def _typed(name: str, kind: str, value: Any) -> Any:
    try:
        if kind == "i":
            return int(value)
        if kind == "j":
            return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        raise Bad("invalid_arguments", f"cannot read {name}") from None
    if kind == "b":
        if value not in (True, False, "0", "1", "true", "false"):
            raise Bad("invalid_arguments", f"{name} is no boolean")
        return value in (True, "1", "true")
    if not isinstance(value, str):
        raise Bad("invalid_arguments", f"{name} is no string")
    return value


def check_message(given: dict[str, Any], limit: int = TEXT_CHARS) -> dict[str, Any]:
    """A posted or updated message; its text is cut as Slack cuts it."""
    if "markdown_text" in given and ("text" in given or "blocks" in given):
        raise Bad("markdown_text_conflict")
    if len(given.get("markdown_text", "")) > MARKDOWN_CHARS:
        raise Bad("msg_too_long")
    text = given.get("text", "")
    check_unicode(text)
    if len(text) > limit and limit < TEXT_CHARS and not given.get("blocks"):
        raise Bad("msg_too_long")
    shown = text.strip() or given.get("markdown_text", "").strip() or given.get("blocks")
    if not shown and not given.get("attachments"):
        raise Bad("no_text")
    if given.get("blocks") is not None:
        check_blocks(given["blocks"])
    if given.get("metadata"):
        check_metadata(given["metadata"])
    return {**given, "text": text[:TEXT_CHARS]}


def check_blocks(given: Any, limit: int = blocks.PER_MESSAGE) -> None:
    try:
        blocks.check(given, limit)
    except blocks.Refused as refusal:
        raise Bad(refusal.error, str(refusal)) from None


def check_metadata(given: Any) -> None:
    if not isinstance(given, dict):
        raise Bad("invalid_metadata_format")
    good = isinstance(given.get("event_type"), str) and isinstance(given.get("event_payload"), dict)
    if not good or not given["event_type"] or set(given) - {"event_type", "event_payload"}:
        raise Bad("invalid_metadata_schema")
    if len(json.dumps(given)) > METADATA_BYTES:
        raise Bad("metadata_too_large")


def read_chunks(given: dict[str, Any]) -> str:
    """The Markdown that a call of the streaming methods carries."""
    text = given.get("markdown_text") or ""
    chunks = given.get("chunks") or []
    if not isinstance(chunks, list):
        raise Bad("invalid_chunks")
    for chunk in chunks:
        if not isinstance(chunk, dict):
            raise Bad("invalid_chunks")
        if chunk.get("type") == "markdown_text" and isinstance(chunk.get("text"), str):
            text += chunk["text"]
        elif chunk.get("type") not in ("task_update", "plan_update", "blocks"):
            raise Bad("invalid_chunks", f"unknown chunk {chunk.get('type')}")
    check_unicode(text)
    if len(text) > MARKDOWN_CHARS:
        raise Bad("msg_too_long")
    return text


def check_unicode(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Bad("invalid_arguments", "a lone surrogate is no text") from None
