"""transformers' continuous batching, for networks that it computes rightly."""

from collections.abc import Iterator, Sequence
from typing import cast

from transformers import (
    ContinuousBatchingConfig,
    GenerationConfig,
    GenerationMixin,
    PreTrainedModel,
)

from inference.bench.networks import Network
from inference.bench.workload import Answer, Request
from inference.errors import EngineError

PAGE_TOKENS = 256
STEP_TOKENS = {"cpu": 512, "cuda": 2048}
WAIT_S = 600.0


def is_right(network: Network) -> bool:
    """Without flash attention it forgets the soft-cap of Gemma 2, and of ALiBi it knows nothing."""
    return network.architecture == "llama"


class ContinuousPeer:
    """One manager; every answer streams."""

    name = "continuous"

    def __init__(self, model: PreTrainedModel, pool_tokens: int) -> None:
        self._model = model
        self._manager = cast(GenerationMixin, model).init_continuous_batching(
            GenerationConfig(  # type: ignore[no-untyped-call]
                do_sample=False, eos_token_id=-1, pad_token_id=0
            ),
            ContinuousBatchingConfig(
                page_size=PAGE_TOKENS,
                num_blocks=pool_tokens // PAGE_TOKENS,
                max_batch_tokens=STEP_TOKENS[model.device.type],
            ),
        )
        self._attention = model.config._attn_implementation
        self._manager.warmup()  # now, while the attention is its own; captures graphs on CUDA
        self._manager.start()

    def answer(self, requests: Sequence[Request], concurrency: int) -> list[Answer]:
        self._model.set_attn_implementation(self._attention)
        waiting = iter(requests)
        open_answers: dict[str, Answer] = {}
        answers: list[Answer] = []
        for _ in range(concurrency):
            self._ask_next(waiting, answers, open_answers)
        while open_answers:
            output = self._manager.get_result(timeout=WAIT_S)
            if output is None or output.error is not None:
                raise EngineError(f"continuous batching failed: {output and output.error}")
            answer = open_answers[output.request_id]
            answer.come(len(output.generated_tokens) - len(answer.came_ns))
            if output.is_finished():
                answer.tokens = tuple(output.generated_tokens)
                del open_answers[output.request_id]
                self._ask_next(waiting, answers, open_answers)
        return answers

    def close(self) -> None:
        self._manager.stop()

    def _ask_next(
        self, waiting: Iterator[Request], answers: list[Answer], open_answers: dict[str, Answer]
    ) -> None:
        request = next(waiting, None)
        if request is None:
            return
        name = str(len(answers))
        answers.append(Answer())
        answers[-1].ask()
        open_answers[name] = answers[-1]
        self._manager.add_request(
            list(request.ids), name, max_new_tokens=request.new_tokens, streaming=True
        )
