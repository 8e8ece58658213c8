"""Questions that their users deleted before they were answered: nothing is said about them."""

from broker.messages import Address, Reply
from broker.preferences import Notes

KEEP_S = 3600.0


class TakenBack:
    """Remembers them until their reply comes. Raises RedisUnavailable."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes

    async def note(self, address: Address, message_id: str) -> None:
        """This message is gone."""
        await self._notes.write(_note(address, message_id), "1", KEEP_S)

    async def has(self, address: Address, message_id: str) -> bool:
        return bool(await self._notes.read(_note(address, message_id)))

    async def all_of(self, reply: Reply) -> bool:
        """Whether nobody waits for what this reply says."""
        if reply.outcome != "stopped" or not reply.message_ids:
            return False
        for message_id in reply.message_ids:
            if not await self.has(reply.address, message_id):
                return False
        return True


def _note(address: Address, message_id: str) -> str:
    return f"gone:{address.conversation_id}:{message_id}"
