"""What shows of answers that are being written, noted, so that nothing of one stays that will never
be finished: its worker died and another began anew, or the conversation was forgotten."""

import logging
from collections.abc import Iterable

from bots.slack.place import Place
from bots.slack.sending import Sender
from broker.preferences import Notes

logger = logging.getLogger(__name__)

KEEP_S = 86400.0


class Remains:
    """Of all conversations, by the fences of their replies. Raises RedisUnavailable."""

    def __init__(self, sender: Sender, notes: Notes) -> None:
        self._sender = sender
        self._notes = notes

    async def begins(self, place: Place, reply_id: str, committed: str) -> None:
        """Something of this reply is about to show. Earlier ones go, but for those whose final
        text is on its way: `committed` is the reply of the last turn, "" none."""
        fence, least = _fence(reply_id), _fence(committed)
        fences = await self._read(place)
        orphans = {one for one in fences if least < one < fence}
        left = await self._take_away(place, orphans)
        await self._write(place, {*(fences - orphans), *left, fence})

    async def delivered(self, place: Place, reply_id: str) -> None:
        """This reply is out: of earlier ones nothing more will come."""
        fence, fences = _fence(reply_id), await self._read(place)
        if fences:
            left = await self._take_away(place, {one for one in fences if one < fence})
            await self._write(place, {*left, *(one for one in fences if one > fence)})

    async def forgotten(self, place: Place) -> None:
        """The conversation begins anew: nothing of what shows will be finished."""
        fences = await self._read(place)
        if fences:
            await self._write(place, await self._take_away(place, fences))

    async def _take_away(self, place: Place, fences: Iterable[int]) -> set[int]:
        """Those that could not be taken away, to be tried again."""
        left = set()
        for fence in sorted(fences):
            reply_id = f"{place.address.conversation_id}/{fence}"
            logger.info("taking away what shows of reply=%s", reply_id)
            if not await self._sender.take_preview_away(reply_id, place):
                left.add(fence)
        return left

    async def _read(self, place: Place) -> set[int]:
        return {int(fence) for fence in (await self._notes.read(_note(place))).split()}

    async def _write(self, place: Place, fences: set[int]) -> None:
        if fences:
            told = " ".join(map(str, sorted(fences)))
            await self._notes.write(_note(place), told, KEEP_S)
        else:
            await self._notes.erase(_note(place))


def _fence(reply_id: str) -> int:
    return int(reply_id.rpartition("/")[2] or 0)


def _note(place: Place) -> str:
    return f"shown:{place.address.conversation_id}"
