"""An engine without a model: it answers with the user's own words. For tests and benchmarks.

A test that needs an engine which misbehaves subclasses it and overrides `answer` or `words`.
"""

import re
import threading
import weakref
from collections.abc import Iterator
from dataclasses import replace

from inference.engine import Completion, CompletionRequest, FinishReason, TextPiece
from inference.errors import EngineError, InvalidRequest, PromptTooLong

_WORD = re.compile(r"\S+\s*|\s+")


class EchoEngine:
    """Repeats the newest user message word by word; a word counts as one token.

    `prefix` is put before the answer. `delay_s` is how long a whole answer takes, spread
    evenly over its words; it is spent in the consumer's thread, so any number run side by side.
    """

    def __init__(
        self,
        model_id: str = "echo",
        prefix: str = "",
        delay_s: float = 0.0,
        context_tokens: int = 8192,
    ) -> None:
        self._model_id = model_id
        self._prefix = prefix
        self._delay_s = delay_s
        self._context_tokens = context_tokens
        self._closed = threading.Event()
        self._open: weakref.WeakSet[EchoStream] = weakref.WeakSet()
        self._open_lock = threading.Lock()

    @property
    def model_id(self) -> str:
        return self._model_id

    @property
    def context_tokens(self) -> int:
        return self._context_tokens

    @property
    def delay_s(self) -> float:
        return self._delay_s

    @property
    def closed(self) -> bool:
        return self._closed.is_set()

    def submit(self, request: CompletionRequest) -> "EchoStream":
        """Start an answer. Raises InvalidRequest, PromptTooLong, or EngineError when closed."""
        if not request.messages or request.messages[-1].role != "user":
            raise InvalidRequest("the last message must be the user's")
        too_long = len(request.messages[-1].content.split()) > self._context_tokens
        if too_long and not request.cuts:
            raise PromptTooLong("the newest message alone does not fit the context window")
        if too_long:
            request = _cut(request, self._context_tokens)
        stream = EchoStream(self, request, cut=too_long)
        with self._open_lock:
            if self.closed:
                raise EngineError("the engine is closed")
            self._open.add(stream)
        return stream

    def close(self) -> None:
        """End open streams with an EngineError and refuse new requests."""
        with self._open_lock:
            self._closed.set()
            streams = list(self._open)
        for stream in streams:
            stream.wake()

    def answer(self, request: CompletionRequest) -> str:
        """The whole text of the answer. Override it to answer otherwise."""
        return self._prefix + request.messages[-1].content

    def words(self, answer: str) -> Iterator[str]:
        """The answer piece by piece. Override it to fail or to hang on the way."""
        return (match.group() for match in _WORD.finditer(answer))


class EchoStream:
    """One echo on its way; computed in the thread that iterates."""

    def __init__(self, engine: EchoEngine, request: CompletionRequest, cut: bool) -> None:
        self._engine = engine
        self._cut = cut
        self._request = request
        self._cancelled = False
        self._woken = threading.Event()
        self._completion: Completion | None = None

    def __iter__(self) -> Iterator[TextPiece]:
        if self._completion is not None:
            return
        answer = self._engine.answer(self._request)
        pause_s = self._engine.delay_s / max(1, len(answer.split()))
        limit = self._request.sampling.max_new_tokens
        text, count = "", 0
        reason: FinishReason = "stop"
        for word in self._engine.words(answer):
            if count == limit:
                reason = "length"
                break
            if self._interrupted(pause_s):
                reason = "cancelled"
                break
            text += word
            count += 1
            yield TextPiece(word, count)
        self._completion = Completion(text, reason, self._prompt_tokens(), count, cut=self._cut)

    def cancel(self) -> None:
        self._cancelled = True
        self._woken.set()

    def wake(self) -> None:
        """Cut a pause short, because the engine was closed."""
        self._woken.set()

    @property
    def completion(self) -> Completion:
        if self._completion is None:
            raise RuntimeError("the stream has not ended")
        return self._completion

    def _interrupted(self, pause_s: float) -> bool:
        if pause_s:
            self._woken.wait(pause_s)
        if self._engine.closed:
            raise EngineError("the engine was closed while it was answering")
        return self._cancelled

    def _prompt_tokens(self) -> int:
        return sum(len(message.content.split()) for message in self._request.messages)


def _cut(request: CompletionRequest, words: int) -> CompletionRequest:
    """The newest message's first and last words, `words` in all."""
    *before, newest = request.messages
    spoken = newest.content.split()
    kept = [*spoken[: words - words // 2], "[…]", *spoken[len(spoken) - words // 2 :]]
    return replace(request, messages=(*before, replace(newest, content=" ".join(kept))))
