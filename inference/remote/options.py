"""What a remote engine is told: where the servers are, and how patient to be with them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

ServerKind = Literal["vllm", "tgi", "transformers", "ollama", "llamacpp", "openai"]
PromptsBy = Literal["auto", "messages", "completions"]


@dataclass(frozen=True, slots=True)
class Serving:
    """Where a model is served, and how it is asked for.

    `endpoints` are base addresses such as http://host:8000/v1; without a path /v1 is added. It
    is a ValueError when one is none, or holds a user's name or a key. `model` is the model's name
    there; empty: the server is asked. `prompts`: conversations go as messages, or written out
    by our catalog; "auto" writes out what no server has a template for.
    """

    endpoints: tuple[str, ...]
    model: str = ""
    server: ServerKind = "vllm"
    prompts: PromptsBy = "auto"

    def __post_init__(self) -> None:
        object.__setattr__(self, "endpoints", tuple(map(_base_address, self.endpoints)))


def _base_address(url: str) -> str:
    parts = urlsplit(url)
    try:
        known = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # of a port that is no number
        known = False
    if not known:
        raise ValueError(f"{url!r} should look like http://host:8000/v1")
    if parts.username or parts.query or parts.fragment:
        raise ValueError(f"{parts.hostname}: an address without key, query and fragment is wanted")
    return url.rstrip("/") + ("" if parts.path.strip("/") else "/v1")


@dataclass(frozen=True, slots=True)
class RemoteOptions:
    """Durations are in seconds.

    `context_tokens` 0 means what the card or the server says. `extra` are further fields of
    every request. `whole_s` is for one answer, all its tries together; `start_s` is how long a
    first server may take to come.
    """

    serving: Serving
    api_key: str = field(default="", repr=False)
    context_tokens: int = 0
    extra: Mapping[str, object] = field(default_factory=dict)
    connect_s: float = 10.0
    first_token_s: float = 60.0
    between_tokens_s: float = 30.0
    whole_s: float = 300.0
    retries: int = 4
    health_every_s: float = 10.0
    start_s: float = 300.0
