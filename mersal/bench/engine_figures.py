"""What the benchmark of the engine measured. Rates a second; times in milliseconds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import mean, median

from inference.bench.conversation import SecondTurn
from inference.bench.limits import Limits
from inference.bench.workload import Answer, Request
from mersal.bench.figures import Times


@dataclass(frozen=True, slots=True)
class PeerFigures:
    """One peer with so many conversations at once. `first`: until an answer's first token;
    `between`: from one of its tokens to the next."""

    peer: str
    concurrency: int
    tokens_per_s: float
    first: Times
    between: Times

    @classmethod
    def of(cls, peer: str, concurrency: int, answers: Sequence[Answer]) -> "PeerFigures":
        first = [answer.came_ns[0] - answer.asked_ns for answer in answers]
        between = [then - once for one in answers for once, then in pairwise(one.came_ns)]
        took_ns = max(one.came_ns[-1] for one in answers) - min(one.asked_ns for one in answers)
        tokens = sum(len(answer.tokens) for answer in answers)
        return cls(peer, concurrency, tokens * 1e9 / took_ns, Times.of(first), Times.of(between))


@dataclass(frozen=True, slots=True)
class Agreement:
    """So many of `answers` were word for word those of `generate`, one at a time; `share` of all
    tokens came before the first that was another."""

    answers: int
    equal: int
    share: float

    @classmethod
    def of(cls, answers: Sequence[Answer], expected: Sequence[Answer]) -> "Agreement":
        pairs = [(one.tokens, other.tokens) for one, other in zip(answers, expected, strict=True)]
        return cls(
            len(pairs),
            sum(one == other for one, other in pairs),
            mean(_alike(one, other) / len(other) for one, other in pairs),
        )


@dataclass(frozen=True, slots=True)
class SecondTurnFigures:
    """Medians of SecondTurn's; `equal` when all were."""

    tokens: int
    reused_tokens: int
    reused_ms: float
    cold_ms: float
    generate_ms: float
    equal: bool

    @classmethod
    def of(cls, turns: Sequence[SecondTurn]) -> "SecondTurnFigures":
        return cls(
            tokens=turns[0].tokens,
            reused_tokens=min(turn.reused_tokens for turn in turns),
            reused_ms=median(turn.reused_ns for turn in turns) / 1e6,
            cold_ms=median(turn.cold_ns for turn in turns) / 1e6,
            generate_ms=median(turn.generate_ns for turn in turns) / 1e6,
            equal=all(turn.equal for turn in turns),
        )


@dataclass(frozen=True, slots=True)
class NetworkFigures:
    """One network in one precision. `exact`: its numbers are such that every peer must agree with
    `generate`. `row_tokens` is how long a conversation was on average, by concurrency.
    `starved`: which peers had too little memory for how many."""

    name: str
    parameters: int
    precision: str
    exact: bool
    limits: Limits
    row_tokens: Mapping[int, float]
    agreements: Mapping[str, Agreement]
    rows: tuple[PeerFigures, ...]
    second_turn: SecondTurnFigures
    starved: tuple[str, ...] = ()

    @property
    def one_at_a_time(self) -> PeerFigures:
        return next(row for row in self.rows if row.peer == "generate")

    def times_one(self, row: PeerFigures) -> float:
        """How many times the rate of one at a time."""
        return row.tokens_per_s / self.one_at_a_time.tokens_per_s

    def allowed(self, concurrency: int) -> tuple[float, float]:
        """Tokens a second that memory and arithmetic allow."""
        return self.limits.tokens_per_s(concurrency, self.row_tokens[concurrency])

    def of_memory(self, row: PeerFigures) -> float:
        """Its rate as a share of what memory allows."""
        return row.tokens_per_s / self.allowed(row.concurrency)[0]

    def is_wrong(self, peer: str) -> bool:
        found = self.agreements.get(peer)
        return self.exact and found is not None and found.equal < found.answers


def median_rows(rows: Sequence[PeerFigures]) -> tuple[PeerFigures, ...]:
    """One row for each concurrency and peer, in the order of their first ones."""
    groups: dict[tuple[int, str], list[PeerFigures]] = {}
    for row in rows:
        groups.setdefault((row.concurrency, row.peer), []).append(row)
    return tuple(
        PeerFigures(
            peer,
            concurrency,
            median(one.tokens_per_s for one in group),
            Times.median(one.first for one in group),
            Times.median(one.between for one in group),
        )
        for (concurrency, peer), group in groups.items()
    )


def mean_row_tokens(requests: Sequence[Request]) -> float:
    """How many tokens a conversation has while it is answered, on average."""
    return mean(len(request.ids) + request.new_tokens / 2 for request in requests)


def _alike(one: Sequence[int], other: Sequence[int]) -> int:
    """Tokens before the first difference."""
    pairs = enumerate(zip(one, other, strict=True))
    return next((index for index, (mine, its) in pairs if mine != its), len(other))
