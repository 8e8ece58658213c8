"""Slack as a bot sees it: two workspaces, their people, what they do, and what breaks."""

import asyncio
import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.slack import events, rules
from tests.slack.courier import Courier, Delivery
from tests.slack.events import Payload
from tests.slack.methods import WebApi, installed
from tests.slack.rates import Rates
from tests.slack.rules import Bad
from tests.slack.workspace import Channel, Message, Workspace

APP_TOKEN = "xapp-1-A0MERSAL-test-AAbbCC"
CLIENT_ID, CLIENT_SECRET = "111.222", "test-client-secret"
Failure = Literal["500", "lost", "hang", "dropped", "429", "held"]
RESPONSE = {
    *("text", "blocks", "attachments", "response_type", "replace_original", "delete_original"),
    *("thread_ts", "unfurl_links", "unfurl_media", "metadata"),
}
AMINA, SAMIR, SOUK, SECRET = "U1AMINA", "U2SAMIR", "C1SOUK", "G1SECRET"


@dataclass
class Platform:
    """One app's Slack. The two workspaces know people and channels by the same ids.

    `scopes` and `events` are what the app was granted; a call or event beyond them fails or is
    not sent. `fail` may break a call before or after its effect.
    """

    courier: Courier = field(default_factory=Courier)
    rates: Rates = field(default_factory=Rates)
    fail: Callable[[str, Payload], Failure | None] = lambda method, given: None
    released: asyncio.Event = field(default_factory=asyncio.Event)  # ends what is "held"
    stream_s: float = 300.0
    scopes: set[str] = field(default_factory=set)
    events: set[str] = field(default_factory=set)
    scopes_used: set[str] = field(default_factory=set)
    events_sent: set[str] = field(default_factory=set)
    calls: list[tuple[str, Payload]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    ephemeral: list[tuple[str, str, str, str, Payload]] = field(default_factory=list)
    modals: list[Payload] = field(default_factory=list)
    triggers: set[str] = field(default_factory=set)
    responses: dict[str, tuple[str, str, str, int]] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    files: dict[str, tuple[str, int, bytes]] = field(default_factory=dict)
    address: str = ""

    def __post_init__(self) -> None:
        self.web = WebApi(self)
        self.teams = {
            "T1ATAY": Workspace("T1ATAY", "atay", 1),
            "T2BELGHA": Workspace("T2BELGHA", "belgha", 2),
        }
        for team in self.teams.values():
            team.person(AMINA, f"Amina-{team.name}")
            team.person(SAMIR, f"Samir-{team.name}", "fr-FR")
            team.open(SOUK, "channel", "souk")
            team.open(SECRET, "group", "secret")
            team.open("G2FRIENDS", "mpim", "mpdm-friends")

    @property
    def atay(self) -> Workspace:
        return self.teams["T1ATAY"]

    @property
    def belgha(self) -> Workspace:
        return self.teams["T2BELGHA"]

    # People

    def say(
        self,
        channel_id: str,
        text: str,
        user: str = AMINA,
        thread_ts: str = "",
        team: Workspace | None = None,
        **more: Any,
    ) -> Message:
        """Somebody writes; "@mersal" in the text mentions the bot. A D… channel is opened."""
        team = team or self.atay
        channel = team.direct(user) if channel_id == "D" else team.channels[channel_id]
        text = text.replace("@mersal", f"<@{team.bot_user}>")
        message = Message(team.next_ts(), user, [text], thread_ts, **more)
        team.keep(channel, message)
        if thread_ts:
            channel.messages[thread_ts].thread_ts = thread_ts
        twins = [events.posted(team, channel, message)]
        if f"<@{team.bot_user}>" in text and channel.kind != "im":
            twins.append(events.mention(team, channel, message))
        random.shuffle(twins)
        for event in twins:
            self.tell(team, channel, event)
        return message

    def edit(self, channel: Channel, message: Message, text: str, team: Workspace) -> None:
        """Somebody edits what he wrote; whoever it mentions is told so too, again or not."""
        message.texts.append(text.replace("@mersal", f"<@{team.bot_user}>"))
        message.edited = True
        twins = [events.changed(team, channel, message, message.texts[-2])]
        if f"<@{team.bot_user}>" in message.text and channel.kind != "im":
            twins.append(events.mention(team, channel, message))
        random.shuffle(twins)
        for event in twins:
            self.tell(team, channel, event)

    def unfurl(self, channel: Channel, message: Message, team: Workspace) -> None:
        """Slack shows a link's page under the message: a change that nobody made."""
        self.changed(team, channel, message, message.text)

    def delete(self, channel: Channel, message: Message, team: Workspace) -> None:
        """Somebody deletes a message; of a thread's first one a stone remains."""
        if any(one.thread_ts == message.ts != one.ts for one in channel.messages.values()):
            message.texts.append("This message was deleted.")
            message.user = "USLACKBOT"
            event = events.changed(team, channel, message, message.texts[-2])
            event["message"]["subtype"] = "tombstone"
            event["previous_message"]["user"] = AMINA
            self.tell(team, channel, event)
            return
        message.deleted = True
        del channel.messages[message.ts]
        self.gone(team, channel, message)

    def slash(
        self, text: str, channel_id: str, user: str = AMINA, team: Workspace | None = None
    ) -> Delivery:
        """Somebody writes /mersal."""
        team = team or self.atay
        channel = team.channels[channel_id]
        more = self._answerable(team, channel, user)
        return self.courier.send("slash_commands", events.slash(team, channel, user, text, more))

    def press(
        self, channel: Channel, message: Message, label: str, user: str = AMINA, choice: str = ""
    ) -> Delivery:
        """Somebody presses a button, or chooses from a menu, under a message of the bot."""
        team = next(one for one in self.teams.values() if channel in one.channels.values())
        action = events.find_action(message.blocks, label, choice)
        more = self._answerable(team, channel, user)
        return self.courier.send(
            "interactive", events.pressed(team, channel, message, user, action, more)
        )

    def press_at_home(self, label: str, choice: str = "", user: str = AMINA) -> Delivery:
        """Somebody uses an element of the bot's home."""
        team = self.atay
        action = events.find_action(team.homes[user]["blocks"], label, choice)
        more = {"trigger_id": self._trigger()}
        return self.courier.send("interactive", events.pressed_at_home(team, user, action, more))

    def shortcut(
        self, channel: Channel, message: Message, name: str, user: str = AMINA
    ) -> Delivery:
        """Somebody chooses a shortcut from a message's menu."""
        more = self._answerable(self.atay, channel, user)
        return self.courier.send(
            "interactive", events.shortcut(self.atay, channel, message, user, name, more)
        )

    def open_home(self, user: str = AMINA, tab: str = "home") -> None:
        self.tell(self.atay, None, events.home_opened(self.atay, user, tab))

    def stop(self, channel: Channel, thread_ts: str, user: str = AMINA) -> None:
        """Somebody presses Slack's stop button, which is there while the agent works."""
        assert self.atay.sessions.get((channel.id, thread_ts)) == "processing"
        running = [one for one in self.answers(channel, thread_ts) if one.streaming]
        for message in running:
            message.stopped, message.streaming_until = True, 0.0
        event = {"type": "agent_session_stopped", "channel": channel.id, "user": user,
                 "thread_ts": thread_ts, "event_ts": self.atay.next_ts(),
                 "streaming_message_ts": [one.ts for one in running]}  # fmt: skip
        self.tell(self.atay, None, event)

    def _answerable(self, team: Workspace, channel: Channel, user: str) -> Payload:
        token = uuid.uuid4().hex
        self.responses[token] = (team.id, channel.id, user, 5)
        return {"response_url": f"{self.address}/respond/{token}", "trigger_id": self._trigger()}

    def _trigger(self) -> str:
        trigger = f"1.2.{uuid.uuid4().hex}"
        self.triggers.add(trigger)
        return trigger

    # What the bot is told

    def tell(self, team: Workspace, channel: Channel | None, event: Payload) -> None:
        """Send an event, if the app asked for its kind and the bot may see it."""
        name = str(event["type"])
        if name == "message" and channel is not None:
            name = {"channel": "message.channels", "group": "message.groups", "im": "message.im",
                    "mpim": "message.mpim"}[channel.kind]  # fmt: skip
        if name in self.events and (channel is None or team.bot_user in channel.members):
            self.events_sent.add(name)
            shared = channel is not None and channel.shared
            self.courier.send("events_api", events.callback(team, event, shared))

    def posted(self, team: Workspace, channel: Channel, message: Message) -> None:
        """The bot hears its own messages too."""
        self.tell(team, channel, events.posted(team, channel, message))

    def changed(self, team: Workspace, channel: Channel, message: Message, before: str) -> None:
        self.tell(team, channel, events.changed(team, channel, message, before))

    def gone(self, team: Workspace, channel: Channel, message: Message) -> None:
        self.tell(team, channel, events.deleted(team, channel, message))

    # What is seen

    def answers(self, channel: Channel, thread_ts: str = "") -> list[Message]:
        """The bot's messages in a channel, or in a thread of it, in their order."""
        return [one for one in channel.messages.values()
                if one.by_bot and (not thread_ts or one.inside(thread_ts))]  # fmt: skip

    def said(self, channel: Channel, thread_ts: str = "") -> list[str]:
        """What they say once they are finished."""
        found = self.answers(channel, thread_ts)
        return [one.seen for one in found if not one.streaming]

    def being_written(self, channel: Channel) -> bool:
        """The first answer shows, and has grown."""
        found = self.answers(channel)
        return bool(found) and len(found[0].texts) > 1

    # The bot's calls

    async def call(self, method: str, token: str, given: dict[str, Any]) -> Payload:
        """Do a call. Raises Bad for what Slack refuses."""
        if method not in rules.METHODS:
            raise Bad("unknown_method", method)
        try:
            if method == "oauth.v2.access":
                return self._install(given)
            team = self._team(method, token, given)
            # Bolt names the workspace in every call; Slack minds only where one must be named.
            if team and given.pop("team_id", team.id) != team.id:
                raise Bad("team_not_found")
            if team and method in team.lacks:
                raise Bad("unknown_method", method)
            parameters = rules.read_parameters(method, given)
            place = parameters.get("channel") or parameters.get("channel_id", "")
            tier = rules.METHODS[method].tier
            self.rates.spend(team.id if team else "", method, tier, place)
            self.calls.append((method, parameters))
            if team is None:
                return {"ok": True, "url": f"ws{self.address[4:]}/link?ticket={uuid.uuid4().hex}"}
            return self.web.do(method, team, parameters)
        except Bad as refusal:
            if refusal.status == 200:
                self.refused.append(f"{method}: {refusal.error} {refusal.why}".strip())
            raise
        finally:
            await asyncio.sleep(0)

    def _team(self, method: str, token: str, given: Payload) -> Workspace | None:
        """The workspace of a token; of an organisation's, the one that has the channel."""
        if not token:
            raise Bad("not_authed")
        if (token == APP_TOKEN) != (method == "apps.connections.open"):
            raise Bad("not_allowed_token_type" if token == APP_TOKEN else "invalid_auth")
        if token == APP_TOKEN:
            return None
        place = given.get("channel") or given.get("channel_id") or ""
        its = [team for team in self.teams.values() if team.bot_token == token]
        for team in sorted(its, key=lambda one: place not in one.channels):
            if team.revoked:
                raise Bad("token_revoked")
            return team
        raise Bad("invalid_auth")

    def _install(self, given: dict[str, Any]) -> Payload:
        if given.get("client_id") != CLIENT_ID or given.get("client_secret") != CLIENT_SECRET:
            raise Bad("invalid_client_id")
        team_id = self.codes.pop(given.get("code", ""), "")
        if not team_id:
            raise Bad("invalid_code")
        return installed(self.teams[team_id], self.scopes)

    def respond(self, token: str, given: Payload) -> None:
        """The bot answers through a response_url: five times, then never. Raises Bad."""
        team_id, channel_id, user, left = self.responses.get(token, ("", "", "", 0))
        if not left:
            raise Bad("used_url", status=404)
        self.responses[token] = (team_id, channel_id, user, left - 1)
        if set(given) - RESPONSE:
            raise Bad("invalid_arguments", str(sorted(set(given) - RESPONSE)))
        if not given.get("delete_original"):
            given = rules.check_message({k: v for k, v in given.items() if v is not None})
            self.ephemeral.append((team_id, channel_id, user, given["text"], given))
