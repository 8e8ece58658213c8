"""The app's manifest: all that Slack must know to make the app, and nothing that we do not use."""

import json
from typing import Any

from bots.slack.shortcuts import SHORTCUTS
from broker.errors import SettingsError

# What for: hear mentions, be an agent, hear and read channels, know their names, answer, /mersal,
# send exports, the same in private channels, direct messages, read back what parts we have sent,
# group messages, know people's names.
SCOPES = (
    "app_mentions:read",
    "assistant:write",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:write",
    "metadata.message:read",
    "mpim:history",
    "users:read",
)
EVENTS = (
    "agent_session_stopped",
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "message.channels",
    "message.groups",
    "message.im",
    "message.mpim",
    "tokens_revoked",
)
EVENTS_PATH = "/slack/events"


def manifest(public_url: str = "", http: bool = False, oauth: bool = False) -> dict[str, Any]:
    """The manifest. Events come by HTTP or by Socket Mode; `oauth`: for several workspaces."""
    address = public_url.rstrip("/")
    url = address + EVENTS_PATH
    slash = {
        "command": "/mersal",
        "description": "Mersal's commands",
        "usage_hint": "help | new | translate fr … | summarize | explain … | settings",
        "should_escape": True,
    }
    config: dict[str, Any] = {"scopes": {"bot": list(SCOPES)}}
    if oauth:
        config["redirect_urls"] = [f"{address}/slack/oauth_redirect"]
    return {
        "display_information": {
            "name": "Mersal",
            "description": "مرسال: answers in Darija, Arabic, French and English",
            "background_color": "#0f5c4a",
        },
        "features": {
            "agent_view": {
                "agent_description": "Answers in Darija, Arabic, French and English",
            },
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "Mersal", "always_online": True},
            "shortcuts": [
                {
                    "name": shortcut.name,
                    "type": "message",
                    "callback_id": ident,
                    "description": shortcut.description,
                }
                for ident, shortcut in SHORTCUTS.items()
            ],
            "slash_commands": [{**slash, "url": url} if http else slash],
        },
        "oauth_config": config,
        "settings": {
            "event_subscriptions": {
                **({"request_url": url} if http else {}),
                "bot_events": list(EVENTS),
            },
            "interactivity": {
                "is_enabled": True,
                **({"request_url": url} if http else {}),
            },
            "org_deploy_enabled": oauth,
            "socket_mode_enabled": not http,
            "token_rotation_enabled": False,
        },
    }


def manifest_text(public_url: str = "", http: bool = False, oauth: bool = False) -> str:
    """As Slack takes it: JSON. Raises SettingsError without the address that it needs."""
    if (http or oauth) and not public_url.startswith("https://"):
        raise SettingsError("the manifest needs your public https:// address: --url https://…")
    return json.dumps(manifest(public_url, http, oauth), ensure_ascii=False, indent=2)
