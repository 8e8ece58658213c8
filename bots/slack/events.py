"""What Slack's payloads mean for us: one of an event, a slash command, a button or a shortcut
becomes one event, or nothing.

What was said in a thread may be for us or not: who reads it knows whether we take part.
"""

from dataclasses import dataclass
from typing import Literal

from bots.slack.place import Place, Workspace


@dataclass(frozen=True, slots=True)
class Me:
    """The bot itself in one workspace."""

    user_id: str
    bot_id: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an event came from. `message_id` is Slack's timestamp, "" none; `event_id` is unique
    among all that this place submits. `response_url` takes words that only the user sees;
    `team` is the user's own, "" unknown: in a shared channel it may be another than the place's."""

    place: Place
    user_id: str
    message_id: str
    event_id: str
    at: float
    response_url: str = ""
    team: str = ""


@dataclass(frozen=True, slots=True)
class Says:
    """Something said, in Slack's markup. `replaces` is the message that it is an edit of;
    `called`: it is this edit that mentions us first.

    `addressed`: to us for certain, or only if we take part in the thread.
    `in_thread`: it is not the first message of its thread.
    """

    origin: Origin
    text: str
    addressed: Literal["yes", "perhaps"]
    in_thread: bool
    replaces: str = ""
    called: bool = False
    files: bool = False


@dataclass(frozen=True, slots=True)
class Commands:
    """A slash command: its first word and the rest."""

    origin: Origin
    name: str
    argument: str


@dataclass(frozen=True, slots=True)
class Presses:
    """A button; `home`: on the App Home."""

    origin: Origin
    action: str
    value: str
    home: bool = False


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A message shortcut: on this message, in Slack's markup."""

    origin: Origin
    task: str
    text: str


@dataclass(frozen=True, slots=True)
class Deleted:
    """A message is gone."""

    place: Place
    message_id: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A user opened the App Home or the conversation with us."""

    workspace: Workspace
    user_id: str
    chat_id: str
    tab: Literal["home", "messages"]


@dataclass(frozen=True, slots=True)
class Stops:
    """A user pressed Slack's own stop button, at this time; `streams` are those that Slack ended
    thereby."""

    place: Place
    user_id: str
    at: float
    streams: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Uninstalled:
    """The app is gone from a workspace, or its tokens are."""

    workspace: Workspace


Event = Says | Commands | Presses | Shortcut | Deleted | Opened | Stops | Uninstalled
