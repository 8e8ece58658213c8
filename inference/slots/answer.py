"""A row's way out: its tokens become text pieces, a completion or an error on its stream."""

from inference.engine import Completion, FinishReason, TextPiece
from inference.errors import EngineError
from inference.slots.row import Row
from inference.slots.text import TextAssembler
from inference.stream import QueuedStream


class Answer:
    """One row, the text made of its tokens, and the stream that it goes out on."""

    def __init__(
        self, row: Row, text: TextAssembler, stream: QueuedStream, end_ids: frozenset[int]
    ) -> None:
        self.row = row
        self.stream = stream
        self._text = text
        self._end_ids = end_ids

    def extend(self, token: int) -> bool:
        """Take the next token; whether it was the last one."""
        self.row.ids.append(token)
        if token in self._end_ids:
            return self._finish("stop")
        self._put(self._text.add(token))
        if self._text.stopped:
            return self._finish("stop")
        if self.row.completion_tokens >= self.row.max_new_tokens:
            return self._finish("length")
        return False

    def cancel(self) -> None:
        self._complete("cancelled")

    def fail(self, error: EngineError) -> None:
        self.stream.put(error)

    def _finish(self, reason: FinishReason) -> bool:
        self._put(self._text.finish())
        self._complete(reason)
        return True

    def _put(self, text: str) -> None:
        if text:
            self.stream.put(TextPiece(text, self.row.completion_tokens))

    def _complete(self, reason: FinishReason) -> None:
        row = self.row
        self.stream.put(
            Completion(
                self._text.shown,
                reason,
                row.prompt_tokens,
                row.completion_tokens,
                row.dropped_turns,
                row.cut,
            )
        )
