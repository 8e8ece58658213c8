"""The engine's benchmark, on tiny networks: what it says is there, and true of what ran."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from inference.bench.networks import find_networks
from inference.bench.words import to_text, to_tokens, word_tokenizer
from inference.bench.workload import Answer, Request, draw_requests
from inference.errors import ModelNotFound
from inference.precision import Precision
from mersal.bench.engine_figures import Agreement, PeerFigures
from mersal.bench.engine_run import EnginePlan, EngineResults, answer_if_it_fits, run_engines
from mersal.bench.engine_table import WRONG, to_markdown

from .command import mersal

FLOAT32 = Precision("float32", "none")
PLAN = EnginePlan((1, 3), 6, 1, least_requests=3, history_tokens=200)


@pytest.fixture(scope="module")
def results() -> EngineResults:
    torch.set_num_threads(1)  # tiny products are slower on more, above all beside other tests
    subjects = [(network, FLOAT32) for network in find_networks("tiny")]
    return run_engines(PLAN, subjects, "cpu")


def test_every_network_has_every_peer_that_computes_it_rightly(results: EngineResults) -> None:
    peers = [{(row.concurrency, row.peer) for row in one.rows} for one in results.networks]
    common = {(1, "generate"), (1, "mersal"), (3, "static"), (3, "mersal")}
    assert peers == [common, common | {(1, "continuous"), (3, "continuous")}, common]
    for row in (row for one in results.networks for row in one.rows):
        assert row.tokens_per_s > 0
        assert 0 < row.first.p50 <= row.first.p99
        assert 0 < row.between.p50 <= row.between.p99


def test_all_say_what_generate_says(results: EngineResults) -> None:
    for network in results.networks:
        assert network.exact
        assert all(found.equal == found.answers for found in network.agreements.values())
        assert network.second_turn.equal
    assert WRONG not in to_markdown(results)


def test_the_second_turn_computes_its_own_tokens_alone(results: EngineResults) -> None:
    for network in results.networks:
        turn = network.second_turn
        assert turn.tokens == PLAN.history_tokens + 30
        assert turn.reused_tokens >= PLAN.history_tokens - 1


def test_the_limits_are_the_networks_own(results: EngineResults) -> None:
    gemma, llama, jais = results.networks
    for network in (gemma, llama, jais):
        few, many = (network.allowed(concurrency)[0] for concurrency in PLAN.concurrency)
        assert few < many, "weights are read once for all"
    looked_up = 500 * 64 * 4
    stored = 145_920 * 4
    assert llama.limits.weights_bytes == pytest.approx(stored - looked_up, rel=0.01)
    assert gemma.limits.kv_bytes_per_token == 2 * 2 * 2 * 16 * 4


def test_the_page_has_a_row_for_each_and_the_aims(results: EngineResults) -> None:
    page = to_markdown(results)
    for text in (
        "### tiny-llama, float32",
        "| 3: continuous batching |",
        "| 3: memory allows |",
        "tiny-jais, float32: a second turn in",
        "word for word: static batches 8 of 8 (100% of the tokens), Mersal 8 of 8",
    ):
        assert text in page
    head, *rows = [line for line in page.splitlines() if line.startswith("| ")]
    assert rows and head.count("|") == 7


def test_an_answer_that_differs_is_told_and_marks_its_rows(results: EngineResults) -> None:
    right, wrong = Answer((5, 6, 7, 8)), Answer((5, 6, 9, 8))
    assert Agreement.of([right, wrong], [right, right]) == Agreement(2, 1, 0.75)
    network = results.networks[0]
    network.agreements["mersal"] = Agreement(2, 1, 0.75)  # type: ignore[index]
    try:
        assert f"3: Mersal, {WRONG}" in to_markdown(results)
    finally:
        network.agreements["mersal"] = Agreement(8, 8, 1.0)  # type: ignore[index]


class Starved:
    """Has memory for two."""

    name = "starved"

    def __init__(self, error: Exception) -> None:
        self._error = error

    def answer(self, requests: Sequence[Request], concurrency: int) -> list[Answer]:
        if concurrency > 2:
            raise self._error
        return []

    def close(self) -> None:
        """Nothing to close."""


def test_a_peer_without_memory_is_left_out_and_other_failures_are_not_hidden() -> None:
    starved = Starved(torch.OutOfMemoryError("CUDA out of memory"))
    assert answer_if_it_fits(starved, [], 2) == []
    assert answer_if_it_fits(starved, [], 3) is None
    with pytest.raises(RuntimeError, match="shape"):
        answer_if_it_fits(Starved(RuntimeError("bad shape")), [], 3)


def test_a_network_that_fails_is_named_and_the_others_are_measured_and_saved() -> None:
    """One that finds no memory, and one that cannot be built: its heads do not fit its keys."""
    llama = find_networks("tiny-llama")[0]
    large = replace(llama, name="large", shape=replace(llama.shape, vocabulary=10**12))
    wrong = replace(llama, name="wrong", shape=replace(llama.shape, kv_heads=3))
    saved: list[EngineResults] = []
    subjects = [(network, FLOAT32) for network in (large, wrong, llama)]
    results = run_engines(PLAN, subjects, "cpu", save=saved.append)
    assert [network.name for network in results.networks] == ["tiny-llama"]
    assert list(results.failures) == [f"large, {FLOAT32}", f"wrong, {FLOAT32}"]
    assert [len(one.failures) for one in saved] == [1, 2, 2] and saved[-1] == results
    assert f"- large, {FLOAT32}: FAILED, out of memory" in to_markdown(saved[0])
    assert f"- wrong, {FLOAT32}: FAILED, " in to_markdown(results)


def test_rates_and_times_follow_from_when_tokens_came() -> None:
    slow = Answer((1, 2, 3), asked_ns=0, came_ns=[400_000_000, 500_000_000, 1_000_000_000])
    quick = Answer((1,), asked_ns=500_000_000, came_ns=[600_000_000])
    figures = PeerFigures.of("mersal", 2, [slow, quick])
    assert figures.tokens_per_s == pytest.approx(4.0)
    assert (figures.first.p50, figures.first.p99) == (400.0, 400.0)
    assert (figures.between.p50, figures.between.p99) == (500.0, 500.0)


def test_questions_depend_on_the_seed_alone() -> None:
    requests = draw_requests("a", 50, 300, 32)
    assert requests == draw_requests("a", 50, 300, 32) != draw_requests("b", 50, 300, 32)
    assert all(20 <= len(one.ids) <= 200 for one in requests)
    assert all(16 <= one.new_tokens <= 48 for one in requests)


def test_words_are_their_tokens() -> None:
    tokenizer = word_tokenizer(300)
    tokens = (7, 0, 299, 7)
    assert tuple(tokenizer.encode(to_text(tokens))) == tokens
    assert to_tokens(str(tokenizer.decode(list(tokens)))) == tokens


def test_the_seven_models_have_shapes_to_build() -> None:
    names = {network.name: network.architecture for network in find_networks("seven")}
    assert len(names) == 7
    assert (names["jais-30b-chat-v1"], names["atlas-chat-27b"]) == ("jais", "gemma2")
    assert find_networks("small-llama,atlas-chat-2b")[1].shape.vocabulary == 256_000
    with pytest.raises(ModelNotFound):
        find_networks("atlas-chat-3b")


@pytest.mark.slow
@pytest.mark.parametrize("quantization", ["8bit", "4bit"])
def test_quantized_networks_are_measured_too(quantization: str) -> None:
    precision = Precision("bfloat16", "8bit" if quantization == "8bit" else "4bit")
    results = run_engines(PLAN, [(find_networks("tiny-jais")[0], precision)], "cpu")
    assert not results.networks[0].exact
    assert f"### tiny-jais, {precision}" in to_markdown(results)


@pytest.mark.slow
def test_the_command_runs_and_writes(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    command = ("bench", "engine", "--short", "--device", "cpu", "--markdown", str(page))
    result = mersal(*command, state_dir=tmp_path / "state")
    assert result.returncode == 0, result.stderr
    assert "### tiny-gemma2, float32" in page.read_text(encoding="utf-8")
