"""`python -m inference.demo.evaluate`: ask the trained model what it never saw; write its card."""

import argparse
import json
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from rich.console import Console

from inference.demo.answering import DemoModel, known_answer
from inference.demo.card import Evaluation, Report, Share, write_card
from inference.demo.cases import HELD_BACK, UNSEEN, Case, held_back_cases, probe_cases
from inference.demo.corpus import SOBER, Corpus, read_corpus

MODEL = Path(__file__).parent / "model"
SEED = 7
_FAILURES_KEPT = 60


@dataclass(frozen=True, slots=True)
class Result:
    """One case and what came. `right` means the very answer, product and language included."""

    case: Case
    text: str
    intent: str
    right_intent: bool
    right: bool


@dataclass(frozen=True, slots=True)
class Rate:
    """Of `count` cases, the shares with the right intent, and with the right answer entirely."""

    count: int
    right_intent: float
    right: float


def judge(case: Case, text: str, corpus: Corpus) -> Result:
    """Compare by the nearest known answer; the text itself may differ by a few letters."""
    known = known_answer(text, corpus)
    if known is None:
        return Result(case, text, "unknown text", False, False)
    expected = [answer for answer in corpus.answers if answer.text == case.expected]
    meant = {(answer.intent, answer.product) for answer in expected}
    right_intent = (known.intent, known.product) in meant
    return Result(case, text, known.intent, right_intent, known.text == case.expected)


def rate(results: Sequence[Result]) -> Rate:
    """Raises ZeroDivisionError for no results."""
    count = len(results)
    return Rate(
        count,
        round(sum(result.right_intent for result in results) / count, 3),
        round(sum(result.right for result in results) / count, 3),
    )


def rates_by(results: Sequence[Result], key: Callable[[Result], str]) -> dict[str, Rate]:
    """Rates of each group, in the groups' order."""
    groups: dict[str, list[Result]] = {}
    for result in results:
        groups.setdefault(key(result), []).append(result)
    return {name: rate(groups[name]) for name in sorted(groups)}


def summarise(results: Sequence[Result]) -> Evaluation:
    """All tables, and failures drawn by chance (fixed seed), as plain data for JSON."""
    written = [result for result in results if result.case.group in (HELD_BACK, UNSEEN)]
    sober = [result for result in results if result.case.topic in SOBER]
    failures = [result for result in results if not result.right]
    random.Random(SEED).shuffle(failures)
    return {
        "groups": _plain(rates_by(results, lambda result: result.case.group)),
        "languages": _plain(rates_by(written, lambda result: result.case.language)),
        "intents": _plain(rates_by(written, lambda result: result.case.intent)),
        "sober": _plain(
            rates_by(sober, lambda result: f"{result.case.topic}, {result.case.group}")
        ),
        "sober_got": dict(Counter(result.intent for result in sober if not result.right_intent)),
        "failures": [_failure(result) for result in failures[:_FAILURES_KEPT]],
    }


def _plain(rates: dict[str, Rate]) -> dict[str, Share]:
    return {
        name: {"count": rate.count, "right_intent": rate.right_intent, "right": rate.right}
        for name, rate in rates.items()
    }


def _failure(result: Result) -> dict[str, str]:
    return {
        "group": result.case.group,
        "language": result.case.language,
        "intent": result.case.intent,
        "ask": result.case.ask,
        "answered_as": result.intent,
        "text": result.text,
    }


def evaluate(folder: Path) -> Evaluation:
    """Measure the checkpoint in `folder`, add the figures to its report and write its card."""
    corpus = read_corpus()
    cases = held_back_cases(corpus, SEED) + probe_cases(corpus)
    model = DemoModel(folder)
    texts = model.answer([(*case.history, case.ask) for case in cases])
    results = [judge(case, text, corpus) for case, text in zip(cases, texts, strict=True)]
    path = folder / "report.json"
    report: Report = json.loads(path.read_text(encoding="utf-8"))
    report["evaluation"] = summarise(results)
    path.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    write_card(report, folder / "README.md")
    return report["evaluation"]


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=MODEL, help="folder of the checkpoint")
    arguments = parser.parse_args()
    torch.set_num_threads(2)
    summary = evaluate(arguments.model)
    console = Console()
    for table in ("groups", "languages", "intents", "sober", "sober_got"):
        console.print(table, summary[table])


if __name__ == "__main__":
    main()
