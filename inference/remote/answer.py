"""One request on its way: tried at one server after another until the first piece is shown."""

import asyncio
import logging
import random

from inference.engine import Completion, CompletionRequest, FinishReason, TextPiece
from inference.errors import EngineError, InvalidRequest
from inference.remote.chunk import Chunk, Usage
from inference.remote.endpoint import Endpoint
from inference.remote.endpoints import choose
from inference.remote.failures import Busy, Failure, Refused, TooLong
from inference.remote.fitting import Fitted, Fitting
from inference.remote.model import RemoteModel
from inference.shown import ShownText
from inference.stream import QueuedStream

logger = logging.getLogger(__name__)

FIRST_PAUSE_S = 0.25
LONGEST_PAUSE_S = 4.0
LOOK_EVERY_S = 0.2


class Answer:
    """Makes one completion. Text that was shown is never made again: once a piece is out, a
    failure of the server is a failure of the answer."""

    _usage: Usage | None

    def __init__(
        self,
        model: RemoteModel,
        request: CompletionRequest,
        fitting: Fitting,
        stream: QueuedStream,
        key: str,
    ) -> None:
        """`key` stands for the conversation: what is alike goes to the same server."""
        self._model = model
        self._options = model.options
        self._request = request
        self._fitting = fitting
        self._stream = stream
        self._key = key
        self._fitted: Fitted | None = None
        self._forget()

    async def run(self) -> Completion:
        """Put pieces on the stream; the whole answer at the end.

        Raises EngineError, PromptTooLong or InvalidRequest; the stream is not told of it.
        """
        try:
            async with asyncio.timeout(self._options.whole_s):
                return await self._try_servers()
        except TimeoutError:
            raise EngineError(f"no whole answer in {self._options.whole_s:g} seconds") from None

    def so_far(self, reason: FinishReason) -> Completion:
        """The completion that ends here."""
        usage = self._usage
        return Completion(
            self._text.shown,
            reason,
            usage.prompt_tokens if usage else 0,
            usage.completion_tokens if usage else self._tokens,
            self._fitted.dropped_turns if self._fitted else 0,
            self._fitted is not None and self._fitted.cut,
        )

    async def _try_servers(self) -> Completion:
        tried: list[Endpoint] = []
        failure = Failure("no server is there")
        tries = 0
        while tries <= self._options.retries:
            if tries:
                await self._pause(tries, tried)
            server = await self._free_server(tried)
            if server is None:
                break
            tried.append(server)
            try:
                return await self._ask(server)
            except Refused as refusal:
                raise InvalidRequest(f"the server refuses: {refusal.reason}") from None
            except Failure as found:
                failure = found
            server.failed(failure)
            tries += not isinstance(failure, Busy)  # who is asked to wait waits
            logger.info("server %s: %s", server.url, failure.reason)
            if self._text.shown:
                break
        raise EngineError(failure.reason)

    async def _free_server(self, tried: list[Endpoint]) -> Endpoint | None:
        """None when none may be asked for as long as a first token may take."""
        loop = asyncio.get_running_loop()
        give_up_at = loop.time() + self._options.first_token_s
        while True:
            server = choose(self._model.endpoints, self._key, tried)
            if server is not None or loop.time() > give_up_at:
                return server
            await asyncio.sleep(LOOK_EVERY_S)

    async def _pause(self, tries: int, tried: list[Endpoint]) -> None:
        """None before a server that was not tried yet; then longer and longer, by chance."""
        if any(one.free and one not in tried for one in self._model.endpoints):
            return
        longest = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2**tries)
        await asyncio.sleep(random.uniform(longest / 2, longest))

    async def _ask(self, server: Endpoint) -> Completion:
        """Ask with fewer turns until the server finds that it fits."""
        context_tokens = self._model.context_of(server)
        while True:
            fitted = await self._fitting.fit(server, context_tokens, self._model.dialect.tokenizes)
            self._fitted = fitted
            try:
                return await self._read(server, fitted)
            except TooLong:
                if self._text.shown:
                    raise
                self._fitting.too_long(fitted, context_tokens)

    async def _read(self, server: Endpoint, fitted: Fitted) -> Completion:
        self._forget()
        body = self._model.body(server, fitted.prompt, self._request.sampling, fitted.max_tokens)
        loop = asyncio.get_running_loop()
        reason = ""
        try:
            async with (
                asyncio.timeout(self._options.first_token_s) as patience,
                server.stream(self._model.prompts.path, body) as chunks,
            ):
                async for chunk in chunks:
                    self._usage = chunk.usage or self._usage
                    reason = chunk.finish_reason or reason
                    if chunk.text:
                        patience.reschedule(loop.time() + self._options.between_tokens_s)
                        self._show(chunk)
                    if self._text.stopped:
                        break
        except TimeoutError:
            began = "no further token" if self._tokens else "no first token"
            raise Failure(f"{began} in time") from None
        server.succeeded()
        self._put(self._text.finish())
        if self._usage:
            self._model.estimate.learn(fitted.prompt.text_bytes, self._usage.prompt_tokens)
        return self.so_far("length" if reason == "length" and not self._text.stopped else "stop")

    def _forget(self) -> None:
        """Of a try that failed nothing was shown."""
        self._text = ShownText(self._request.sampling.stop)
        self._begun = False
        self._tokens = 0  # pieces, until the server says how many tokens they are
        self._usage = None

    def _show(self, chunk: Chunk) -> None:
        self._tokens += 1
        text = chunk.text if self._begun else chunk.text.lstrip()
        self._begun = self._begun or bool(text)
        self._put(self._text.add(text))

    def _put(self, text: str) -> None:
        if text:
            self._stream.put(TextPiece(text, self._tokens))
