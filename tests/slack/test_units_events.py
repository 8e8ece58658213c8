"""What payloads mean, without a Slack: pure."""

import json
from typing import Any

import pytest
from pydantic import SecretStr

from bots.slack import events
from bots.slack.access import SlackAccess
from bots.slack.events import Me
from bots.slack.limits import at_once, channel_limit, method_limit
from bots.slack.manifest import manifest_text
from bots.slack.meaning import read
from bots.slack.payloads import event_id, lane_of, without_deleted, workspace_of
from bots.slack.place import Place, Workspace, user_of
from bots.slack.text import plain, references, without_mention
from broker.errors import SettingsError
from broker.settings import Settings, SlackSettings
from mersal.bots import wanted_bots

ME = Me("U0BOT", "B0BOT")
HERE = Workspace("T1")


def event(content: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "type": "event_callback",
        "team_id": "T1",
        "event_id": "Ev1",
        "authorizations": [{"team_id": "T1", "is_enterprise_install": False}],
        "event": content,
        **more,
    }


def message(text: str, **more: Any) -> dict[str, Any]:
    said = {"type": "message", "channel": "C1", "user": "U1", "ts": "10.000001", "text": text}
    return event({**said, **more})


def test_a_conversation_carries_its_workspace_and_comes_back_from_its_address() -> None:
    ours, theirs = Place(HERE, "C1", "10.1"), Place(Workspace("T2"), "C1", "10.1")
    assert ours.address.conversation_id != theirs.address.conversation_id
    assert user_of(HERE, "U1") != user_of(theirs.workspace, "U1")
    company = Place(Workspace("T1", "E1"), "D1", "10.1")
    for place in (ours, theirs, company, Place(HERE, "D1")):
        assert Place.of(place.address) == place
    assert company.private and not ours.private


def test_the_workspace_is_the_one_that_installed_the_app() -> None:
    assert workspace_of(message("", team_id="T9")) == HERE
    foreign = event({}, team_id="T9", authorizations=[{"team_id": "T1"}])
    assert workspace_of(foreign) == HERE  # a channel that two companies share
    whole = event({}, authorizations=[
        {"team_id": None, "enterprise_id": "E1", "is_enterprise_install": True}])  # fmt: skip
    assert workspace_of(whole) == Workspace("T1", "E1")
    command = {"command": "/mersal", "team_id": "T1", "enterprise_id": "E1",
               "is_enterprise_install": "true"}  # fmt: skip
    assert workspace_of(command) == Workspace("T1", "E1")
    press = {"type": "block_actions", "team": {"id": "T1"}, "user": {"id": "U1", "team_id": "T9"}}
    assert workspace_of(press) == HERE
    nameless = {"type": "block_actions", "team": None, "user": {"id": "U1", "team_id": "T1"},
                "enterprise": {"id": "E1"}, "is_enterprise_install": True}  # fmt: skip
    assert workspace_of(nameless) == Workspace("T1", "E1")


def test_ids_are_the_same_in_every_delivery_and_of_one_workspace() -> None:
    assert event_id(message("a")) == event_id(message("a")) == "T1:Ev1"
    other = event({}, authorizations=[{"team_id": "T2"}])
    assert event_id(other) == "T2:Ev1"
    assert event_id({"command": "/mersal", "team_id": "T1", "trigger_id": "7"}) == "T1:command:7"
    press = {"type": "block_actions", "team": {"id": "T1"},
             "actions": [{"action_id": "again", "action_ts": "5.1"}]}  # fmt: skip
    assert event_id(press) == "T1:block_actions:5.1:again"
    assert event_id({"type": "view_closed", "team": {"id": "T1"}}) == ""


def test_what_concerns_one_thread_keeps_its_order() -> None:
    first = lane_of(message("a"))
    follow_up = lane_of(message("b", ts="11.0", thread_ts="10.000001"))
    edit = event({"type": "message", "subtype": "message_changed", "channel": "C1",
                  "message": {"ts": "10.000001", "text": "c"}})  # fmt: skip
    gone = event({"type": "message", "subtype": "message_deleted", "channel": "C1",
                  "deleted_ts": "10.000001", "previous_message": {"ts": "10.000001"}})  # fmt: skip
    press = {"type": "block_actions", "team": {"id": "T1"}, "channel": {"id": "C1"},
             "message": {"ts": "12.0", "thread_ts": "10.000001"}}  # fmt: skip
    assert {first, follow_up, lane_of(edit), lane_of(gone), lane_of(press)} == {first}
    assert lane_of(message("d", ts="13.0")) != first
    direct = [message("e", channel="D1", ts=ts) for ts in ("14.0", "15.0")]
    assert lane_of(direct[0]) != lane_of(direct[1])
    assert lane_of(direct[0], threaded=False) == lane_of(direct[1], threaded=False)


