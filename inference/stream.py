"""One request's answer on its way from the thread that makes it to its consumer."""

from collections.abc import Callable, Iterator
from queue import SimpleQueue

from inference.engine import Completion, TextPiece
from inference.errors import InferenceError


class QueuedStream:
    """The engine's thread puts, one consumer iterates, any thread cancels."""

    def __init__(self, on_cancel: Callable[[], None] = lambda: None) -> None:
        """`on_cancel` is called by whoever cancels, in his thread."""
        self._arrivals: SimpleQueue[TextPiece | Completion | InferenceError] = SimpleQueue()
        self._on_cancel = on_cancel
        self._cancelled = False
        self._completion: Completion | None = None

    def __iter__(self) -> Iterator[TextPiece]:
        while self._completion is None:
            arrival = self._arrivals.get()
            if isinstance(arrival, InferenceError):
                self._arrivals.put(arrival)  # a second iteration fails likewise, and never waits
                raise arrival
            if isinstance(arrival, Completion):
                self._completion = arrival
            else:
                yield arrival

    def cancel(self) -> None:
        """Seen by an engine that looks between two steps, told to one that waits."""
        self._cancelled = True
        self._on_cancel()

    @property
    def cancelled(self) -> bool:
        return self._cancelled

    @property
    def completion(self) -> Completion:
        if self._completion is None:
            raise RuntimeError("the stream has not ended")
        return self._completion

    def put(self, arrival: TextPiece | Completion | InferenceError) -> None:
        """Hand on a piece, or the end: a completion or an error. For the engine alone."""
        self._arrivals.put(arrival)
