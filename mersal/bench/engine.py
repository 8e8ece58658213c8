"""An engine without a model for the benchmark's worker: it answers in one piece, as ordered."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from inference.engine import Completion, CompletionRequest, TextPiece
from mersal.bench.order import Order
from mersal.bench.timesheet import Timesheet

MODEL = "echo"


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


@dataclass(frozen=True, slots=True)
class PromptStream:
    """One answer; nobody cancels a benchmark."""

    order: Order
    text: str

    def __iter__(self) -> Iterator[TextPiece]:
        if self.order.delay_ms:
            time.sleep(self.order.delay_ms / 1000)
        yield TextPiece(self.text, 1)

    def cancel(self) -> None:
        """Too short to be worth it."""

    @property
    def completion(self) -> Completion:
        return Completion(self.text, "stop", 1, 1)
