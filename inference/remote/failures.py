"""How a try at a server can fail, and what its words mean.

`reason` is ours and may be logged. `detail` is the server's: it may hold what a user wrote, so
it is shown only for questions of our own.
"""

import json
import re


class Failure(Exception):
    """Base: this try brought no answer, another may. The server itself may be well."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


class Gone(Failure):
    """Raised when the server cannot be reached, or its proxy cannot reach it."""


class Busy(Failure):
    """Raised when the server asks to come again in `wait_s` seconds."""

    def __init__(self, reason: str, wait_s: float) -> None:
        super().__init__(reason)
        self.wait_s = wait_s


class Misfit(Failure):
    """Raised when the server will not serve us as we are set up: the key, the model, the path."""


class Refused(Failure):
    """Raised when the server finds the request itself bad; so would any other."""


class TooLong(Refused):
    """Raised when prompt and answer together do not fit the server's window."""


SHORTEST_WAIT_S = 0.2
DEFAULT_WAIT_S = 1.0
LONGEST_WAIT_S = 30.0

# vLLM, SGLang, TGI, llama.cpp and OpenAI say it in words, each in its own.
_TOO_LONG = re.compile(
    r"context.?(length|window|size)|maximum model length|max_model_len|tokens`? must be <=|"
    r"must have less than \d+ tokens|prompt is too long|max_tokens must be at least",
    re.IGNORECASE,
)


def of_status(status: int, body: bytes, retry_after: str | None = None) -> Failure:
    """What an answer other than 200 means. `retry_after`: the header, in seconds."""
    reason, detail = f"HTTP {status}", words_of(body)
    if status in (400, 413, 422):
        return of_words(detail, reason)
    if status in (401, 403, 404, 405):
        return Misfit(reason, detail)
    if status == 429 or (status == 503 and retry_after):
        return Busy(reason, _seconds(retry_after))
    if status in (502, 503, 504):
        return Gone(reason, detail)
    if 300 <= status < 400:
        return Misfit(f"{reason}, a redirection", detail)
    return Failure(reason, detail)


def of_words(detail: str, reason: str) -> Refused:
    """Whether a refusal is about the length."""
    return TooLong(reason, detail) if _TOO_LONG.search(detail) else Refused(reason, detail)


def words_of(body: bytes) -> str:
    """The server's own words of what is wrong, wherever in the body it puts them."""
    text = body.decode("utf-8", "replace").strip()
    try:
        found: object = json.loads(text)
    except ValueError:
        return text[:500]
    for key in ("error", "detail", "message"):
        if isinstance(found, dict) and key in found:
            found = found[key]
    if isinstance(found, dict):
        found = json.dumps(found)
    return str(found)[:500]


def _seconds(header: str | None) -> float:
    """A date, which the header may hold as well, counts as no number."""
    try:
        return min(max(float(header or ""), SHORTEST_WAIT_S), LONGEST_WAIT_S)
    except ValueError:
        return DEFAULT_WAIT_S
