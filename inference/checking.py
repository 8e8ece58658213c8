"""Whether sampling settings make sense; asked of requests, and of cards when they are read."""

import math

from inference.engine import Sampling
from inference.errors import InvalidRequest


def check_sampling(sampling: Sampling) -> None:
    """Raises InvalidRequest for settings that make no sense."""
    rules = (
        (math.isfinite(sampling.temperature) and sampling.temperature >= 0, "temperature"),
        (0 < sampling.top_p <= 1, "top_p"),
        (sampling.top_k >= 0, "top_k"),
        (
            math.isfinite(sampling.repetition_penalty) and sampling.repetition_penalty > 0,
            "repetition_penalty",
        ),
        (sampling.max_new_tokens >= 1, "max_new_tokens"),
        (0 <= sampling.min_new_tokens <= sampling.max_new_tokens, "min_new_tokens"),
        (all(sampling.stop), "stop"),
    )
    for holds, name in rules:
        if not holds:
            raise InvalidRequest(f"{name} makes no sense: {getattr(sampling, name)!r}")
