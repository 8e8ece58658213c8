"""Passes of fixed shape, compiled, and on CUDA captured as graphs: no Python between kernels."""

import logging
from collections.abc import Callable

import torch
from torch import Tensor
from transformers import PreTrainedModel

from inference.slots.grid import Grid
from inference.slots.part import Part
from inference.slots.piece import Piece
from inference.slots.pool import KeyValuePool
from inference.slots.upload import upload

logger = logging.getLogger(__name__)

READING_TOKENS = 256
"""Tokens of a prompt in one pass."""
WIDTHS = (1, 4, 16, 32, 64, 128, 256, 512)
"""Decoding passes have so many rows; the least one that has all slots in use is taken."""


class FixedPasses:
    """Computes parts in passes whose shapes are few. Row `slot` of a decoding pass is the row
    in that slot; prompts are read one by one, in pieces that are padded."""

    def __init__(self, model: PreTrainedModel, pool: KeyValuePool, slots: int, block: int) -> None:
        """Compiles every pass, which takes minutes for a large model. Raises whatever torch
        raises when it cannot."""
        self._device = model.device
        enough = next((width for width in WIDTHS if width >= slots), slots)
        widths = [width for width in WIDTHS if width < enough] + [enough]
        self._decoding = [_Pass(model, Grid(pool, n, 1, block, model.device)) for n in widths]
        self._reading = _Pass(model, Grid(pool, 1, READING_TOKENS, block, model.device))

    def logits(self, parts: list[Part]) -> Tensor:
        """[parts, vocabulary]: of what comes after each part's last token."""
        single = [part for part in parts if part.count == 1]
        if len(single) == len(parts):
            return self._decode(single)
        found = dict(zip(single, self._decode(single), strict=True)) if single else {}
        for part in parts:
            if part.count > 1:
                found[part] = self._read(part)
        return torch.stack([found[part] for part in parts])

    def _decode(self, parts: list[Part]) -> Tensor:
        slots = [part.row.slot for part in parts]
        fitting = next(one for one in self._decoding if one.grid.rows > max(slots))
        fitting.grid.lay_out(Piece(part.row.slot, part.row, part.row.stored, 1) for part in parts)
        return fitting.run()[upload(slots, self._device)]

    def _read(self, part: Part) -> Tensor:
        end = part.row.stored + part.count
        for first in range(part.row.stored, end, READING_TOKENS):
            count = min(READING_TOKENS, end - first)
            self._reading.grid.lay_out([Piece(0, part.row, first, count)])
            logits = self._reading.run()[0]
        return logits


class _Pass:
    """One shape: its grid, and what computes it."""

    def __init__(self, model: PreTrainedModel, grid: Grid) -> None:
        def compute() -> Tensor:
            output = model(
                input_ids=grid.ids[None],
                position_ids=grid.positions[None],
                use_cache=False,
                logits_to_keep=grid.ends,
                batch=grid,
            )
            logits: Tensor = output.logits[0]
            return logits

        self.grid = grid
        # Isolated: torch compiles a function eight times at most, and this one has every width.
        compiled: Callable[[], Tensor] = torch.compile(  # type: ignore[call-overload]
            compute, dynamic=False, fullgraph=True, isolate_recompiles=True
        )
        on_cuda = model.device.type == "cuda"
        self.run = _captured(compiled) if on_cuda else compiled
        self.run()
        logger.info("compiled a pass of %s rows with %s tokens each", grid.rows, grid.tokens)


def _captured(compute: Callable[[], Tensor]) -> Callable[[], Tensor]:
    """`compute` as a CUDA graph. It is run before, aside, as torch asks for."""
    aside: torch.cuda.Stream = torch.cuda.Stream()  # type: ignore[no-untyped-call]
    aside.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(aside):
        for _ in range(3):
            compute()
    torch.cuda.current_stream().wait_stream(aside)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        result = compute()

    def replay() -> Tensor:
        graph.replay()
        return result

    return replay
