"""Questions that their users deleted before they were answered: nothing is said about them."""

from bots.asking import nothing_left
from bots.slack.events import Deleted
from bots.talks import Talks
from broker.messages import Address, Reply
from broker.preferences import Notes

KEEP_S = 3600.0


class TakenBack:
    """Remembers them until their reply comes. Raises RedisUnavailable."""

    def __init__(self, talks: Talks, notes: Notes) -> None:
        self._talks = talks
        self._notes = notes

    async def deleted(self, gone: Deleted) -> None:
        """A message is gone: if all that waits for the answer is, the answer is stopped."""
        address, ts = gone.place.address, gone.message_id
        snapshot = await self._talks.conversations.snapshot(address, turns=1)
        for one in snapshot.pending:
            if ts in (one.message_id, one.replaces):
                await self._notes.write(_note(address, one.message_id), "1", KEEP_S)
        waiting = [one.message_id for one in snapshot.pending]
        if nothing_left(snapshot, {ident for ident in waiting if await self._has(address, ident)}):
            await self._talks.inbox.cancel(address, snapshot.partial_id)

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