@pytest.mark.parametrize(
    ("payload", "addressed"),
    [
        (message("<@U0BOT> salam"), "yes"),
        (message("salam"), None),
        (message("salam", ts="11.0", thread_ts="10.0"), "perhaps"),
        (message("<@U2> salam", ts="11.0", thread_ts="10.0"), None),  # to another
        (message("\u200f <@U2|sara> salam", ts="11.0", thread_ts="10.0"), None),
        (message("what did <@U2> mean?", ts="11.0", thread_ts="10.0"), "perhaps"),
        (message("<@U2> <@U0BOT>", ts="11.0", thread_ts="10.0"), "yes"),
        (message("salam", channel="D1"), "yes"),
        (message("salam", channel="D1", subtype="channel_join"), None),
        (message("salam", channel="D1", subtype="file_share"), "yes"),
        (message("salam", channel="D1", bot_id="B9"), None),
        (message("salam", channel="D1", user="U0BOT"), None),
        (message("salam", channel="D1", user="USLACKBOT"), None),
        (message("salam", channel="D1", subtype="bot_message"), None),
    ],
)
def test_who_is_spoken_to(payload: dict[str, Any], addressed: str | None) -> None:
    meaning = read(payload, ME)
    assert (meaning.addressed if isinstance(meaning, events.Says) else None) == addressed


def test_a_mention_that_comes_as_two_events_is_one_message() -> None:
    one = read(message("<@U0BOT> salam"), ME)
    two = read(message("<@U0BOT> salam", type="app_mention"), ME)
    assert isinstance(one, events.Says) and one == two
    assert one.text == "salam"
    assert one.origin.place == Place(HERE, "C1", "10.000001")


def test_a_direct_message_opens_a_thread_or_not() -> None:
    threaded, flat = (read(message("a", channel="D1"), ME, one) for one in (True, False))
    assert isinstance(threaded, events.Says) and isinstance(flat, events.Says)
    assert (threaded.origin.place.thread, flat.origin.place.thread) == ("10.000001", "")


def test_edits_unfolded_links_and_deletions() -> None:
    def change(before: str, after: str, **more: Any) -> events.Event | None:
        old = {"ts": "10.0", "user": "U1", "text": before}
        new = {"ts": "10.0", "user": "U1", "text": after, **more}
        return read(event({"type": "message", "subtype": "message_changed", "channel": "D1",
                           "message": new, "previous_message": old}), ME)  # fmt: skip

    edit = change("a", "b")
    assert isinstance(edit, events.Says)
    assert (edit.replaces, edit.origin.event_id, edit.text) == ("10.0", "10.0.Ev1", "b")
    assert change("a", "a") is None
    assert change("a", "b", bot_id="B0BOT") is None
    gone = change("a", "This message was deleted.", subtype="tombstone", user="USLACKBOT")
    assert gone == events.Deleted(Place(HERE, "D1", "10.0"), "10.0")
    said = {"user": "U1", "ts": "11.0", "thread_ts": "10.0"}
    deleted = event({"type": "message", "subtype": "message_deleted", "channel": "C1",
                     "deleted_ts": "11.0", "previous_message": said})  # fmt: skip
    assert read(deleted, ME) == events.Deleted(Place(HERE, "C1", "10.0"), "11.0")


def test_an_edit_that_mentions_us_first_calls_us() -> None:
    def change(before: str, after: str, channel: str = "C1") -> events.Event | None:
        old, new = ({"ts": "10.0", "user": "U1", "text": text} for text in (before, after))
        return read(event({"type": "message", "subtype": "message_changed", "channel": channel,
                           "message": new, "previous_message": old}), ME)  # fmt: skip

    added = change("salam", "<@U0BOT> salam")
    assert isinstance(added, events.Says) and added.called
    kept = change("<@U0BOT> a", "<@U0BOT> b")
    assert isinstance(kept, events.Says) and not kept.called
    direct = change("a", "<@U0BOT> b", "D1")
    assert isinstance(direct, events.Says) and not direct.called
    assert change("salam", "salam!") is None
    twin = message("<@U0BOT> salam", type="app_mention", edited={"user": "U1", "ts": "11.0"})
    assert read(twin, ME) is None


def test_of_a_deleted_message_the_words_are_not_kept_and_only_ours_concerns_us() -> None:
    def gone(text: str, **more: Any) -> dict[str, Any]:
        said = {"user": "U1", "ts": "11.0", "text": text, "blocks": [text], **more}
        return event({"type": "message", "subtype": "message_deleted", "channel": "C1",
                      "deleted_ts": "11.0", "previous_message": said})  # fmt: skip

    assert read(gone("sirr"), ME) is None
    stone = event({"type": "message", "subtype": "message_changed", "channel": "C1",
                   "message": {"ts": "11.0", "subtype": "tombstone"},
                   "previous_message": {"ts": "11.0", "user": "U1", "text": "sirr"}})  # fmt: skip
    for ours in (gone("<@U0BOT> sirr"), gone("sirr", thread_ts="10.0"), stone):
        kept = without_deleted(ours)
        assert "sirr" in str(ours) and "sirr" not in str(kept)
        assert isinstance(read(kept, ME), events.Deleted) and read(kept, ME) == read(ours, ME)
    said = message("sirr")
    assert without_deleted(said) == said


