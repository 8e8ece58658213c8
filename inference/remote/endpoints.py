"""All servers of a model: opened together, and which of them is asked next."""

import asyncio
import hashlib
import json
from collections.abc import Collection, Sequence
from functools import partial

import aiohttp

from inference.errors import ModelLoadFailed
from inference.remote.endpoint import Endpoint
from inference.remote.options import RemoteOptions
from inference.remote.watch import Greet, Watch

LINE_BYTES = 1 << 18
"""The longest event that is read; a token's takes a few hundred."""


def choose(endpoints: Sequence[Endpoint], key: str, avoid: Collection[Endpoint]) -> Endpoint | None:
    """The server for a conversation, by its `key`; None: none may be asked now.

    Among the least busy always the same one: it may remember what was said so far. One that
    is to be avoided is better than none.
    """
    free = [one for one in endpoints if one.free]
    others = [one for one in free if one not in avoid] or free
    if not others:
        return None
    least = min(one.in_flight for one in others)
    slack = max(1, least // 4)
    idle = [one for one in others if one.in_flight <= least + slack]
    return max(idle, key=lambda one: hashlib.blake2b(f"{one.url} {key}".encode()).digest())


class Endpoints:
    """The servers and their watches. To be made, used and closed in one event loop."""

    def __init__(self, options: RemoteOptions) -> None:
        headers = {"Authorization": f"Bearer {options.api_key}"} if options.api_key else {}
        self._session = aiohttp.ClientSession(
            # A connection an answer: one that a server closes while it rests costs more than new.
            connector=aiohttp.TCPConnector(limit=0, force_close=True),
            timeout=aiohttp.ClientTimeout(total=None, connect=options.connect_s),
            headers=headers,
            read_bufsize=LINE_BYTES,
            json_serialize=partial(json.dumps, ensure_ascii=False),
        )
        self.all = tuple(Endpoint(url, self._session) for url in options.serving.endpoints)
        self._options = options
        self._watches: list[Watch] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._greeted = asyncio.Event()

    def watch(self, greet: Greet) -> None:
        """From now on each is greeted until it works, and looked after."""
        self._watches = [Watch(one, greet, self._options.health_every_s) for one in self.all]
        self._tasks = [asyncio.create_task(watch.run(self._greeted.set)) for watch in self._watches]

    async def ready(self) -> None:
        """Wait until the first of them works. Raises ModelLoadFailed when none does in time, or
        when waiting cannot help."""
        try:
            async with asyncio.timeout(self._options.start_s):
                while not any(one.present for one in self.all):
                    if all(watch.hopeless for watch in self._watches):
                        raise ModelLoadFailed(self._none_works())
                    await self._greeted.wait()
                    self._greeted.clear()
        except TimeoutError:
            raise ModelLoadFailed(self._none_works()) from None

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._session.close()

    def _none_works(self) -> str:
        """In the server's own words too: they answer a question of ours, no user's."""
        lines = []
        for watch in self._watches:
            failure = watch.failure
            words = [failure.reason, failure.detail] if failure else ["no answer yet"]
            lines.append(f"{watch.endpoint.url}: {': '.join(filter(None, words))}")
        return f"no server works: {'; '.join(lines)}; see docs/remote.md"
