"""What comes over the wire while an answer is written: server-sent events, a JSON object each."""

import json
from dataclasses import dataclass

from inference.remote.failures import Failure, of_words, words_of

DONE = b"[DONE]"


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the server counts them."""

    prompt_tokens: int
    completion_tokens: int


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of text, why the answer ended, how many tokens it took: each may be missing."""

    text: str = ""
    finish_reason: str = ""
    usage: Usage | None = None


def event_data(line: bytes) -> bytes:
    """The data of a line of server-sent events; empty for comments and everything else."""
    return line[5:].strip() if line.startswith(b"data:") else b""


def read_chunk(data: bytes) -> Chunk:
    """Read the data of one event, of either form of completions.

    Raises Failure when the server reports an error in it, or when it is not what it should be.
    """
    try:
        content: object = json.loads(data)
    except ValueError:
        raise Failure("the server sent a malformed event") from None
    if not isinstance(content, dict):
        raise Failure("the server sent a malformed event")
    if content.get("error"):
        raise _error(content, data)
    choices = content.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else {}
    if not isinstance(choice, dict):
        raise Failure("the server sent a malformed event")
    delta = choice.get("delta")
    text = delta.get("content") if isinstance(delta, dict) else choice.get("text")
    reason = choice.get("finish_reason")
    return Chunk(
        text if isinstance(text, str) else "",
        reason if isinstance(reason, str) else "",
        _usage(content.get("usage")),
    )


def _error(content: dict[str, object], data: bytes) -> Failure:
    error = content["error"]
    code = error.get("code") if isinstance(error, dict) else None
    if code in (400, 413, 422):
        return of_words(words_of(data), "an error within the stream")
    return Failure("an error within the stream", words_of(data))


def _usage(content: object) -> Usage | None:
    if not isinstance(content, dict):
        return None
    prompt, completion = content.get("prompt_tokens"), content.get("completion_tokens")
    if isinstance(prompt, int) and isinstance(completion, int):
        return Usage(prompt, completion)
    return None
