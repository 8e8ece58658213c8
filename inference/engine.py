"""What generates: the protocol between a worker and a model.

A worker's threads submit requests; one engine computes them side by side. Each request
has a stream of its own; a request that fails or is cancelled never disturbs another.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, Protocol

FinishReason = Literal["stop", "length", "cancelled"]
Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message of the conversation as the model is to see it."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the next token is chosen; the defaults are greedy.

    temperature 0 means greedy; top_k 0, top_p 1 and repetition_penalty 1 mean off.
    With a seed, the same request gives the same text whatever else is in the batch.
    `stop` strings end the text and are never shown. Before `min_new_tokens` the model's own
    end tokens are not chosen; a stop string still ends the text.
    """

    temperature: float = 0.0
    top_p: float = 1.0
    top_k: int = 0
    repetition_penalty: float = 1.0
    max_new_tokens: int = 256
    min_new_tokens: int = 0
    seed: int | None = None
    stop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CompletionRequest:
    """`messages` start with an optional system text and end with the newest user message.

    `user` stands for who asks, in whatever words; engines only compare it, to share the time
    of computing fairly among users. `cuts`: a newest message that is longer than the context
    window loses its middle; otherwise it raises PromptTooLong.
    """

    messages: tuple[ChatMessage, ...]
    sampling: Sampling = field(default_factory=Sampling)
    user: str = ""
    cuts: bool = False


@dataclass(frozen=True, slots=True)
class TextPiece:
    """A piece of the answer: whole characters only, never half a letter or part of a stop string.

    `tokens` counts the completion's tokens so far, this piece included.
    """

    text: str
    tokens: int


@dataclass(frozen=True, slots=True)
class Completion:
    """What was generated. `dropped_turns` old turns did not fit the context window; `cut`: nor
    did the newest message, of which the model read the beginning and the end."""

    text: str
    finish_reason: FinishReason
    prompt_tokens: int
    completion_tokens: int
    dropped_turns: int = 0
    cut: bool = False


class CompletionStream(Protocol):
    """One request's answer on its way. Consumed by one thread; cancel comes from any."""

    def __iter__(self) -> Iterator[TextPiece]:
        """Yield pieces until the answer ends. Raises EngineError when it could not be made."""

    def cancel(self) -> None:
        """Ask the engine to stop; the stream then ends with finish reason "cancelled"."""

    @property
    def completion(self) -> Completion:
        """The whole answer; only after iteration has ended."""


class Engine(Protocol):
    """A loaded model. `submit` is safe from any thread and returns at once."""

    @property
    def model_id(self) -> str: ...

    @property
    def context_tokens(self) -> int: ...

    def submit(self, request: CompletionRequest) -> CompletionStream:
        """Start a completion. Raises PromptTooLong or InvalidRequest before anything runs."""

    def close(self) -> None:
        """Stop computing; open streams end with an EngineError."""
