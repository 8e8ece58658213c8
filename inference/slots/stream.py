"""One request's answer on its way from the engine thread to its consumer."""

from collections.abc import Iterator
from queue import SimpleQueue

from inference.engine import Completion, TextPiece
from inference.errors import EngineError


class SlotStream:
    """The engine thread puts, one consumer iterates, any thread cancels."""

    def __init__(self) -> None:
        self._arrivals: SimpleQueue[TextPiece | Completion | EngineError] = SimpleQueue()
        self._cancelled = False
        self._completion: Completion | None = None

    def __iter__(self) -> Iterator[TextPiece]:
        while self._completion is None:
            arrival = self._arrivals.get()
            if isinstance(arrival, EngineError):
                self._arrivals.put(arrival)  # a second iteration fails likewise, and never waits
                raise arrival
            if isinstance(arrival, Completion):
                self._completion = arrival
            else:
                yield arrival

    def cancel(self) -> None:
        # seen by the engine thread between two steps; it never sleeps while a row is open
        self._cancelled = True

    @property
    def cancelled(self) -> bool:
        return self._cancelled

    @property
    def completion(self) -> Completion:
        if self._completion is None:
            raise RuntimeError("the stream has not ended")
        return self._completion

    def put(self, arrival: TextPiece | Completion | EngineError) -> None:
        """Hand on a piece, or the end: a completion or an error. For the engine alone."""
        self._arrivals.put(arrival)
