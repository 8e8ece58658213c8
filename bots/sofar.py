"""The text so far of answers that are being written, put together from their pieces."""

import time
from dataclasses import dataclass

from broker.conversation import Conversations
from broker.messages import Address, ReplyDelta
from broker.text.splitting import steady_end


@dataclass(slots=True)
class _SoFar:
    reply_id: str
    text: str = ""
    shown_at: float = 0.0  # monotonic clock


class TextSoFar:
    """Of one process; at most one answer a conversation."""

    def __init__(self, conversations: Conversations, every_s: float) -> None:
        """`every_s`: the least time between two moments to show an answer."""
        self._conversations = conversations
        self._every_s = every_s
        self._texts: dict[str, _SoFar] = {}

    def forget(self, conversation_id: str) -> None:
        """The reply is being delivered."""
        self._texts.pop(conversation_id, None)

    async def take(self, delta: ReplyDelta) -> str:
        """Take a piece; the text so far when it is time to show it, else "". A link or a number
        at its end waits until it is whole.

        Pieces that are missing are read from the conversation. Raises RedisUnavailable.
        """
        known = self._texts.get(delta.conversation_id)
        if known is None or known.reply_id != delta.reply_id:
            known = self._texts[delta.conversation_id] = _SoFar(delta.reply_id)
        if delta.offset == len(known.text):
            known.text += delta.text
        else:
            address = Address.of_conversation(delta.conversation_id)
            snapshot = await self._conversations.snapshot(address, turns=1)
            if snapshot.partial_id == delta.reply_id:
                known.text = snapshot.partial
        if time.monotonic() - known.shown_at < self._every_s:
            return ""
        steady = known.text[: steady_end(known.text)]
        if not steady.strip():
            return ""
        known.shown_at = time.monotonic()
        return steady
