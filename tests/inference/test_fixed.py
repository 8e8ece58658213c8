"""Passes of fixed shape attend as the packed ones do, and the compiled engine answers alike."""

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from inference.engine import Sampling
from inference.errors import ModelLoadFailed
from inference.history import Fit
from inference.loading import Checkpoint, load_checkpoint
from inference.options import LoadOptions
from inference.slots import fixed
from inference.slots.attention import slot_attention
from inference.slots.batch import pack
from inference.slots.grid import QUERY_BLOCK, Grid
from inference.slots.open import start_engine
from inference.slots.part import Part
from inference.slots.piece import Piece
from inference.slots.pool import KeyValuePool
from inference.slots.row import Row
from inference.slots.runner import ModelRunner
from inference.slots.stretch import Stretch

from .conftest import card_of
from .test_exactness import Reference, questions, result

CPU = torch.device("cpu")
BLOCK, HEADS, KV_HEADS, DIM = 16, 4, 2, 16
SPECIAL = {
    "softcap": 1.5,
    "sliding_window": 12,
    "alibi_slopes": torch.tensor([0.5, 0.25, 0.125, 0.0625]),
}


def filled_pool() -> KeyValuePool:
    """One layer, full of what other conversations left."""
    pool = KeyValuePool(256)
    for tensor in pool.layer(0, *torch.zeros(2, 1, KV_HEADS, 1, DIM)):
        tensor.normal_()
    return pool


def row(start: int, tokens: int, stored: int) -> Row:
    made = Row(Fit(tuple(range(tokens)), 1, 0), Sampling(), 0)
    made.stretch, made.stored = Stretch(start, 96), stored
    return made


def attended(batch: object, queries: Tensor, states: Tensor) -> Tensor:
    layer = nn.Module()
    layer.layer_idx = 0  # type: ignore[assignment]
    out, _ = slot_attention(layer, queries, states[0], states[1], None, batch=batch, **SPECIAL)  # type: ignore[arg-type]
    return out[0]


@pytest.mark.filterwarnings("ignore:flex_attention called without torch.compile")
@pytest.mark.parametrize("tokens", [1, pytest.param(8, marks=pytest.mark.slow)])
def test_a_grid_attends_as_a_packed_pass_does(tokens: int) -> None:
    """Soft-cap, window and ALiBi at once, rows of all lengths, and one place in the grid idle."""
    torch.manual_seed(3)
    rows = [row(16, tokens, 0), row(32, 40 + tokens, 40), row(128, 75 + tokens, 75)]
    places = [0, 1, 3]
    queries = torch.randn(1, HEADS, 4 * tokens, DIM)
    states = torch.randn(2, 1, KV_HEADS, 4 * tokens, DIM)
    pool = filled_pool()
    same = filled_pool()
    for ours, theirs in zip(pool._tensors(), same._tensors(), strict=True):
        theirs.copy_(ours)
    grid = Grid(pool, 4, tokens, BLOCK, CPU)
    grid.lay_out(Piece(at, one, one.stored, tokens) for at, one in zip(places, rows, strict=True))
    found = attended(grid, queries, states).view(4, tokens, HEADS, DIM)[places]
    packed = [at * tokens + n for at in places for n in range(tokens)]
    batch = pack([Part(one, tokens) for one in rows], same, CPU)
    expected = attended(batch, queries[:, :, packed], states[:, :, :, packed])
    torch.testing.assert_close(found.flatten(0, 1), expected)


@pytest.mark.parametrize("window", [None, 12, 40])
def test_the_blocks_of_a_row_hold_all_that_it_may_see_and_none_before(window: int | None) -> None:
    """The compiled kernel looks nowhere else."""
    grid = Grid(filled_pool(), 3, 2 * QUERY_BLOCK, BLOCK, CPU)
    rows = [row(16, 200, 0), row(64, 150, 130), row(96, 41, 40)]
    pieces = [Piece(at, one, one.stored, one.unstored) for at, one in enumerate(rows)]
    grid.lay_out(pieces)
    mask = grid._mask(grid.positions.view(3, -1), window, 256)
    for piece in pieces:
        for tile in range(2):
            count = int(mask.kv_num_blocks[piece.at, 0, tile])
            blocks = set(mask.kv_indices[piece.at, 0, tile, :count].tolist())
            positions = range(piece.first, piece.first + piece.count)[tile * QUERY_BLOCK :][
                :QUERY_BLOCK
            ]
            seen = {
                (piece.row.start + key) // BLOCK
                for at in positions
                for key in range(0 if window is None else max(0, at - window + 1), at + 1)
            }
            assert seen <= blocks
            if seen and window:
                assert min(blocks) == min(seen)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.filterwarnings("default")  # what torch's compiler warns of is not ours
def test_a_compiled_engine_answers_as_generate_does(checkpoint: Checkpoint) -> None:
    """Compiling takes minutes on two cores."""
    reference = Reference(checkpoint)
    engine = start_engine(checkpoint, slots=3, decode="compiled")
    requests = questions(12, seed=1)
    streams = [engine.submit(request) for request in requests]
    try:
        assert [result(s) for s in streams] == [reference.answer(r) for r in requests]
    finally:
        engine.close()


@pytest.mark.gpu
def test_on_a_gpu_graphs_are_captured_and_answer_as_the_eager_engine_does(
    gemma_folder: Path,
) -> None:
    checkpoint = load_checkpoint(
        card_of(gemma_folder, "gemma"), LoadOptions(device="cuda", dtype="float32")
    )
    requests = questions(12, seed=1)
    answers = []
    for decode in ("eager", "compiled"):
        engine = start_engine(checkpoint, slots=5, decode=decode)  # type: ignore[arg-type]
        answers.append([result(stream) for stream in [*map(engine.submit, requests)]])
        engine.close()
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("slots", "block", "error", "said"),
    [
        (1, 0, ModelLoadFailed, "set MERSAL_WORKER__DECODE to eager"),
        (10**14, BLOCK, RuntimeError, "can't allocate memory"),
    ],
)
def test_too_little_memory_is_not_taken_for_a_model_that_cannot_be_compiled(
    llama: Checkpoint,
    slots: int,
    block: int,
    error: type[Exception],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fixed, "WIDTHS", ())
    runner = ModelRunner(llama.model)
    runner.take_pool(256)
    with pytest.raises(error, match=said):
        runner.compile(slots, block)
