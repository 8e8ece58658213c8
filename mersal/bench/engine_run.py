"""The benchmark of the engine: every peer answers the same questions, in turn with the others."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from inference.advice import is_out_of_memory
from inference.bench.networks import Network
from inference.bench.place import Place, find_place, give_back, has_room, place_name
from inference.bench.subject import Subject
from inference.bench.workload import PROMPT_TOKENS, Answer, Peer, Request, draw_requests
from inference.options import DecodeChoice, Device
from inference.precision import Precision
from mersal.bench.engine_figures import (
    Agreement,
    NetworkFigures,
    PeerFigures,
    SecondTurnFigures,
    mean_row_tokens,
    median_rows,
)
from mersal.bench.machine import Machine, this_machine

logger = logging.getLogger(__name__)

PACKAGES = ("torch", "transformers", "accelerate", "bitsandbytes")
AGREE_ANSWERS = 8
WARM_TOKENS = 4

# What is being done, and how many steps are behind us.
Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class EnginePlan:
    """`concurrency` rises, and begins with 1. Each measurement has `least_requests` at least;
    answers have `answer_tokens` on average; `history_tokens` were said in a first turn.
    `decode`: whether our engine's passes are compiled."""

    concurrency: tuple[int, ...]
    answer_tokens: int
    runs: int
    least_requests: int = 8
    history_tokens: int = 1500
    decode: DecodeChoice = "auto"

    @property
    def pool_tokens(self) -> int:
        """Enough for the most conversations, and for long ones."""
        longest = PROMPT_TOKENS[1] + 2 * self.answer_tokens
        return max(self.concurrency[-1] * longest, 4 * self.history_tokens)

    @property
    def steps(self) -> int:
        """Of the progress, a network."""
        return 2 + self.runs * (len(self.concurrency) + 1)

    def requests(self, seed: str, concurrency: int, network: Network) -> tuple[Request, ...]:
        count = max(concurrency, self.least_requests)
        return draw_requests(
            f"{seed} {concurrency}", count, network.shape.vocabulary, self.answer_tokens
        )


@dataclass(frozen=True, slots=True)
class EngineResults:
    """`left_out`: what did not fit into the device's memory. `failures`: why a network has no
    figures, by its name."""

    machine: Machine
    device: str
    plan: EnginePlan
    networks: tuple[NetworkFigures, ...]
    left_out: tuple[str, ...] = ()
    failures: Mapping[str, str] = field(default_factory=dict)


def run_engines(
    plan: EnginePlan,
    subjects: Sequence[tuple[Network, Precision]],
    device: Device,
    progress: Progress = lambda _doing, _done: None,
    save: Callable[[EngineResults], None] = lambda _: None,
) -> EngineResults:
    """Measure one network after the other; one that fails is named and the next one's turn comes.

    `save` is given what there is after each. Raises ModelLoadFailed when there is no such device.
    """
    place = find_place(device)
    results = EngineResults(this_machine(PACKAGES), place_name(place), plan, ())
    for index, (network, precision) in enumerate(subjects):
        name = f"{network.name}, {precision}"
        steps = iter(range(index * plan.steps, (index + 1) * plan.steps))

        def report(doing: str, name: str = name, steps: Iterator[int] = steps) -> None:
            progress(f"{name}: {doing}", next(steps))

        if not has_room(place, network, precision):
            results = replace(results, left_out=(*results.left_out, name))
            continue
        try:
            figures = _measure_network(network, precision, place, plan, report)
            results = replace(results, networks=(*results.networks, figures))
        except Exception as error:  # whatever it was, hours of other networks are not lost with it
            logger.exception("%s: not measured", name)
            results = replace(results, failures={**results.failures, name: _why(error)})
        give_back(place)
        save(results)
    return results


def _why(error: Exception) -> str:
    if is_out_of_memory(error):
        return "out of memory"
    return " ".join(f"{type(error).__name__}: {error}".split())


def _measure_network(
    network: Network,
    precision: Precision,
    place: Place,
    plan: EnginePlan,
    report: Callable[[str], None],
) -> NetworkFigures:
    report("building")
    own = replace(plan, history_tokens=min(plan.history_tokens, network.context_tokens // 2))
    slots = own.concurrency[-1]
    subject = Subject(network, precision, place, slots, own.pool_tokens, own.decode)
    try:
        return _measure(subject, network, precision, own, report)
    finally:
        subject.close()


def _measure(
    subject: Subject,
    network: Network,
    precision: Precision,
    plan: EnginePlan,
    report: Callable[[str], None],
) -> NetworkFigures:
    report("do all say the same?")
    agreements = _agreements(subject.peers, plan, network)
    rows: list[PeerFigures] = []
    starved: dict[str, None] = {}
    turns = []
    for run in range(plan.runs):
        for concurrency in plan.concurrency:
            report(f"{concurrency} at once")
            requests = plan.requests(str(run), concurrency, network)
            for peer in _peers(subject.peers, concurrency):
                if run == 0:
                    warm = _short(plan.requests("warm", concurrency, network))
                    answer_if_it_fits(peer, warm, concurrency)
                answers = answer_if_it_fits(peer, requests, concurrency)
                if answers is None:
                    starved[f"{peer.name} at {concurrency}"] = None
                else:
                    rows.append(PeerFigures.of(peer.name, concurrency, answers))
        report("the second turn")
        if run == 0:
            subject.second_turn("warm", plan.history_tokens)
        turns.append(subject.second_turn(f"turn {run}", plan.history_tokens))
    return NetworkFigures(
        network.name,
        network.shape.parameters,
        str(precision),
        precision == Precision("float32", "none"),
        subject.limits,
        {n: mean_row_tokens(plan.requests("0", n, network)) for n in plan.concurrency},
        agreements,
        median_rows(rows),
        SecondTurnFigures.of(turns),
        tuple(starved),
    )


def answer_if_it_fits(
    peer: Peer, requests: Sequence[Request], concurrency: int
) -> list[Answer] | None:
    """None when there is too little memory for so many at once."""
    try:
        return peer.answer(requests, concurrency)
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
    return None


def _agreements(peers: Sequence[Peer], plan: EnginePlan, network: Network) -> dict[str, Agreement]:
    """All answer a few questions at once, `generate` one at a time; the first peer is that."""
    requests = plan.requests("agree", AGREE_ANSWERS, network)[:AGREE_ANSWERS]
    at_once = min(AGREE_ANSWERS, plan.concurrency[-1])
    expected = peers[0].answer(requests, 1)
    return {peer.name: Agreement.of(peer.answer(requests, at_once), expected) for peer in peers[1:]}


def _peers(peers: Sequence[Peer], concurrency: int) -> list[Peer]:
    """Whoever answers one at a time does it no faster when more wait; a batch of one is none."""
    left_out = "static" if concurrency == 1 else "generate"
    return [peer for peer in peers if peer.name != left_out]


def _short(requests: Sequence[Request]) -> list[Request]:
    """A few tokens each, so that every size of a step has been there once."""
    return [replace(one, new_tokens=1 + i % WARM_TOKENS) for i, one in enumerate(requests)]