def test_commands_and_removed_apps() -> None:
    slash = {"command": "/mersal", "team_id": "T1", "channel_id": "C1", "user_id": "U1",
             "text": " Language  fr ", "trigger_id": "7", "response_url": "http://r"}  # fmt: skip
    asked = read(slash, ME)
    assert isinstance(asked, events.Commands)
    assert (asked.name, asked.argument, asked.origin.response_url) == ("language", "fr", "http://r")
    empty = read({**slash, "text": ""}, ME)
    assert isinstance(empty, events.Commands) and empty.name == "start"
    assert read(event({"type": "app_uninstalled"}), ME) == events.Uninstalled(HERE)
    assert read(event({"type": "tokens_revoked", "tokens": {"oauth": ["U1"]}}), ME) is None
    revoked = event({"type": "tokens_revoked", "tokens": {"bot": ["U0BOT"]}})
    assert read(revoked, ME) == events.Uninstalled(HERE)


def test_slacks_markup_becomes_what_a_model_reads() -> None:
    text = ("<@U1> &amp; <@U2|sara> in <#C1> <#C2|souk>: <https://a.ma|site> <https://a.ma> "
            "<mailto:a@b.ma|a@b.ma> <!here> <!subteam^S1|@team> &lt;b&gt;")  # fmt: skip
    assert list(references(text)) == [("@", "U1"), ("@", "U2"), ("#", "C1")]
    assert plain(text, {"U1": "Amina", "C1": "sales"}) == (
        "@Amina & @sara in #sales #souk: site (https://a.ma) https://a.ma a@b.ma @here @team <b>"
    )
    assert without_mention("<@U0BOT> salam <@U0BOT|bot>", "U0BOT") == "salam"


def test_access_is_by_workspace_user_and_channel() -> None:
    access = SlackAccess(SlackSettings(teams="T1,T2", allowed="C1, T2/U5", admins="T1/U9"))
    assert access.admits(Place(HERE, "C1"), "U1") and access.admits(Place(HERE, "C7"), "U9")
    assert not access.admits(Place(HERE, "C7"), "U5")
    assert access.admits(Place(Workspace("T2"), "C7"), "U5")
    assert not access.admits(Place(Workspace("T3"), "C1"), "U1")
    assert access.steers(Place(HERE, "C1"), "U9") and not access.steers(Place(HERE, "C1"), "U1")
    assert access.steers(Place(HERE, "D1"), "U1")
    assert not access.steers(Place(Workspace("T2"), "C1"), "U9")  # another workspace's admin
    assert not SlackAccess(SlackSettings(denied="T1/U1")).admits(Place(HERE, "C1"), "U1")
    with pytest.raises(SettingsError, match="MERSAL_SLACK__DENIED"):
        SlackAccess(SlackSettings(denied="U1 U2"))


def test_limits_are_of_a_method_a_workspace_and_a_channel() -> None:
    slack = SlackSettings(tier_share=0.5)
    update = method_limit(HERE, "chat.update", slack)
    assert (update.calls, at_once(update)) == (25, 25)
    start = method_limit(HERE, "chat.startStream", slack)
    assert (start.calls, at_once(start)) == (20, 10)  # half of it is never spare
    assert update.name != method_limit(Workspace("T2"), "chat.update", slack).name
    one, two = (channel_limit(Place(team, "C1"), slack) for team in (HERE, Workspace("T2")))
    assert one.name != two.name


def test_up_starts_the_bot_when_it_has_a_way_in_and_a_way_out() -> None:
    def wanted(**slack: Any) -> bool:
        return "slack" in wanted_bots(Settings(slack=SlackSettings(**slack)))

    bot, app = SecretStr("xoxb-1"), SecretStr("xapp-1")
    assert wanted(bot_token=bot, app_token=app) and wanted(client_id="1.2", app_token=app)
    assert not wanted(bot_token=bot) and not wanted(app_token=app)
    assert wanted(bot_token=bot, http=True, signing_secret=SecretStr("s"))
    assert not wanted(bot_token=bot, app_token=app, http=True)


def test_the_manifest_for_http_and_for_several_workspaces_names_the_address() -> None:
    http = json.loads(manifest_text("https://bot.ma/", http=True))
    urls = [
        http["settings"]["event_subscriptions"]["request_url"],
        http["settings"]["interactivity"]["request_url"],
        *(one["url"] for one in http["features"]["slash_commands"]),
    ]
    assert urls == ["https://bot.ma/slack/events"] * 3
    assert not http["settings"]["socket_mode_enabled"] and "redirect_urls" not in str(http)
    several = json.loads(manifest_text("https://bot.ma", oauth=True))
    assert several["oauth_config"]["redirect_urls"] == ["https://bot.ma/slack/oauth_redirect"]
    assert several["settings"]["socket_mode_enabled"] and "request_url" not in str(several)
    with pytest.raises(SettingsError, match="https://"):
        manifest_text("http://bot.ma", http=True)
