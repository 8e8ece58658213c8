"""A cable between a client and Redis that can break while an answer is on its way."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path


class Cable:
    """Forwards a unix socket to another."""

    def __init__(self, server: Path) -> None:
        self._server = server
        self._doomed: bytes | None = None

    def break_at(self, word: bytes) -> None:
        """The next answer that contains the word never arrives; its connection ends."""
        self._doomed = word

    @property
    def broke(self) -> bool:
        """Whether it has broken where it was to."""
        return self._doomed is None

    async def connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        redis_reader, redis_writer = await asyncio.open_unix_connection(str(self._server))
        there = asyncio.create_task(self._forward(reader, redis_writer))
        try:
            await self._forward(redis_reader, writer, answers=True)
        finally:
            there.cancel()
            redis_writer.close()
            writer.close()

    async def _forward(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, answers: bool = False
    ) -> None:
        while piece := await source.read(65536):
            if answers and self._doomed and self._doomed in piece:
                self._doomed = None
                return
            target.write(piece)
            await target.drain()


@asynccontextmanager
async def open_cable(server: Path, here: Path) -> AsyncIterator[Cable]:
    """Listens at `here` until the block ends."""
    cable = Cable(server)
    listener = await asyncio.start_unix_server(cable.connect, str(here))
    try:
        yield cable
    finally:
        listener.close()
        await asyncio.sleep(0)
