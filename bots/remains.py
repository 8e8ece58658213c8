"""What shows of answers that are being written, noted, so that nothing of one stays that will never
be finished: its worker died and another began anew, or the conversation was forgotten."""

import logging
from collections.abc import Awaitable, Callable, Iterable

from broker.messages import Address, fence_of
from broker.preferences import Notes

logger = logging.getLogger(__name__)

KEEP_S = 86400.0

# Takes away what shows at an address of the reply with this id; False: to be tried again.
TakeAway = Callable[[Address, str], Awaitable[bool]]


class Remains:
    """Of all conversations, by the fences of their replies. Raises RedisUnavailable."""

    def __init__(self, take_away: TakeAway, notes: Notes) -> None:
        self._take_one_away = take_away
        self._notes = notes

    async def begins(self, address: Address, reply_id: str, committed: str) -> None:
        """Something of this reply is about to show. Earlier ones go, but for those whose final
        text is on its way: `committed` is the reply of the last turn, "" none."""
        fence, least = _fence(reply_id), _fence(committed)
        fences = await self._read(address)
        orphans = {one for one in fences if least < one < fence}
        left = await self._take_away(address, orphans)
        await self._write(address, {*(fences - orphans), *left, fence})

    async def delivered(self, address: Address, reply_id: str) -> None:
        """This reply is out: of earlier ones nothing more will come."""
        fence, fences = _fence(reply_id), await self._read(address)
        if fences:
            left = await self._take_away(address, {one for one in fences if one < fence})
            await self._write(address, {*left, *(one for one in fences if one > fence)})

    async def forgotten(self, address: Address) -> None:
        """The conversation begins anew: nothing of what shows will be finished."""
        fences = await self._read(address)
        if fences:
            await self._write(address, await self._take_away(address, fences))

    async def _take_away(self, address: Address, fences: Iterable[int]) -> set[int]:
        """Those that could not be taken away, to be tried again."""
        left: set[int] = set()
        for fence in sorted(fences):
            reply_id = f"{address.conversation_id}/{fence}"
            logger.info("taking away what shows", extra={"reply": reply_id})
            if not await self._take_one_away(address, reply_id):
                left.add(fence)
        return left

    async def _read(self, address: Address) -> set[int]:
        return {int(fence) for fence in (await self._notes.read(_note(address))).split()}

    async def _write(self, address: Address, fences: set[int]) -> None:
        if fences:
            told = " ".join(map(str, sorted(fences)))
            await self._notes.write(_note(address), told, KEEP_S)
        else:
            await self._notes.erase(_note(address))


def _fence(reply_id: str) -> int:
    return int(fence_of(reply_id) or 0)


def _note(address: Address) -> str:
    return f"shown:{address.conversation_id}"
