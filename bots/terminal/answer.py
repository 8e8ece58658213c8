"""The answer that the person at the terminal waits for."""

import asyncio
import time

from bots.terminal.paper import Paper
from bots.words import about_reply
from broker.conversation import Snapshot
from broker.messages import Outcome, Reply, ReplyDelta, Turn


class Answer:
    """Shows one answer as it comes, each character once, and ends with its outcome.

    Pieces may be lost or come twice, and after a worker's death another begins anew.
    """

    def __init__(self, message_id: str, language: str, paper: Paper) -> None:
        self._message_id = message_id
        self.language = language
        self._paper = paper
        self._reply_id = ""
        self._shown = ""
        self._sign_at = time.monotonic()
        self._outcome: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()

    async def outcome(self) -> Outcome:
        """Wait for the end."""
        return await asyncio.shield(self._outcome)

    @property
    def reply_id(self) -> str:
        """Of the answer that is being shown; "" before its first sign."""
        return self._reply_id

    @property
    def silent_s(self) -> float:
        """Seconds since it was asked for, or since its latest piece."""
        return time.monotonic() - self._sign_at

    def show_delta(self, delta: ReplyDelta) -> bool:
        """Show a piece; False when pieces before it are missing."""
        self._begin(delta.reply_id)
        if delta.offset > len(self._shown):
            return False
        self._show(self._shown[: delta.offset] + delta.text)
        return True

    def show_reply(self, reply: Reply) -> None:
        """The end, if the reply is to our message."""
        if self._message_id in reply.message_ids and not self._outcome.done():
            self._begin(reply.reply_id)
            self._end(reply.text, about_reply(reply), reply.outcome)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """What was missed, read from the conversation."""
        for turn in snapshot.turns:
            if any(said.message_id == self._message_id for said in turn.said):
                self._show_turn(turn)
        if snapshot.partial:
            self._begin(snapshot.partial_id)
            self._show(snapshot.partial)

    def _show_turn(self, turn: Turn) -> None:
        if not self._outcome.done():
            self._begin(turn.reply_id)
            self._end(turn.text, about_reply(turn, self.language), turn.outcome)

    def _begin(self, reply_id: str) -> None:
        self._sign_at = time.monotonic()
        if self._reply_id != reply_id:
            if self._shown and self._paper.streams:
                self._paper.write("\n")
            self._reply_id, self._shown = reply_id, ""

    def _show(self, text: str) -> None:
        """Show what of the text so far is new."""
        if self._outcome.done() or not self._paper.streams or len(text) <= len(self._shown):
            return
        self._paper.write(text[len(self._shown) :])
        self._shown = text

    def _end(self, text: str, remarks: tuple[str, ...], outcome: Outcome) -> None:
        # What was shown is the beginning of the text, unless pieces were lost for good.
        rest = text[len(self._shown) :] if text.startswith(self._shown) else "\n" + text
        self._paper.write(rest)
        self._paper.end()
        for remark in remarks:
            self._paper.remark(remark)
        self._outcome.set_result(outcome)
