"""One forward pass of a transformers model over a packed batch."""

import torch
from torch import Tensor
from transformers import PreTrainedModel

from inference.advice import is_out_of_memory
from inference.engine import Sampling
from inference.errors import ModelLoadFailed
from inference.history import Fit
from inference.slots import attention
from inference.slots.batch import Batch, pack
from inference.slots.fixed import FixedPasses
from inference.slots.part import Part
from inference.slots.pool import KeyValuePool
from inference.slots.row import Row
from inference.slots.stretch import Stretch
from inference.slots.upload import upload

_PROBE_TOKENS = 12
_EAGERLY = "set MERSAL_WORKER__DECODE to eager"


class ModelRunner:
    """A model whose attention works on a key-value pool; transformers' code stays as it is."""

    def __init__(self, model: PreTrainedModel) -> None:
        """Raises ModelLoadFailed when the model does not compute the same by pieces over a pool
        as it does in one go by itself. The pool of this trial is a small one: it shows what a
        place costs. `take_pool` brings the real one."""
        self._model = model
        # The layers lie on several devices, and accelerate brings every tensor to where it thinks
        # that it is needed: the indices of the last tokens not to these, so a list goes instead.
        self._spread = len(set(getattr(model, "hf_device_map", {}).values())) > 1
        self.pool = KeyValuePool(_PROBE_TOKENS)
        self._passes: FixedPasses | None = None
        with torch.inference_mode():
            self._probe()

    def take_pool(self, tokens: int) -> None:
        """From now on work over a new pool, whose memory is taken at once."""
        self.pool = KeyValuePool(tokens)
        row = _row([0])
        with torch.inference_mode():
            self.forward([Part(row, 1)])

    def compile(self, slots: int, block: int) -> None:
        """From now on compute in compiled passes of fixed shape, over the pool as it is, whose
        places are handed out in multiples of `block`. Raises ModelLoadFailed when torch cannot
        compile the model, or when it then computes something else."""
        name = type(self._model).__name__
        if self._spread:
            raise ModelLoadFailed(f"{name} lies on several GPUs, and no graph does: {_EAGERLY}")
        ids = self._trial_ids()
        with torch.inference_mode():
            expected = self._by_pieces(_row(ids, block))
            try:
                self._passes = FixedPasses(self._model, self.pool, slots, block)
                found = self._by_pieces(_row(ids, block))
            except Exception as error:  # noqa: BLE001 - a compiler raises what it likes
                if is_out_of_memory(error):
                    raise  # the caller knows what to do about it
                raise ModelLoadFailed(f"{name} cannot be compiled: {_EAGERLY}") from error
        if not self._is_close(found, expected):
            raise ModelLoadFailed(f"{name} computes otherwise when compiled: {_EAGERLY}")

    @property
    def vocabulary(self) -> int:
        """Ids from here on have no embedding."""
        embeddings = self._model.get_input_embeddings().weight
        assert isinstance(embeddings, Tensor)
        return embeddings.shape[0]

    def give_back_memory(self) -> None:
        """Let go of memory that is only held for the next step."""
        if self._model.device.type == "cuda":
            torch.cuda.empty_cache()

    def forward(self, parts: list[Part]) -> tuple[list[Row], Tensor]:
        """Feed the parts. Returns the rows that are fed to their end and the logits
        [those rows, vocabulary] of what comes next."""
        if self._passes is not None:
            found = self._passes.logits(parts)
            ends = [at for at, part in enumerate(parts) if part.ends_row]
            rows = [parts[at].row for at in ends]
            # uploaded, for a list as an index would wait for the device
            return rows, found[upload(ends, found.device)]
        batch = pack(parts, self.pool, self._model.device)
        ended = [part.row for part in batch.parts if part.ends_row]
        return ended, self._logits(batch)[: len(ended)]

    def _logits(self, batch: Batch) -> Tensor:
        ends = batch.ends or (len(batch.ids) - 1,)
        output = self._model(
            input_ids=batch.ids[None],
            position_ids=batch.positions[None],
            use_cache=False,
            logits_to_keep=list(ends) if self._spread else upload(ends, self._model.device),
            batch=batch,
        )
        logits: Tensor = output.logits[0]
        return logits

    def _probe(self) -> None:
        """An architecture that keeps state beside the attention, or attends in a way of its
        own, would go wrong in silence; it fails here."""
        ids = self._trial_ids()
        self._model.set_attn_implementation("eager")
        tensor = torch.tensor([ids], device=self._model.device)
        expected = self._model(input_ids=tensor, use_cache=False).logits[0, -1]
        self._model.set_attn_implementation(attention.NAME)
        if not self._is_close(self._by_pieces(_row(ids)), expected):
            name = type(self._model).__name__
            raise ModelLoadFailed(f"{name} is not supported: it computes otherwise by pieces")

    def _trial_ids(self) -> list[int]:
        stride = max(1, self.vocabulary // _PROBE_TOKENS)
        return [i * stride % self.vocabulary for i in range(_PROBE_TOKENS)]

    def _by_pieces(self, row: Row) -> Tensor:
        for count in (_PROBE_TOKENS - 4, 3, 1):
            _, logits = self.forward([Part(row, count)])
            row.stored += count
        return logits[0]

    def _is_close(self, found: Tensor, expected: Tensor) -> bool:
        difference = (found.float() - expected.float()).norm()
        tolerance = 1e-3 if self._model.dtype == torch.float32 else 5e-2
        if getattr(self._model, "is_loaded_in_8bit", False):
            tolerance = 0.2  # which numbers stay exact depends on all tokens of a pass
        # NaN is not close either
        return bool(difference <= tolerance * expected.float().norm().clamp(min=1e-6))


def _row(ids: list[int], start: int = 0) -> Row:
    """A row in the first slot, of which nothing is stored yet."""
    row = Row(Fit(tuple(ids), 1, 0), Sampling(), 0)
    row.slot, row.stretch = 0, Stretch(start, len(ids))
    return row
