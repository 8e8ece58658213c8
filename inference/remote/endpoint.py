"""One server: its address, what it told us about itself, and the calls that it understands."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager

import aiohttp
from aiohttp.http_exceptions import HttpProcessingError

from inference.remote.chunk import DONE, Chunk, event_data, read_chunk
from inference.remote.failures import Busy, Failure, Gone, Misfit, of_status

DOUBTFUL_FAILURES = 3
"""So many failures in a row, although the server answers, and it must prove that it works."""

ANSWER_S = 10.0
"""How long a server may take over a question about itself."""

COUNT_S = 2.0
"""How long it may count a prompt's tokens, while somebody waits for the answer."""


class Endpoint:
    """Used by one event loop alone.

    `present`: it has shown that it works, and nothing has been wrong since. `model` and
    `context_tokens` (0: unknown) are what it calls the model and how much that reads.
    """

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url = url
        self.in_flight = 0
        self.model = ""
        self.context_tokens = 0
        self.left = asyncio.Event()
        self.left.set()
        self._session = session
        self._failures = 0
        self._busy_until = 0.0

    @property
    def present(self) -> bool:
        return not self.left.is_set()

    @property
    def free(self) -> bool:
        """Whether it may be asked now."""
        return self.present and asyncio.get_running_loop().time() >= self._busy_until

    def returned(self) -> None:
        """It has proved that it works."""
        self._failures, self._busy_until = 0, 0.0
        self.left.clear()

    def succeeded(self) -> None:
        self._failures = 0

    def failed(self, failure: Failure) -> None:
        """One answer failed. One user's words may do that to a server that is well, so only
        a server that is gone leaves at once."""
        if isinstance(failure, Busy):
            self._busy_until = asyncio.get_running_loop().time() + failure.wait_s
            return
        self._failures += 1
        if isinstance(failure, Gone | Misfit) or self._failures >= DOUBTFUL_FAILURES:
            self.left.set()

    async def models(self) -> list[Mapping[str, object]]:
        """What it serves; empty when it answers but cannot say. Raises Gone, or Misfit."""
        async with self._calling("GET", f"{self.url}/models") as response:
            body = await response.read()
            if response.status in (401, 403, 502, 503, 504):
                raise of_status(response.status, body)
            if response.status != 200:
                return []  # transformers serve says 500 until it has a cache folder
        try:
            content: object = json.loads(body)
        except ValueError:
            return []
        found = content.get("data") if isinstance(content, dict) else None
        return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []

    async def count_tokens(self, body: Mapping[str, object]) -> int:
        """The length of a prompt, by vLLM's /tokenize; 0 when it cannot say, for whatever reason:
        who is well otherwise is not given up for that."""
        url = f"{self.url.removesuffix('/v1')}/tokenize"
        body = {"model": self.model, **body}
        try:
            async with self._calling("POST", url, body, COUNT_S) as response:
                content: object = await response.json() if response.status == 200 else None
        except (Failure, ValueError):  # ValueError: no JSON
            return 0
        count = content.get("count") if isinstance(content, dict) else None
        return count if isinstance(count, int) and count > 0 else 0

    @asynccontextmanager
    async def stream(
        self, path: str, body: Mapping[str, object]
    ) -> AsyncIterator[AsyncIterator[Chunk]]:
        """Ask for a completion and read it piece by piece; leaving closes the connection.

        Raises Failure, here and from the iterator.
        """
        self.in_flight += 1
        try:
            async with self._call("POST", f"{self.url}/{path}", body) as response:
                if response.status != 200:
                    retry_after = response.headers.get("Retry-After")
                    raise of_status(response.status, await response.read(), retry_after)
                async with aclosing(_chunks(response)) as chunks:
                    yield chunks
        finally:
            self.in_flight -= 1

    @asynccontextmanager
    async def _calling(
        self,
        method: str,
        url: str,
        body: Mapping[str, object] | None = None,
        patience_s: float = ANSWER_S,
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """A short call."""
        try:
            async with asyncio.timeout(patience_s), self._call(method, url, body) as response:
                yield response
        except TimeoutError:
            raise Gone("the server does not answer") from None

    @asynccontextmanager
    async def _call(
        self, method: str, url: str, body: Mapping[str, object] | None
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        try:
            response = await self._session.request(method, url, json=body, allow_redirects=False)
        except aiohttp.ClientConnectorError as error:
            raise Gone(f"cannot connect: {error.os_error.strerror or error.os_error}") from None
        except aiohttp.ConnectionTimeoutError:  # our own machine may be the slow one
            raise Failure("cannot connect in time") from None
        except (aiohttp.ClientError, OSError) as error:
            raise Gone(f"the connection broke: {type(error).__name__}") from None
        try:
            yield response
        except (aiohttp.ClientError, OSError) as error:
            raise Failure(f"the connection broke: {type(error).__name__}") from None
        finally:
            response.close()


async def _chunks(response: aiohttp.ClientResponse) -> AsyncGenerator[Chunk, None]:
    """Ends at the end of the answer. Raises Failure when the connection ended before."""
    finished = False
    try:
        async for line in response.content:
            data = event_data(line)
            if data == DONE:
                return
            if data:
                chunk = read_chunk(data)
                finished = finished or bool(chunk.finish_reason)
                yield chunk
    except (ValueError, HttpProcessingError):  # aiohttp's, of a line without end
        raise Failure("the server sent a malformed event") from None
    if not finished:
        raise Failure("the server cut the answer off")
