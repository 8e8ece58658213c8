"""What a remote engine is told: where the servers are, and how patient to be with them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

ServerKind = Literal["vllm", "tgi", "transformers", "ollama", "llamacpp", "openai"]
PromptsBy = Literal["auto", "messages", "completions"]


@dataclass(frozen=True, slots=True)
class Serving:
    """Where a model is served, and how it is asked for.

    `endpoints` are base addresses such as http://host:8000/v1. `model` is the model's name
    there; empty: the server is asked. `prompts`: conversations go as messages, or written out
    by our catalog; "auto" writes out what no server has a template for.
    """

    endpoints: tuple[str, ...]
    model: str = ""
    server: ServerKind = "vllm"
    prompts: PromptsBy = "auto"


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
