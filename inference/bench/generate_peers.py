"""transformers' `generate`: one conversation at a time, as model cards show it, and in batches."""

from collections.abc import Callable, Sequence
from typing import cast

import torch
from torch import Tensor
from transformers import GenerationConfig, PreTrainedModel
from transformers.generation.streamers import BaseStreamer

from inference.bench.workload import Answer, Request

PADDING = 0


class GeneratePeer:
    """One after the other."""

    name = "generate"

    def __init__(self, model: PreTrainedModel) -> None:
        """Computes with the attention that the model has now."""
        self._model = model
        self._run = cast(Callable[..., Tensor], model.generate)
        self._attention = model.config._attn_implementation

    def answer(self, requests: Sequence[Request], concurrency: int) -> list[Answer]:
        return [answer for request in requests for answer in self._generate([request])]

    def close(self) -> None:
        """Nothing to close."""

    def _generate(self, batch: Sequence[Request]) -> list[Answer]:
        """Prompts are padded on the left; all go on until the longest answer is there."""
        self._model.set_attn_implementation(self._attention)
        answers = [Answer() for _ in batch]
        for answer in answers:
            answer.ask()
        longest = max(len(request.ids) for request in batch)
        pads = [longest - len(request.ids) for request in batch]
        ids = [[PADDING] * pad + list(r.ids) for pad, r in zip(pads, batch, strict=True)]
        seen = [[0] * pad + [1] * (longest - pad) for pad in pads]
        with torch.inference_mode():
            output = self._run(
                torch.tensor(ids, device=self._model.device),
                attention_mask=torch.tensor(seen, device=self._model.device),
                generation_config=GenerationConfig(  # type: ignore[no-untyped-call]
                    do_sample=False,
                    max_new_tokens=max(request.new_tokens for request in batch),
                    pad_token_id=PADDING,
                ),
                streamer=_Stamps(batch, answers),
            )
        for answer, row, request in zip(answers, output.tolist(), batch, strict=True):
            answer.tokens = tuple(row[longest : longest + request.new_tokens])
        return answers


class BatchPeer(GeneratePeer):
    """As many at once as there are conversations; the next batch begins when all have ended."""

    name = "static"

    def answer(self, requests: Sequence[Request], concurrency: int) -> list[Answer]:
        batches = [requests[i : i + concurrency] for i in range(0, len(requests), concurrency)]
        return [answer for batch in batches for answer in self._generate(batch)]


class _Stamps(BaseStreamer):
    """Notes when the tokens of a batch come, each answer's as far as it was asked for."""

    def __init__(self, batch: Sequence[Request], answers: Sequence[Answer]) -> None:
        self._pairs = list(zip(batch, answers, strict=True))
        self._prompts_came = False

    def put(self, value: Tensor) -> None:
        if self._prompts_came:
            for request, answer in self._pairs:
                if len(answer.came_ns) < request.new_tokens:
                    answer.come()
        self._prompts_came = True

    def end(self) -> None:
        """Nothing is left over."""
