"""The local Slack refuses what Slack refuses: a test on it is worth as much as it is strict."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack.platform import AMINA, SOUK, Platform
from tests.slack.rates import Rates
from tests.slack.rules import Bad, check_message
from tests.slack.server import SlackServer

Call = dict[str, Any]
LONG = "و" * 12_001


@pytest.fixture
async def slack() -> AsyncIterator[Platform]:
    platform = Platform(rates=Rates(enforced=False))
    platform.scopes = {"chat:write", "channels:history", "users:read"}
    async with SlackServer(platform).serving():
        yield platform


def client(slack: Platform, **more: Any) -> AsyncWebClient:
    token = more.pop("token", slack.atay.bot_token)
    return AsyncWebClient(token, base_url=f"{slack.address}/api/", **more)


async def error(slack: Platform, method: str, **given: Any) -> str:
    """What a call is refused with, empty when it is not."""
    try:
        await client(slack).api_call(method, json=given)
    except SlackApiError as refusal:
        return str(refusal.response["error"])
    return ""


async def test_a_message_needs_a_known_channel_text_parameters_and_a_thread_parent(
    slack: Platform,
) -> None:
    asked = slack.say(SOUK, "salam")
    reply = slack.say(SOUK, "salam", thread_ts=asked.ts)
    post = "chat.postMessage"
    assert await error(slack, post, channel=SOUK, text="ok", thread_ts=asked.ts) == ""
    assert await error(slack, post, channel="C9", text="ok") == "channel_not_found"
    assert await error(slack, post, channel=SOUK, text=" ") == "no_text"
    assert await error(slack, post, channel=SOUK, txt="ok") == "invalid_arguments"
    assert await error(slack, post, text="ok") == "invalid_arguments"
    assert await error(slack, post, channel=SOUK, markdown_text=LONG) == "msg_too_long"
    both = {"text": "a", "markdown_text": "b"}
    assert await error(slack, post, channel=SOUK, **both) == "markdown_text_conflict"
    wrong = await error(slack, post, channel=SOUK, text="ok", thread_ts=reply.ts)
    assert wrong == "cannot_reply_to_message"
    assert await error(slack, "users.info", user="U9") == "user_not_found"
    assert await error(slack, "team.info") == "missing_scope"


@pytest.mark.parametrize(
    ("blocks", "answer"),
    [
        ([{"type": "markdown", "text": "**سلام**"}], ""),
        ([{"type": "markdown", "text": LONG}], "msg_too_long"),
        ([{"type": "markdown", "text": LONG[:7000]}] * 2, "msg_blocks_too_long"),
        ([{"type": "divider"}] * 51, "invalid_blocks"),
        ([{"type": "markdown", "text": "# a\n" * 51}], "invalid_blocks"),
        ([{"type": "section", "text": {"type": "mrkdwn", "text": LONG[:3001]}}], "invalid_blocks"),
        ([{"type": "section", "text": "plain"}], "invalid_blocks"),
        ([{"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]]}] * 2,
         "invalid_attachments"),
        ([{"type": "table", "rows": [[]]}], "invalid_blocks"),
        ([{"type": "actions", "elements": []}], "invalid_blocks"),
        ([{"type": "nonsense"}], "invalid_blocks"),
        ({"type": "divider"}, "invalid_blocks_format"),
    ],
)  # fmt: skip
def test_blocks_have_their_limits(blocks: Any, answer: str) -> None:
    try:
        check_message({"text": "x", "blocks": blocks})
    except Bad as refusal:
        assert refusal.error == answer
    else:
        assert not answer


async def test_metadata_is_checked_and_shown_to_who_asks_and_has_the_scope(slack: Platform) -> None:
    bad: list[Any] = [["text"], {"event_type": "reply"}, {"event_type": "", "event_payload": {}}]
    answers = [
        await error(slack, "chat.postMessage", channel=SOUK, text="x", metadata=one) for one in bad
    ]
    assert answers == ["invalid_metadata_format", *["invalid_metadata_schema"] * 2]
    good = {"event_type": "reply", "event_payload": {"id": "7"}}
    api = client(slack)
    await api.chat_postMessage(channel=SOUK, text="x", metadata=good)
    plain = await api.conversations_history(channel=SOUK)
    scopeless = await api.conversations_history(channel=SOUK, include_all_metadata=True)
    slack.scopes.add("metadata.message:read")
    full = await api.conversations_history(channel=SOUK, include_all_metadata=True)
    assert "metadata" not in plain["messages"][0] and "metadata" not in scopeless["messages"][0]
    assert full["messages"][0]["metadata"] == good


async def test_a_stream_ends_by_itself_and_is_not_updated_before(slack: Platform) -> None:
    asked = slack.say(SOUK, "salam")
    place = {"channel": SOUK, "thread_ts": asked.ts}
    who = {"recipient_user_id": AMINA, "recipient_team_id": slack.atay.id}
    assert await error(slack, "chat.startStream", **place) == "missing_recipient_user_id"
    start = client(slack).chat_startStream
    started = await start(**place, **who, markdown_text="و" * 6000)  # type: ignore[arg-type]
    stream = {"channel": SOUK, "ts": started["ts"]}
    append = "chat.appendStream"
    assert await error(slack, append, **stream, markdown_text=LONG) == "msg_too_long"
    assert await error(slack, append, **stream, markdown_text="و" * 6001) == "msg_too_long"
    assert await error(slack, append, **stream, markdown_text="و") == ""
    assert await error(slack, "chat.update", **stream, text="x") == "streaming_state_conflict"
    slack.atay.channels[SOUK].messages[started["ts"]].streaming_until = 0
    over = "message_not_in_streaming_state"
    assert await error(slack, append, **stream, markdown_text="و") == over
    assert await error(slack, "chat.stopStream", **stream) == over
    assert await error(slack, "chat.update", **stream, text="x") == ""


async def test_tokens_belong_to_their_workspace_and_calls_are_counted(slack: Platform) -> None:
    with pytest.raises(SlackApiError, match="invalid_auth"):
        await client(slack, token="xoxb-forged").auth_test()
    assert (await client(slack, token=slack.belgha.bot_token).auth_test())["team_id"] == "T2BELGHA"
    slack.rates = Rates()
    api = client(slack)
    await api.chat_postMessage(channel=SOUK, text="one")
    with pytest.raises(SlackApiError) as refused:
        await api.chat_postMessage(channel=SOUK, text="two")
    assert refused.value.response.status_code == 429
    assert int(refused.value.response.headers["Retry-After"]) >= 1
    assert slack.said(slack.atay.channels[SOUK]) == ["one"]


async def test_a_lost_answer_had_its_effect_and_a_dropped_call_had_none(slack: Platform) -> None:
    api = client(slack, retry_handlers=[])
    for failure, count in (("dropped", 0), ("lost", 1)):
        slack.fail = lambda method, given, how=failure: how  # type: ignore[misc]
        with pytest.raises(Exception, match="(?i)disconnected|reset|closing"):
            await api.chat_postMessage(channel=SOUK, text=failure)
        assert len(slack.said(slack.atay.channels[SOUK])) == count
