"""Requests as each kind of server understands them: beyond OpenAI's fields they differ."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from inference.engine import Sampling
from inference.remote.options import ServerKind

MOST_STOPS = 4
"""OpenAI's and TGI's limit; further stop strings are heeded here alone."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """`names` are a server's names of our sampling settings that OpenAI does not know.

    `nested`: they go as JSON text in the field of that name. `tokenizes`: there is a /tokenize.
    """

    names: Mapping[str, str]
    nested: str = ""
    tokenizes: bool = False


_OURS = {name: name for name in ("top_k", "repetition_penalty", "min_new_tokens")}

DIALECTS: Mapping[ServerKind, Dialect] = {
    "vllm": Dialect({**_OURS, "min_new_tokens": "min_tokens"}, tokenizes=True),
    # It samples only when its own settings say so, whatever the temperature.
    "transformers": Dialect({**_OURS, "do_sample": "do_sample"}, "generation_config"),
    "llamacpp": Dialect({"top_k": "top_k", "repetition_penalty": "repeat_penalty"}),
    "tgi": Dialect({}),
    "ollama": Dialect({}),
    "openai": Dialect({}),
}


def sampling_fields(sampling: Sampling, max_tokens: int, dialect: Dialect) -> dict[str, object]:
    """The fields of a request that say how to choose tokens. What is off is not sent."""
    fields: dict[str, object] = {"temperature": sampling.temperature, "max_tokens": max_tokens}
    if sampling.temperature > 0 and sampling.top_p < 1:
        fields["top_p"] = sampling.top_p
    if sampling.seed is not None:
        fields["seed"] = sampling.seed
    if sampling.stop:
        fields["stop"] = list(sampling.stop[:MOST_STOPS])
    wished = _wished(sampling)
    if sampling.temperature > 0:
        wished["do_sample"] = True
    own = {theirs: wished[ours] for ours, theirs in dialect.names.items() if ours in wished}
    if own and dialect.nested:
        return {**fields, dialect.nested: json.dumps(own)}
    return {**fields, **own}


def not_known(sampling: Sampling, dialect: Dialect) -> list[str]:
    """Settings that are wished and that the server has no field for."""
    return [name for name in _wished(sampling) if name not in dialect.names]


def _wished(sampling: Sampling) -> dict[str, float]:
    """What OpenAI's fields do not cover, unless it is off."""
    wished: dict[str, float] = {}
    if sampling.temperature > 0 and sampling.top_k:
        wished["top_k"] = sampling.top_k
    if sampling.repetition_penalty != 1:
        wished["repetition_penalty"] = sampling.repetition_penalty
    if sampling.min_new_tokens:
        wished["min_new_tokens"] = sampling.min_new_tokens
    return wished
