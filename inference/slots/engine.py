"""The engine: one thread owns the model; rows join and leave between its steps."""

import logging
import secrets
import threading
from collections.abc import Callable

import torch

from inference.advice import is_out_of_memory
from inference.checking import check_sampling
from inference.engine import CompletionRequest
from inference.errors import EngineDied, EngineError, InvalidRequest
from inference.prompt import PromptWriter
from inference.slots.answer import Answer
from inference.slots.figures import EngineFigures
from inference.slots.part import Part
from inference.slots.row import Row
from inference.slots.runner import ModelRunner
from inference.slots.sampler import Sampler
from inference.slots.scheduler import Scheduler
from inference.slots.text import TextAssembler, TextDecoder
from inference.stream import QueuedStream

logger = logging.getLogger(__name__)


class SlotEngine:
    """Implements `inference.engine.Engine` on a model's slots."""

    def __init__(
        self,
        model_id: str,
        runner: ModelRunner,
        writer: PromptWriter,
        decoder: TextDecoder,
        scheduler: Scheduler,
        sampler: Sampler,
    ) -> None:
        self._model_id = model_id
        self._ids = {"model": model_id}  # of every line that is logged
        self._runner = runner
        self._writer = writer
        self._decoder = decoder
        self._scheduler = scheduler
        self._sampler = sampler
        self._steps = self._fed_tokens = self._shrinks = 0
        self._answers: dict[Row, Answer] = {}
        self._arrivals: list[Answer] = []
        self._arrived = threading.Condition()
        self._closed = self._died = False
        self._thread = threading.Thread(target=self._run, name=f"engine {model_id}", daemon=True)
        self._thread.start()

    @property
    def model_id(self) -> str:
        return self._model_id

    @property
    def context_tokens(self) -> int:
        return self._writer.context_tokens

    def submit(self, request: CompletionRequest) -> QueuedStream:
        """Start a completion. Raises InvalidRequest, PromptTooLong, EngineDied, or EngineError when
        it was closed."""
        sampling = request.sampling
        check_sampling(sampling)
        prompt = self._writer.write(request)
        if max(prompt.ids) >= self._runner.vocabulary:
            raise InvalidRequest("the tokenizer has tokens that the model does not know")
        seed = secrets.randbits(64) if sampling.seed is None else sampling.seed
        row = Row(prompt, sampling, seed, request.user)
        stream = QueuedStream()
        text = TextAssembler(self._decoder, sampling.stop)
        with self._arrived:
            if self._closed:
                raise self._end()
            self._arrivals.append(Answer(row, text, stream, self._writer.end_ids))
            self._arrived.notify()
        return stream

    def close(self) -> None:
        """Stop after the current step; open streams end with an EngineError."""
        with self._arrived:
            self._closed = True
            self._arrived.notify()
        self._thread.join()

    @property
    def figures(self) -> EngineFigures:
        """How it is doing; from any thread."""
        scheduler, places, pool = self._scheduler, self._scheduler.places, self._runner.pool
        return EngineFigures(
            running=scheduler.running,
            waiting=scheduler.waiting + len(self._arrivals),
            steps=self._steps,
            fed_tokens=self._fed_tokens,
            reused_tokens=places.reused_tokens,
            kept=places.kept,
            kept_bytes=places.kept_tokens * pool.bytes_per_token,
            forgotten=places.forgotten,
            shrinks=self._shrinks,
            pool_bytes=pool.bytes,
        )

    def _run(self) -> None:
        try:
            with torch.inference_mode():
                while self._take_arrivals():
                    self._work()
        except BaseException:
            self._died = True
            raise
        finally:
            with self._arrived:
                self._closed = True
                self._collect_arrivals()
            self._fail_answers(self._end)

    def _work(self) -> None:
        """Admit and compute. Raises EngineDied."""
        try:
            self._drop_cancelled()
            for row in self._scheduler.admit():
                self._sampler.admit(row)
            self._step(self._scheduler.plan())
        except EngineDied:
            raise
        except Exception:  # noqa: BLE001 - the thread must outlive any bug
            logger.exception("the engine failed; every open answer fails with it", extra=self._ids)
            for row in self._scheduler.rows:
                self._remove(row, keep_stored=False)
            self._fail_answers(lambda: EngineError("the engine failed"))

    def _take_arrivals(self) -> bool:
        """Sleep until there is work; False when the engine is closed."""
        with self._arrived:
            while not (self._arrivals or self._closed) and self._scheduler.idle:
                self._arrived.wait()
            self._collect_arrivals()
            return not self._closed

    def _collect_arrivals(self) -> None:
        for answer in self._arrivals:
            self._answers[answer.row] = answer
            self._scheduler.add(answer.row)
        self._arrivals.clear()

    def _drop_cancelled(self) -> None:
        for answer in [a for a in self._answers.values() if a.stream.cancelled]:
            self._leave(answer.row)
            answer.cancel()

    def _step(self, parts: list[Part]) -> None:
        """Compute one step. A step that is too much memory is left for shorter ones; one that
        fails otherwise is computed row by row, so that only those fail that fail alone."""
        try:
            tokens = self._compute(parts)
        except Exception as error:  # noqa: BLE001 - whatever a model raises
            if not self._shrinks_after(error, parts):
                self._single_out(parts, error)
                return
            tokens = None
        if tokens is None:
            self._runner.give_back_memory()  # what the failed step held is free only now
            return
        self._scheduler.went_well()
        for part in parts:
            part.row.stored += part.count
        for row, token in tokens.items():
            self._extend(row, token)

    def _compute(self, parts: list[Part]) -> dict[Row, int | None]:
        """The next tokens of those rows that the parts bring to their end."""
        if not parts:
            return {}
        self._steps += 1
        self._fed_tokens += sum(part.count for part in parts)
        ended, logits = self._runner.forward(parts)
        return dict(zip(ended, self._sampler.pick(ended, logits), strict=True))

    def _shrinks_after(self, error: Exception, parts: list[Part]) -> bool:
        """Whether the error was too little memory, and shorter steps may do."""
        tokens = sum(part.count for part in parts)
        if not is_out_of_memory(error) or not self._scheduler.shrink(tokens):
            return False
        self._shrinks += 1
        extra = {**self._ids, "tokens": tokens}
        logger.warning("a step was too much memory: shorter ones follow", extra=extra)
        return True

    def _single_out(self, parts: list[Part], error: Exception) -> None:
        """Compute the parts of a failed step one by one; its writes may be repeated."""
        if len(parts) == 1:
            self._fail(parts[0].row, "the model could not compute this answer", error)
            return
        name = type(error).__name__
        logger.warning(
            "a step of %s rows failed (%s): one by one", len(parts), name, extra=self._ids
        )
        for part in parts:
            self._step([part])

    def _extend(self, row: Row, token: int | None) -> None:
        if token is None:
            self._fail(row, "the model gave no numbers", None)
            return
        try:
            finished = self._answers[row].extend(token)
        except Exception as error:  # noqa: BLE001 - one answer's text must not hurt the others
            self._fail(row, "the answer could not be turned into text", error)
            return
        if finished:
            self._leave(row)

    def _leave(self, row: Row, keep_stored: bool = True) -> None:
        self._remove(row, keep_stored)
        del self._answers[row]

    def _remove(self, row: Row, keep_stored: bool) -> None:
        """Raises EngineDied when the pool cannot be wiped, as after a fault on a GPU: nothing
        can be computed any more then, and all open answers, the row's too, end with that."""
        try:
            self._scheduler.remove(row, keep_stored)
        except Exception as error:
            raise EngineDied("the engine's memory is of no more use") from error

    def _fail(self, row: Row, reason: str, cause: Exception | None) -> None:
        if cause is not None:
            logger.error("%s", reason, exc_info=cause, extra=self._ids)
        answer = self._answers[row]
        self._leave(row, keep_stored=False)
        error = EngineError(reason)
        error.__cause__ = cause
        answer.fail(error)

    def _end(self) -> EngineError:
        return EngineDied("the engine died") if self._died else EngineError("the engine was closed")

    def _fail_answers(self, error: Callable[[], EngineError]) -> None:
        """Each answer gets an error of its own, because each is raised in another thread."""
        for answer in self._answers.values():
            answer.fail(error())
        self._answers.clear()
