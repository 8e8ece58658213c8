"""What travels: JSON there and back, strangers refused."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.errors import BadMessage, UnsupportedVersion
from broker.messages import (
    VERSION,
    Address,
    Message,
    Reply,
    ReplyDelta,
    Said,
    Turn,
    UserMessage,
)

texts = st.text(st.characters(codec="utf-8"))
idents = st.text(st.characters(codec="utf-8"), min_size=1, max_size=200)
times = st.floats(0, 4e9)
addresses = st.builds(Address, st.sampled_from(["web", "slack"]), idents, idents)
said = st.tuples(st.builds(Said, texts, texts, times, texts))
messages = st.one_of(
    addresses,
    st.builds(UserMessage, addresses, texts, texts, texts, times, texts, texts),
    st.builds(Reply, addresses, texts, st.tuples(texts, texts), texts, st.just("answered")),
    st.builds(ReplyDelta, texts, texts, st.integers(0, 10**9), texts),
    st.builds(Turn, said, texts, texts, st.just("stopped"), texts, texts, times),
)

ADDRESS = Address("web", "c")
EXAMPLES: list[Message] = [
    ADDRESS,
    UserMessage(ADDRESS, "m", "u", "text", 1.0),
    Reply(ADDRESS, "r", ("m",), "text", "answered", notices=("cut_at_length",)),
    ReplyDelta("web:c:", "r", 0, "text"),
    Turn((Said("m", "text", 1.0),), "r", "text", "answered"),
]
each = pytest.mark.parametrize("message", EXAMPLES, ids=lambda m: type(m).__name__)


def as_dict(message: Message) -> dict[str, Any]:
    content = json.loads(message.to_json())
    assert isinstance(content, dict)
    return content


@given(messages)
def test_a_message_comes_back_as_it_was(message: Message) -> None:
    assert type(message).from_json(message.to_json()) == message


@each
def test_a_message_names_its_version(message: Message) -> None:
    assert as_dict(message)["v"] == VERSION


@each
def test_a_newer_version_is_refused_rather_than_half_understood(message: Message) -> None:
    newer = json.dumps({**as_dict(message), "v": VERSION + 1})
    with pytest.raises(UnsupportedVersion, match=type(message).__name__):
        type(message).from_json(newer)


@each
def test_fields_that_a_later_version_added_are_ignored(message: Message) -> None:
    more = json.dumps({**as_dict(message), "mood": "good"})
    assert type(message).from_json(more) == message


@each
def test_a_missing_field_is_named(message: Message) -> None:
    content = as_dict(message)
    first = next(name for name in content if name != "v")
    del content[first]
    with pytest.raises(BadMessage, match=first):
        type(message).from_json(json.dumps(content))


@each
@pytest.mark.parametrize(
    "raw", ["", "{", "[]", "null", "7", '"text"', "\\", b"\xff\xfe", '{"v":[]}', '{"v":"new"}']
)
def test_what_is_no_message_is_refused(message: Message, raw: str | bytes) -> None:
    with pytest.raises((BadMessage, UnsupportedVersion)):
        type(message).from_json(raw)


@each
def test_the_error_shows_nothing_of_the_content(message: Message) -> None:
    content = {name: {"secret": "SECRET"} for name in as_dict(message) if name != "v"}
    with pytest.raises(BadMessage) as caught:
        type(message).from_json(json.dumps(content))
    assert "SECRET" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("channel", "chat", "thread"),
    [
        ("", "c", ""),
        ("a:b", "c", ""),
        ("a b", "c", ""),
        ("web", "", ""),
        ("web", "c" * 201, ""),
        ("web", "c", "t" * 201),
    ],
)
def test_an_address_that_could_not_be_a_key_is_refused(
    channel: str, chat: str, thread: str
) -> None:
    with pytest.raises(BadMessage):
        Address(channel, chat, thread)


@pytest.mark.parametrize("field", ["message_id", "user_id", "text", "sender"])
def test_half_a_character_is_refused_where_it_comes_in(field: str) -> None:
    """Half a surrogate pair comes out of a browser's JSON and fits into no UTF-8."""
    words = {name: "\ud83d" if name == field else "t" for name in ("message_id", "user_id", "text")}
    sender = "\ud83d" if field == "sender" else "s"
    with pytest.raises(BadMessage, match=field):
        UserMessage(ADDRESS, words["message_id"], words["user_id"], words["text"], 1.0, "", sender)


def test_half_a_character_is_no_address() -> None:
    with pytest.raises(BadMessage):
        Address("web", "\ud83d")
