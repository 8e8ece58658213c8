"""The terminal as a channel of the relay."""

from bots.terminal.answer import Answer
from broker.conversation import Conversations
from broker.errors import RedisUnavailable, ScriptFailed
from broker.messages import Address, Reply, ReplyDelta


class TerminalChannel:
    """Shows what belongs to our conversation.

    Several people may have a terminal open on one Redis. Whichever process reads a reply
    acknowledges it, the others see it live; whose terminal is closed finds it in the history.
    """

    def __init__(self, address: Address, conversations: Conversations) -> None:
        self._address = address
        self._conversations = conversations
        self.awaited: Answer | None = None

    async def deliver(self, reply: Reply) -> None:
        await self.show(reply)

    async def show(self, event: ReplyDelta | Reply) -> None:
        if self.awaited is None:
            return
        if isinstance(event, Reply):
            if event.address == self._address:
                self.awaited.show_reply(event)
        elif event.conversation_id == self._address.conversation_id:
            if not self.awaited.show_delta(event):
                await self.catch_up()

    async def catch_up(self) -> None:
        if self.awaited is None:
            return
        try:
            snapshot = await self._conversations.snapshot(self._address)
        except (RedisUnavailable, ScriptFailed):  # the live view comes back with another call
            return
        self.awaited.show_snapshot(snapshot)
