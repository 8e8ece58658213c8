"""The results as tables: the same cells in Markdown, for the page, and on the terminal."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from rich.console import Group, RenderableType
from rich.markdown import Markdown
from rich.table import Table as RichTable

from mersal.bench.figures import Figures, Times
from mersal.bench.path import Results
from mersal.bench.round import FEW_CONVERSATIONS, SLOW_MS
from mersal.bench.stops import STREAMS

# What we aim at: drained messages a second as a multiple of these peers', the added path, the end
# of an answer that is to stop, and the memory of a conversation beside its words.
TARGETS: Mapping[str, float] = MappingProxyType({"celery": 8, "taskiq": 3})
TARGET_ADDED_MS = 6.0
TARGET_STOP_MS = 200.0
TARGET_IDLE_BYTES = 2048
NONE = "–"


@dataclass(frozen=True, slots=True)
class Table:
    """Cells as text; the first column names the row."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def to_markdown(self) -> str:
        rule = ("---", *("---:" for _ in self.head[1:]))
        lines = (f"| {' | '.join(cells)} |" for cells in (self.head, rule, *self.rows))
        return f"### {self.title}\n\n" + "\n".join(lines) + "\n"

    def to_rich(self) -> RichTable:
        table = RichTable(title=self.title, title_justify="left")
        for number, name in enumerate(self.head):
            table.add_column(name, justify="right" if number else "left")
        for cells in self.rows:
            table.add_row(*cells)
        return table


def tables(results: Results) -> list[Table]:
    """Beside the peers, one table for each appendfsync; then our own path, and idle ones."""
    fsyncs = list(dict.fromkeys(row.appendfsync for row in results.rows))
    found = [_beside_peers(results, fsync) for fsync in fsyncs]
    ours = {row.appendfsync: row for row in results.rows if row.peer == "mersal"}
    found += [_own_path(results, ours)] if ours else []
    return [*found, _idle(results)] if results.idle else found


def to_markdown(results: Results) -> str:
    """Everything that belongs between the markers of the page."""
    parts = [_how(results), *(table.to_markdown() for table in tables(results)), _targets(results)]
    return "\n".join(parts)


def to_rich(results: Results) -> RenderableType:
    """The same for the terminal."""
    return Group(
        *(table.to_rich() for table in tables(results)), Markdown(_targets(results)), _how(results)
    )


def _how(results: Results) -> str:
    plan = results.plan
    repeated = "".join(f" A round was repeated: {what}." for what in results.repeated)
    return (
        f"{results.machine.text} Medians of {results.runs} interleaved runs; drains of "
        f"{plan.messages:,} messages; {plan.rate:g} messages a second for {plan.seconds:g} s."
        f"{repeated}\n"
    )


def _beside_peers(results: Results, fsync: str) -> Table:
    rows = [row for row in results.rows if row.appendfsync == fsync]
    others = {row.peer: row for row in rows}
    ratios = tuple(f"× {peer}" for peer in TARGETS if peer in others)
    head: tuple[str, ...] = ("", "sends/s", "16 at once", "drained/s", *ratios)
    head += ("CPU ms", "paced: send ms", "to worker ms", "CPU ms")
    cells = [
        (
            row.title,
            _count(row.rates["send_one"]),
            _count(row.rates["send_many"]),
            _count(row.rates["drain"]),
            *(f"{_ratio(row, others[peer]):.2g}" for peer in TARGETS if peer in others),
            f"{row.cpu_ms['drain']:.3f}",
            _both(row.times["paced_send"]),
            _both(row.times["paced_start"]),
            f"{row.cpu_ms['paced']:.2f}",
        )
        for row in rows
    ]
    return Table(f"Beside other queues, appendfsync {fsync}", head, tuple(cells))


def _own_path(results: Results, ours: Mapping[str, Figures]) -> Table:
    plan = results.plan
    lines: list[tuple[str, Callable[[Figures], str]]] = [
        (
            f"turns/s, {plan.messages:,} conversations of one message",
            lambda row: _count(row.rates["drain"]),
        ),
        (f"turns/s, {FEW_CONVERSATIONS} conversations", lambda row: _count(row.rates["few"])),
        ("deltas/s, one thread", lambda row: _count(row.rates["deltas"])),
        ("finished turn to relay, p50/p99 ms", lambda row: _both(row.times["paced_deliver"])),
        ("whole path, p50/p99 ms", lambda row: _both(row.times["paced_added"])),
        (
            f"whole path less the engine's {SLOW_MS} ms, p50/p99 ms",
            lambda row: _both(row.times["slow_added"]),
        ),
        (
            f"asked to stop until the answer has ended, {STREAMS} being written, p50/p99 ms",
            lambda row: _both(row.times["stop"]),
        ),
    ]
    cells = tuple((name, *(read(row) for row in ours.values())) for name, read in lines)
    return Table("Mersal's own path", ("", *ours), cells)


def _idle(results: Results) -> Table:
    plan = results.plan
    cells = tuple(
        (
            f"{one.conversations:,}",
            f"{one.bytes_each:,.0f}",
            f"{one.bytes_each - one.text_bytes:,.0f}",
            _both(one.added),
            _both(one.sweep),
        )
        for one in results.idle
    )
    head = (
        "idle conversations of one turn",
        "bytes each",
        "less their text",
        f"whole path at {plan.rate:g}/s, p50/p99 ms",
        "a sweep, p50/p99 ms",
    )
    return Table("With many idle conversations", head, cells)


def _targets(results: Results) -> str:
    """One line a target and appendfsync: reached or missed."""
    rows = {(row.appendfsync, row.peer): row for row in results.rows}
    lines: list[str] = []
    for (fsync, peer), ours in rows.items():
        if peer != "mersal":
            continue
        for other, least in TARGETS.items():
            if (fsync, other) in rows:
                ratio = _ratio(ours, rows[fsync, other])
                lines.append(
                    _verdict(fsync, ratio >= least, f"{ratio:.1f} × {other}", f"{least:g}")
                )
        added = ours.times["paced_added"].p50
        reached = added < TARGET_ADDED_MS
        lines.append(_verdict(fsync, reached, f"{added:.2f} ms added", f"< {TARGET_ADDED_MS:g}"))
        stop, aim = ours.times["stop"].p99, f"< {TARGET_STOP_MS:g}"
        lines.append(
            _verdict(fsync, stop < TARGET_STOP_MS, f"{stop:.0f} ms to stop, 99 of 100", aim)
        )
    for one in results.idle[-1:]:
        beside = one.bytes_each - one.text_bytes
        what = f"{beside:,.0f} bytes a conversation beside its text"
        aim = f"< {TARGET_IDLE_BYTES:,}"
        lines.append(_verdict(f"{one.conversations:,}", beside < TARGET_IDLE_BYTES, what, aim))
    return "\n".join(lines) + "\n"


def _verdict(fsync: str, reached: bool, measured: str, aim: str) -> str:
    return f"- {fsync}: {measured}, aim {aim}: {'reached' if reached else 'missed'}"


def _ratio(row: Figures, other: Figures) -> float:
    return row.rates["drain"] / other.rates["drain"]


def _count(rate: float) -> str:
    return f"{rate:,.0f}"


def _both(times: Times) -> str:
    return f"{times.p50:.2f} / {times.p99:.2f}"
