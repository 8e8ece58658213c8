"""The turns that this process is running, and how they are interrupted from outside."""

import threading
import time
from typing import Literal

from broker.claims import Claim
from inference.engine import CompletionStream
from workers.transcript import next_question

Interruption = Literal["stop", "merge", "deadline", "lost", "shutdown", "refused"]


class RunningTurn:
    """One claimed conversation while its answer is made. Interrupted from any thread, once.

    `question` is what it answers, from `is_read` on in the words that the model reads;
    `text` is the answer so far as its user reads it, `original` as the model wrote it;
    `overdue_at` a time of the monotonic clock, in seconds.
    """

    def __init__(self, owner: str, claim: Claim, deadline_s: float) -> None:
        self.owner = owner
        self.claim = claim
        self.overdue_at = time.monotonic() + deadline_s
        self.question = next_question(claim)
        self.is_read = False
        self.text = ""
        self.original = ""
        self._lock = threading.Lock()
        self._interruption: Interruption | None = None
        self._stream: CompletionStream | None = None

    @property
    def interruption(self) -> Interruption | None:
        return self._interruption

    def attach(self, stream: CompletionStream) -> None:
        """From now on an interruption cancels this stream; one that came before does so now."""
        with self._lock:
            self._stream = stream
            cancelled = self._interruption is not None
        if cancelled:
            stream.cancel()

    def interrupt(self, reason: Interruption) -> None:
        with self._lock:
            if self._interruption is not None:
                return
            self._interruption = reason
            stream = self._stream
        if stream is not None:
            stream.cancel()


class RunningTurns:
    """All of them; two turns on one conversation differ in their fences."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._turns: dict[str, RunningTurn] = {}

    def add(self, turn: RunningTurn) -> None:
        with self._lock:
            self._turns[turn.claim.reply_id] = turn

    def remove(self, claim: Claim) -> None:
        """Remove the turn on this claim, if it is there."""
        with self._lock:
            self._turns.pop(claim.reply_id, None)

    def all(self) -> list[RunningTurn]:
        with self._lock:
            return list(self._turns.values())

    def __len__(self) -> int:
        return len(self._turns)
