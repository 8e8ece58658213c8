"""The manifest asks for what is used, and for no more."""

from bots.slack.manifest import manifest
from bots.slack.shortcuts import SHORTCUTS
from broker.settings import Settings
from inference.echo import EchoEngine
from tests.channels.bot import Bots
from tests.patience import until
from tests.slack.platform import AMINA, SECRET, SOUK, Failure, Platform

# Of each event what Slack asks for besides; https://docs.slack.dev/reference/events
EVENT_SCOPES = {
    "app_mention": "app_mentions:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "agent_session_stopped": "assistant:write",
    "app_home_opened": "",
    "app_uninstalled": "",
    "tokens_revoked": "",
    "app_context_changed": "assistant:write",
}


async def test_every_scope_of_the_manifest_is_used_and_no_other_is_missed(
    slack: Platform, chat_settings: Settings, bots: Bots, echo: EchoEngine
) -> None:
    granted, broken = manifest(), ["lost"]
    ours = chat_settings.slack.model_copy(update={"streaming": False})

    def fail(method: str, _: object) -> Failure | None:
        return "lost" if method == "chat.postMessage" and broken and broken.pop() else None

    slack.fail = fail  # what may have arrived is read back
    async with bots(chat_settings.model_copy(update={"slack": ours})):
        for channel in (SOUK, SECRET, "G2FRIENDS"):
            start = slack.say(channel, f"read <@{AMINA}> in <#{SECRET}> and <#{SOUK}>")
            slack.say(channel, "@mersal salam", thread_ts=start.ts)
            await until(lambda c=channel: slack.said(slack.atay.channels[c]))  # type: ignore[misc]
        slack.say("D", "salam")
        slack.slash("help", SOUK)
        slack.slash("export", SOUK)
        slack.open_home()
        slack.open_home(tab="messages")
        await until(lambda: slack.said(slack.atay.direct(AMINA)))
        await until(lambda: slack.ephemeral and slack.atay.homes and slack.atay.prompts)
        await until(lambda: slack.files)
        await until(lambda: not slack.courier.unacknowledged)
    assert not [line for line in slack.refused if "missing_scope" in line]
    assert set(granted["settings"]["event_subscriptions"]["bot_events"]) <= set(EVENT_SCOPES)
    used = slack.scopes_used | {EVENT_SCOPES[name] for name in slack.events} | {"commands"}
    unused = slack.scopes - used
    assert not unused, f"asked for and not used: {unused}"


def test_the_manifest_is_one_that_slack_takes() -> None:
    granted = manifest()
    shortcuts = granted["features"]["shortcuts"]
    assert all(len(one["name"]) <= 24 and len(one["description"]) <= 150 for one in shortcuts)
    assert all(one["type"] == "message" for one in shortcuts)
    assert [one["callback_id"] for one in shortcuts] == [*SHORTCUTS] and len(shortcuts) <= 5
    assert len(granted["display_information"]["name"]) <= 35
    assert len(granted["display_information"].get("description", "")) <= 140
    (command,) = granted["features"]["slash_commands"]
    assert command["command"] == "/mersal" and len(command["description"]) <= 100
    assert granted["settings"]["socket_mode_enabled"] is True
    assert granted["settings"]["interactivity"]["is_enabled"] is True
