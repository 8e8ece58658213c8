"""How well broker/text tells languages: `python -m mersal.bench.detection FILE`.

The file has a message a line: language, script, text, with tabs between. Half of them, chosen by
their SHA-256, are held back: nobody looks at those while tuning.
"""

import hashlib
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from broker.text.detection import ORDER, detect
from mersal.bench.labelled import rows

_WARM_UP = 50


@dataclass(frozen=True, slots=True)
class Labelled:
    """A message, and what it is."""

    language: str
    script: str
    text: str

    @property
    def held_back(self) -> bool:
        """Whether it is not to be looked at."""
        return hashlib.sha256(self.text.encode()).digest()[0] % 2 == 0


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often which language was told for which, and how often the script was right."""

    told: Counter[tuple[str, str]]
    scripts_right: int

    @property
    def total(self) -> int:
        return self.told.total()

    @property
    def right(self) -> int:
        return sum(count for (language, told), count in self.told.items() if language == told)


def read_labelled(path: Path) -> list[Labelled]:
    """The messages of a file."""
    return [Labelled(*row) for row in rows(path)]


def confusion(messages: Iterable[Labelled]) -> Confusion:
    """Detect them all."""
    told: Counter[tuple[str, str]] = Counter()
    scripts_right = 0
    for message in messages:
        found = detect(message.text)
        told[message.language, found.language] += 1
        scripts_right += found.script == message.script
    return Confusion(told, scripts_right)


def to_markdown(found: Confusion) -> Iterator[str]:
    """The table: a row for each true language, a column for each that was told."""
    yield "| is | " + " | ".join(ORDER) + " |"
    yield "|-" * (len(ORDER) + 1) + "|"
    for language in ORDER:
        cells = (str(found.told[language, told] or "") for told in ORDER)
        yield f"| {language} | " + " | ".join(cells) + " |"
    yield ""
    yield (
        f"Language right: {found.right} of {found.total} ({found.right / found.total:.1%}); "
        f"script right: {found.scripts_right}."
    )


def milliseconds(messages: list[Labelled]) -> float:
    """Processor time of one message, on average."""
    for message in messages[:_WARM_UP]:
        detect(message.text)
    started = time.process_time()
    for message in messages:
        detect(message.text)
    return (time.process_time() - started) * 1000 / len(messages)


def report(path: Path) -> Iterator[str]:
    """The lines of the page docs/arabic.md that are measured."""
    messages = read_labelled(path)
    for name, held_back in (("Held back", True), ("Tuned on", False)):
        chosen = [message for message in messages if message.held_back == held_back]
        yield f"{name}, {len(chosen)} messages:"
        yield ""
        yield from to_markdown(confusion(chosen))
        yield ""
    yield f"{milliseconds(messages):.2f} ms of processor time a message."


if __name__ == "__main__":
    sys.stdout.write("\n".join(report(Path(sys.argv[1]))) + "\n")
