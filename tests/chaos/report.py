"""The table at the end of a chaos run."""

from dataclasses import dataclass

from tests.chaos.verdict import Verdict


@dataclass(frozen=True)
class Row:
    """`settled_s`: from the last fault or message until all is idle and delivered.
    `recovery_s`: the longest that a killed worker's turns waited for another worker."""

    scenario: str
    messages: int
    verdict: Verdict
    settled_s: float
    recovery_s: float | None = None


PROPERTY = "row of the chaos table"  # of a test's report: it crosses processes

HEAD = (
    f"{'scenario':<42}{'messages':>9}{'history':>10}{'outbox':>10}{'idle':>6}"
    f"{'settled s':>11}{'recovery s':>12}"
)
LEGEND = "history and outbox: lost/repeated/out of order"


def lines(rows: list[str]) -> list[str]:
    """The table, one line a scenario."""
    return [HEAD, *rows, LEGEND]


def line(row: Row) -> str:
    counts = [
        f"{count.lost}/{count.repeated}/{count.reordered}"
        for count in (row.verdict.history, row.verdict.outbox)
    ]
    idle = "all" if not row.verdict.restless else f"-{row.verdict.restless}"
    recovery = "" if row.recovery_s is None else f"{row.recovery_s:.1f}"
    return (
        f"{row.scenario:<42}{row.messages:>9}{counts[0]:>10}{counts[1]:>10}{idle:>6}"
        f"{row.settled_s:>11.1f}{recovery:>12}"
    )
