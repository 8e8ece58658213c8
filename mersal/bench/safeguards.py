"""How often the safeguards err: `python -m mersal.bench.safeguards FILE...`.

A file has a message a line: category ("none": harmless), language, text, with tabs between.
"""

import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mersal.bench.labelled import rows
from workers.safeguards.rulebook import read_rules
from workers.safeguards.rules import Rules

LANGUAGES = ("ary", "ary-Latn", "ar", "fr", "en")


@dataclass(frozen=True, slots=True)
class Case:
    """A message, and whether it is to be refused."""

    category: str
    language: str
    text: str

    @property
    def harmless(self) -> bool:
        return self.category == "none"


def read_cases(path: Path) -> list[Case]:
    """The messages of a file."""
    return [Case(*row) for row in rows(path)]


def errors(messages: Iterable[Case], rules: Rules) -> list[Case]:
    """The harmful ones that pass and the harmless ones that do not."""
    return [one for one in messages if one.harmless == bool(rules.broken_by(one.text))]


def to_markdown(messages: Sequence[Case], rules: Rules) -> Iterator[str]:
    """A row for each category, a column for each language: errors of how many."""
    wrong = Counter((one.category, one.language) for one in errors(messages, rules))
    total = Counter((one.category, one.language) for one in messages)
    yield "| category | " + " | ".join((*LANGUAGES, "all")) + " |"
    yield "|-" * (len(LANGUAGES) + 2) + "|"
    for category in dict.fromkeys(one.category for one in messages):
        cells = [f"{wrong[category, one]} of {total[category, one]}" for one in LANGUAGES]
        every = [sum(count[category, one] for one in LANGUAGES) for count in (wrong, total)]
        name = "harmless" if category == "none" else category
        yield f"| {name} | " + " | ".join((*cells, f"{every[0]} of {every[1]}")) + " |"


def milliseconds(messages: Sequence[Case], rules: Rules) -> float:
    """Processor time of one message, on average, words known."""
    errors(messages, rules)
    started = time.process_time()
    errors(messages, rules)
    return (time.process_time() - started) * 1000 / len(messages)


def report(paths: Iterable[Path]) -> Iterator[str]:
    """The tables of docs/safeguards.md."""
    rules = Rules(rule for rule in read_rules() if rule.messages)
    for path in paths:
        messages = read_cases(path)
        yield f"{path.name}, {len(messages)} messages:"
        yield ""
        yield from to_markdown(messages, rules)
        yield ""
        yield f"{milliseconds(messages, rules):.2f} ms of processor time a message."
        yield ""


if __name__ == "__main__":
    sys.stdout.write("\n".join(report(map(Path, sys.argv[1:]))) + "\n")
