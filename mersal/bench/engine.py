"""An engine without a model for the benchmark's worker: it answers in one piece, as ordered."""

import threading
from collections.abc import Iterator

from inference.engine import Completion, CompletionRequest, FinishReason, TextPiece
from mersal.bench.order import Order
from mersal.bench.timesheet import Timesheet

MODEL = "echo"
PIECE_S = 0.05  # between two pieces of an answer that takes long


class PromptEngine:
    """Stamps the message's row and says the message again after the ordered delay."""

    model_id = MODEL
    context_tokens = 8192

    def __init__(self, sheet: Timesheet) -> None:
        self._sheet = sheet

    def submit(self, request: CompletionRequest) -> "PromptStream":
        text = request.messages[-1].content
        order = Order.from_text(text)
        self._sheet.stamp(order.index)
        return PromptStream(order, text)

    def close(self) -> None:
        """Nothing to close."""


class PromptStream:
    """One answer: in one piece, or, as long as it takes, in pieces until it is cancelled."""

    def __init__(self, order: Order, text: str) -> None:
        self._left_s = order.delay_ms / 1000
        self._text = text
        self._said = ""
        self._cancelled = threading.Event()

    def __iter__(self) -> Iterator[TextPiece]:
        while self._left_s > 0 and not self._cancelled.wait(min(self._left_s, PIECE_S)):
            self._left_s -= PIECE_S
            if self._left_s > 0:
                yield self._say("so ")
        if not self._cancelled.is_set():
            yield self._say(self._text)

    def cancel(self) -> None:
        self._cancelled.set()

    @property
    def completion(self) -> Completion:
        reason: FinishReason = "cancelled" if self._cancelled.is_set() else "stop"
        return Completion(self._said, reason, 1, 1)

    def _say(self, text: str) -> TextPiece:
        self._said += text
        return TextPiece(text, 1)
