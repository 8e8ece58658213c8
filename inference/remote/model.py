"""One model as its servers serve it: what all requests have in common."""

from collections.abc import Sequence

from inference.cards import ModelCard
from inference.engine import Sampling
from inference.remote.dialect import DIALECTS, sampling_fields
from inference.remote.endpoint import Endpoint
from inference.remote.estimate import Estimate
from inference.remote.options import RemoteOptions
from inference.remote.prompts import Prompt, Prompts

UNKNOWN_CONTEXT_TOKENS = 4096
"""Taken when neither card nor server says."""


class RemoteModel:
    """`endpoints` serve it; `estimate` learns from all of them."""

    def __init__(
        self,
        card: ModelCard,
        options: RemoteOptions,
        prompts: Prompts,
        endpoints: Sequence[Endpoint],
    ) -> None:
        self.card = card
        self.options = options
        self.prompts = prompts
        self.endpoints = tuple(endpoints)
        self.dialect = DIALECTS[options.serving.server]
        self.estimate = Estimate()

    @property
    def context_tokens(self) -> int:
        """What every server that is there reads."""
        present = [self.context_of(one) for one in self.endpoints if one.present]
        return min(present, default=self.card.context_tokens or UNKNOWN_CONTEXT_TOKENS)

    def context_of(self, server: Endpoint) -> int:
        """How many tokens this server reads, prompt and answer together."""
        if self.options.context_tokens:
            return self.options.context_tokens
        said = [n for n in (self.card.context_tokens, server.context_tokens) if n]
        return min(said, default=UNKNOWN_CONTEXT_TOKENS)

    def body(
        self, server: Endpoint, prompt: Prompt, sampling: Sampling, max_tokens: int
    ) -> dict[str, object]:
        """A request for a streamed answer."""
        return {
            "model": server.model,
            **prompt.fields,
            "stream": True,
            "stream_options": {"include_usage": True},
            **sampling_fields(sampling, max_tokens, self.dialect),
            **self.options.extra,
        }
