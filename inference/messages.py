"""A conversation as somebody writes it down, JSON, read without mercy."""

import json
from typing import cast

from inference.engine import ChatMessage, Role
from inference.errors import InvalidRequest

ROLES = ("system", "user", "assistant")
EXAMPLE = '[{"role": "user", "content": "سلام"}]'


def read_messages(text: str | bytes) -> tuple[ChatMessage, ...]:
    """The messages of a JSON array, UTF-8, in the only order that models know.

    That is an optional system text, then user and assistant in turns, ending with the user.
    Raises InvalidRequest, which says what is wrong with which message, counted from 1.
    """
    try:
        parsed = json.loads(text.decode("utf-8-sig") if isinstance(text, bytes) else text)
    except UnicodeDecodeError:
        raise InvalidRequest("not UTF-8") from None
    except (ValueError, RecursionError) as error:
        raise InvalidRequest(f"not JSON: {error}; write {EXAMPLE}") from None
    if not isinstance(parsed, list):
        raise InvalidRequest(f"not an array of messages; write {EXAMPLE}")
    if not parsed:
        raise InvalidRequest(f"there is no message; write {EXAMPLE}")
    messages = tuple(_message(number, one) for number, one in enumerate(parsed, 1))
    _check_order(messages)
    return messages


def _message(number: int, value: object) -> ChatMessage:
    if not isinstance(value, dict) or set(value) != {"role", "content"}:
        raise InvalidRequest(f'message {number} must have "role" and "content" and nothing else')
    role, content = value["role"], value["content"]
    if role not in ROLES:
        raise InvalidRequest(
            f"message {number} has the role {role!r}; there are {', '.join(ROLES)}"
        )
    if not isinstance(content, str):
        raise InvalidRequest(f"the content of message {number} is no string")
    if not content.strip():
        raise InvalidRequest(f"the content of message {number} is blank")
    try:
        content.encode()
    except UnicodeEncodeError:  # half of a pair of surrogates
        raise InvalidRequest(f"the content of message {number} is no valid Unicode") from None
    return ChatMessage(cast(Role, role), content)


def _check_order(messages: tuple[ChatMessage, ...]) -> None:
    before = "start"
    for number, message in enumerate(messages, 1):
        trouble = _misplaced(message.role, before)
        if trouble:
            raise InvalidRequest(f"message {number} is the {message.role}'s, {trouble}")
        before = message.role
    if before != "user":
        raise InvalidRequest(
            f"the last message is the {before}'s: a prompt ends with the user's, which the "
            "model is to answer"
        )


def _misplaced(role: Role, before: str) -> str:
    if role == "system":
        return "" if before == "start" else "but a system text can only be the first message"
    if role == before:
        other = "assistant" if role == "user" else "user"
        return (
            "and so is the one before: roles alternate, so join the two, or put the "
            f"{other}'s between them"
        )
    if role == "assistant" and before != "user":
        return "but nothing was asked: the first message after the system text is the user's"
    return ""
