"""An answer on its way to its user: past the safeguards, into his letters, shown as it grows."""

import logging
import time
from collections.abc import Callable

from broker.claims import Claim
from broker.errors import BrokerError
from broker.messages import ReplyDelta
from workers.guard import Guard
from workers.letters import Letters
from workers.running import RunningTurn

logger = logging.getLogger(__name__)

Publish = Callable[[Claim, ReplyDelta], bool]

# Pieces are shown at most this often: faster than reading, slower than tokens.
SHOW_EVERY_S = 0.04


class Telling:
    """Grows the texts of one running turn; interrupts it where the safeguards end the answer, and
    where its lease is lost."""

    def __init__(self, turn: RunningTurn, guard: Guard, letters: Letters, publish: Publish) -> None:
        self._turn = turn
        self._guard = guard
        self._letters = letters
        self._publish = publish
        self._shown = 0
        # An answer that is there at once needs no preview.
        self._shown_at = time.monotonic()

    def feed(self, piece: str) -> None:
        """Take the next piece of what the model writes."""
        self._take(self._guard.feed(piece))
        if self._guard.refusal:
            self._turn.interrupt("refused")
        now = time.monotonic()
        if now - self._shown_at >= SHOW_EVERY_S and self._turn.interruption is None:
            self._shown_at = now
            self._show()

    def end(self) -> None:
        """No more comes."""
        self._take(self._guard.end())
        self._turn.text += self._letters.end()

    def _take(self, allowed: str) -> None:
        self._turn.original += allowed
        self._turn.text += self._letters.feed(allowed)

    def _show(self) -> None:
        claim, text = self._turn.claim, self._turn.text
        if len(text) == self._shown:
            return
        delta = ReplyDelta(claim.conversation_id, claim.reply_id, self._shown, text[self._shown :])
        try:
            if not self._publish(claim, delta):
                self._turn.interrupt("lost")
        except BrokerError as error:
            logger.debug("delta not shown: %s", error, extra={"reply": claim.reply_id})
            return
        self._shown = len(text)
