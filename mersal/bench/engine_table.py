"""The engine's figures as tables, for the page and for the terminal, and what was aimed at."""

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.markdown import Markdown

from mersal.bench.engine_figures import NetworkFigures, PeerFigures
from mersal.bench.engine_run import EngineResults
from mersal.bench.figures import Times
from mersal.bench.table import Table

TITLES = {
    "mersal": "Mersal",
    "generate": "generate",
    "static": "static batches",
    "continuous": "continuous batching",
}
WRONG = "WRONG TOKENS"

AIM_CPU = (32, 4.0)
"""Conversations at once, and how many times the rate of one at a time."""
AIM_GPU = (64, 25.0)
AIM_ALONE = 0.75
AIM_TOGETHER = 0.5
"""Of what memory allows, with one conversation and with those of AIM_GPU."""
AIM_TURN = 0.1
"""Of the cold time."""


def to_markdown(results: EngineResults) -> str:
    """Everything that belongs between the markers of the page."""
    parts = [_how(results), *(table.to_markdown() for table in _tables(results)), _notes(results)]
    return "\n".join(parts)


def to_rich(results: EngineResults) -> RenderableType:
    """The same for the terminal."""
    return Group(
        *(table.to_rich() for table in _tables(results)), Markdown(_notes(results)), _how(results)
    )


def _how(results: EngineResults) -> str:
    plan = results.plan
    runs = "One run" if plan.runs == 1 else f"Medians of {plan.runs} runs"
    return (
        f"Computed by {results.device}. {results.machine.text} {runs}; "
        f"answers of {plan.answer_tokens} tokens on average; Mersal's decode: {plan.decode}.\n"
    )


def _tables(results: EngineResults) -> list[Table]:
    tables = [_answers(network) for network in results.networks]
    return [*tables, _second_turns(results), _limits(results)] if tables else []


def _answers(network: NetworkFigures) -> Table:
    """Every peer at every concurrency, and after them what the machine allows."""
    head: tuple[str, ...] = ("at once", "tokens/s", "× generate", "of what memory allows")
    head += ("first token, p50 / p99 ms", "between tokens, p50 / p99 ms")
    rows: list[tuple[str, ...]] = []
    for concurrency in dict.fromkeys(row.concurrency for row in network.rows):
        rows += [_row(network, r) for r in network.rows if r.concurrency == concurrency]
        by_memory, by_products = network.allowed(concurrency)
        slower = f"{concurrency}: arithmetic allows", by_products
        rows.append(_limit(network, f"{concurrency}: memory allows", by_memory))
        rows += [_limit(network, *slower)] if by_products < by_memory else []
    return Table(f"{network.name}, {network.precision}", head, tuple(rows))


def _row(network: NetworkFigures, row: PeerFigures) -> tuple[str, ...]:
    mark = f", {WRONG}" if network.is_wrong(row.peer) else ""
    return (
        f"{row.concurrency}: {TITLES[row.peer]}{mark}",
        _rate(row.tokens_per_s),
        f"{network.times_one(row):.2g}",
        f"{network.of_memory(row):.0%}",
        _both(row.first),
        _both(row.between),
    )


def _limit(network: NetworkFigures, title: str, rate: float) -> tuple[str, ...]:
    return (title, _rate(rate), f"{rate / network.one_at_a_time.tokens_per_s:.2g}", "", "", "")


def _second_turns(results: EngineResults) -> Table:
    head: tuple[str, ...] = (
        "second turn",
        "tokens",
        "not computed again",
        "generate ms",
        "cold ms",
    )
    head += ("after the first turn ms", "of cold", "as generate")
    rows = tuple(
        (
            f"{network.name}, {network.precision}",
            f"{turn.tokens:,}",
            f"{turn.reused_tokens:,}",
            _rate(turn.generate_ms),
            _rate(turn.cold_ms),
            _rate(turn.reused_ms),
            f"{turn.reused_ms / turn.cold_ms:.2g}",
            "yes" if turn.equal else (WRONG if network.exact else "no"),
        )
        for network in results.networks
        for turn in [network.second_turn]
    )
    return Table("The second turn of a long conversation: its first token", head, rows)


def _limits(results: EngineResults) -> Table:
    head: tuple[str, ...] = ("", "parameters, millions", "weights a step, MB", "a token keeps, KB")
    head += ("memory read, GB/s", "products, GFLOP/s")
    rows = tuple(
        (
            f"{network.name}, {network.precision}",
            f"{network.parameters / 1e6:,.0f}",
            f"{network.limits.weights_bytes / 1e6:,.0f}",
            f"{network.limits.kv_bytes_per_token / 1e3:,.1f}",
            f"{network.limits.bytes_per_s / 1e9:,.1f}",
            f"{network.limits.flops / 1e9:,.0f}",
        )
        for network in results.networks
    )
    return Table("What the machine allows", head, rows)


def _notes(results: EngineResults) -> str:
    """Who said the same as `generate`, what was left out, and whether the aims were reached."""
    lines = [line for network in results.networks for line in _agreements(network)]
    lines += [f"{name}: left out, too large for the memory" for name in results.left_out]
    lines += [f"{name}: FAILED, {why}" for name, why in results.failures.items()]
    on_gpu = not results.device.startswith("the processor")
    lines += [
        f"{network.name}, {network.precision}: too little memory for {what}"
        for network in results.networks
        for what in network.starved
    ]
    lines += [line for network in results.networks for line in _verdicts(network, on_gpu)]
    return "\n".join(f"- {line}" for line in lines) + "\n"


def _agreements(network: NetworkFigures) -> Iterator[str]:
    found = ", ".join(
        f"{TITLES[peer]} {one.equal} of {one.answers} ({one.share:.0%} of the tokens)"
        for peer, one in network.agreements.items()
    )
    yield f"{network.name}, {network.precision}: the answers of generate, word for word: {found}"


def _verdicts(network: NetworkFigures, on_gpu: bool) -> Iterator[str]:
    ours = {row.concurrency: row for row in network.rows if row.peer == "mersal"}
    together, times = AIM_GPU if on_gpu else AIM_CPU
    if together in ours:
        ratio = network.times_one(ours[together])
        yield _verdict(
            network, f"{ratio:.1f} × generate at {together}", f"{times:g}", ratio >= times
        )
    if on_gpu:
        aims = {1: AIM_ALONE, together: AIM_TOGETHER}
        for concurrency, aim in aims.items():
            if concurrency in ours:
                share = network.of_memory(ours[concurrency])
                measured = f"{share:.0%} of what memory allows at {concurrency}"
                yield _verdict(network, measured, f"{aim:.0%}", share >= aim)
    turn = network.second_turn
    share = turn.reused_ms / turn.cold_ms
    yield _verdict(
        network, f"a second turn in {share:.2g} of cold", f"{AIM_TURN:g}", share <= AIM_TURN
    )


def _verdict(network: NetworkFigures, measured: str, aim: str, reached: bool) -> str:
    said = "reached" if reached else "missed"
    return f"{network.name}, {network.precision}: {measured}, aim {aim}: {said}"


def _rate(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def _both(times: Times) -> str:
    return f"{_rate(times.p50)} / {_rate(times.p99)}"
