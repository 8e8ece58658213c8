"""The engine: one thread with an event loop, in which every answer is a task."""

import asyncio
import logging
from functools import partial

from inference.cards import ModelCard
from inference.engine import Completion, CompletionRequest
from inference.errors import EngineError, InferenceError
from inference.history import read_conversation
from inference.remote.answer import Answer
from inference.remote.endpoints import Endpoints
from inference.remote.fitting import Fitting
from inference.remote.greeting import greet
from inference.remote.loop import LoopThread
from inference.remote.model import RemoteModel
from inference.remote.options import RemoteOptions
from inference.remote.prompts import Prompts
from inference.stream import QueuedStream

logger = logging.getLogger(__name__)


class RemoteEngine:
    """Implements `inference.engine.Engine` with other people's servers."""

    def __init__(self, card: ModelCard, options: RemoteOptions, prompts: Prompts) -> None:
        """Waits until a server works. Raises ModelLoadFailed."""
        self._closed = False
        self._tasks: dict[QueuedStream, asyncio.Task[Completion]] = {}
        self._loop = LoopThread(f"remote {card.id}")
        self._endpoints = self._loop.run(_open(options))
        self._model = RemoteModel(card, options, prompts, self._endpoints.all)
        try:
            self._loop.run(self._begin())
        except BaseException:
            self.close()
            raise

    @property
    def model_id(self) -> str:
        return self._model.card.id

    @property
    def context_tokens(self) -> int:
        return self._model.context_tokens

    def submit(self, request: CompletionRequest) -> QueuedStream:
        """Start an answer. Raises InvalidRequest, or EngineError when closed; that a prompt is
        too long only a server can tell: then the stream raises PromptTooLong."""
        conversation = read_conversation(request.messages)
        limit = request.sampling.max_new_tokens
        prompts, estimate = self._model.prompts, self._model.estimate
        fitting = Fitting(conversation, limit, prompts, estimate, request.cuts)
        key = request.user or conversation.turns[0].user.content
        stream = QueuedStream(on_cancel=lambda: self._cancel_soon(stream))
        answer = Answer(self._model, request, fitting, stream, key)
        if not self._loop.call(self._start, answer, stream):
            raise EngineError("the engine is closed")
        return stream

    def close(self) -> None:
        """End open streams with an EngineError, then the thread."""
        if not self._closed:
            self._closed = True
            self._loop.run(self._end())
            self._loop.stop()

    async def _begin(self) -> None:
        self._endpoints.watch(partial(greet, self._model))
        await self._endpoints.ready()

    async def _end(self) -> None:
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._endpoints.close()

    def _start(self, answer: Answer, stream: QueuedStream) -> None:
        if self._closed:
            stream.put(EngineError("the engine was closed"))
            return
        task = asyncio.get_running_loop().create_task(answer.run())
        self._tasks[stream] = task
        task.add_done_callback(partial(self._finish, answer, stream))

    def _finish(self, answer: Answer, stream: QueuedStream, task: asyncio.Task[Completion]) -> None:
        del self._tasks[stream]
        if task.cancelled():
            closed = EngineError("the engine was closed")
            stream.put(answer.so_far("cancelled") if stream.cancelled else closed)
        elif (error := task.exception()) is None:
            stream.put(task.result())
        elif isinstance(error, InferenceError):
            stream.put(error)
        else:
            logger.error("an answer failed", exc_info=error, extra={"model": self.model_id})
            stream.put(EngineError(f"the answer failed: {type(error).__name__}"))

    def _cancel_soon(self, stream: QueuedStream) -> None:
        self._loop.call(self._cancel, stream)

    def _cancel(self, stream: QueuedStream) -> None:
        task = self._tasks.get(stream)
        if task is not None:
            task.cancel()


async def _open(options: RemoteOptions) -> Endpoints:
    return Endpoints(options)
