"""Questions that their users deleted before they were answered: nothing is said about them."""

from collections.abc import Collection

from bots.talks import Talks
from broker.messages import Address, Reply
from broker.preferences import Notes

KEEP_S = 3600.0


class TakenBack:
    """Remembers those of one channel until their reply comes. Raises RedisUnavailable."""

    def __init__(self, talks: Talks, notes: Notes) -> None:
        self._talks = talks
        self._notes = notes

    async def deleted(self, address: Address, message_ids: Collection[str]) -> bool:
        """Messages are gone: what waits of them is not answered, and an answer to nothing else is
        stopped. Whether nothing is left to answer: then no reply comes."""
        snapshot = await self._talks.conversations.snapshot(address, turns=1)
        for one in snapshot.pending:
            if one.message_id in message_ids or one.replaces in message_ids:
                await self._notes.write(_note(address, one.message_id), "1", KEEP_S)
        asked = {*message_ids, *(one.message_id for one in snapshot.pending)}
        gone = [ident for ident in sorted(asked) if await self._has(address, ident)]
        if not gone:
            return False
        left = await self._talks.inbox.withdraw(address, gone)
        if left == "emptied":
            await self._notes.write(_emptied(address, message_ids), "1", KEEP_S)
        # Idle when asked before: by the same event, if it comes again; else it was answered.
        return left == "emptied" or (
            left == "idle" and bool(await self._notes.read(_emptied(address, message_ids)))
        )

    async def all_of(self, reply: Reply) -> bool:
        """Whether nobody waits for what this reply says."""
        if reply.outcome != "stopped" or not reply.message_ids:
            return False
        for message_id in reply.message_ids:
            if not await self._has(reply.address, message_id):
                return False
        return True

    async def _has(self, address: Address, message_id: str) -> bool:
        return bool(await self._notes.read(_note(address, message_id)))


def _note(address: Address, message_id: str) -> str:
    return f"gone:{address.conversation_id}:{message_id}"


def _emptied(address: Address, message_ids: Collection[str]) -> str:
    return f"emptied:{address.conversation_id}:{','.join(sorted(message_ids))}"
