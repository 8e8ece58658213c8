"""What a round measured, and medians over rounds. Rates per second; times in milliseconds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median


@dataclass(frozen=True, slots=True)
class Times:
    """The middle and the slow end of many times."""

    p50: float
    p99: float

    @classmethod
    def of(cls, values_ns: Sequence[int]) -> "Times":
        """Percentiles of times in nanoseconds."""
        ordered = sorted(values_ns)
        return cls(_at(ordered, 0.50) / 1e6, _at(ordered, 0.99) / 1e6)

    @classmethod
    def median(cls, times: Iterable["Times"]) -> "Times":
        """Of several runs."""
        found = list(times)
        return cls(median(one.p50 for one in found), median(one.p99 for one in found))


@dataclass(frozen=True, slots=True)
class Figures:
    """One peer's round, or the medians of several.

    `rates` and `times` by name, in the order measured; `cpu_ms` is CPU time of worker and
    Redis a message.
    """

    peer: str
    title: str
    appendfsync: str
    rates: Mapping[str, float] = field(default_factory=dict)
    times: Mapping[str, Times] = field(default_factory=dict)
    cpu_ms: Mapping[str, float] = field(default_factory=dict)


def medians(rounds: Iterable[Figures]) -> list[Figures]:
    """One row for each peer and appendfsync, in the order of their first rounds."""
    groups: dict[tuple[str, str], list[Figures]] = {}
    for one in rounds:
        groups.setdefault((one.appendfsync, one.peer), []).append(one)
    return [_median(group) for group in groups.values()]


def _median(group: list[Figures]) -> Figures:
    first = group[0]
    return Figures(
        first.peer,
        first.title,
        first.appendfsync,
        {name: median(one.rates[name] for one in group) for name in first.rates},
        {name: Times.median(one.times[name] for one in group) for name in first.times},
        {name: median(one.cpu_ms[name] for one in group) for name in first.cpu_ms},
    )


def _at(ordered: Sequence[int], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
