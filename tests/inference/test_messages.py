"""Conversations written down as JSON: what no model could have seen is refused with the reason."""

import json

import pytest

from inference.engine import ChatMessage
from inference.errors import InvalidRequest
from inference.messages import read_messages


def said(*roles: str) -> str:
    return json.dumps([{"role": role, "content": f"{n}"} for n, role in enumerate(roles, 1)])


def test_a_conversation_is_read_as_it_stands() -> None:
    messages = read_messages(said("system", "user", "assistant", "user"))
    assert messages == (
        ChatMessage("system", "1"),
        ChatMessage("user", "2"),
        ChatMessage("assistant", "3"),
        ChatMessage("user", "4"),
    )


def test_bytes_are_utf_8_with_or_without_a_mark() -> None:
    for start in (b"", b"\xef\xbb\xbf"):
        (message,) = read_messages(start + '[{"role": "user", "content": "سلام"}]'.encode())
        assert message.content == "سلام"
    with pytest.raises(InvalidRequest, match="not UTF-8"):
        read_messages('["سلام"]'.encode("utf-16"))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not JSON"),
        ("{}", "not an array"),
        ("[]", "there is no message"),
        ("[1]", 'message 1 must have "role" and "content"'),
        ('[{"role": "user"}]', 'message 1 must have "role" and "content"'),
        ('[{"role": "user", "content": "a", "name": "b"}]', "nothing else"),
        ('[{"role": "user", "content": null}]', "content of message 1 is no string"),
        ('[{"role": "user", "content": [{"text": "a"}]}]', "content of message 1 is no string"),
        ('[{"role": "user", "content": " \\n"}]', "content of message 1 is blank"),
        ('[{"role": "user", "content": "\\ud83d"}]', "message 1 is no valid Unicode"),
        (said("tool"), "message 1 has the role 'tool'; there are system, user, assistant"),
        (said("user", "system", "user"), "message 2 is the system's, but .* only be the first"),
        (said("system", "system", "user"), "message 2 is the system's, but .* only be the first"),
        (said("user", "user"), "message 2 is the user's, and so is the one before"),
        (said("user", "assistant", "assistant", "user"), "message 3 is the assistant's, and so"),
        (said("assistant", "user"), "message 1 is the assistant's, but nothing was asked"),
        (said("system", "assistant", "user"), "message 2 is the assistant's, but nothing"),
        (said("user", "assistant"), "the last message is the assistant's"),
        (said("system"), "the last message is the system's"),
    ],
)
def test_an_impossible_conversation_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(InvalidRequest, match=reason):
        read_messages(text)
