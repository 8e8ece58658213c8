"""How well broker/text writes Darija in the other script: `python -m mersal.bench.arabizi FILE…`.

A file has a pair a line: Latin letters, Arabic script, a tab between. Rates are edits (insert,
drop, change) over the length of what was expected: characters (CER), words (WER).
"""

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from broker.text.arabizi import to_arabic
from broker.text.arabizi_fold import collapse, fold_latin
from broker.text.arabizi_latin import to_latin
from broker.text.distance import edits
from broker.text.lexicon import Side
from broker.text.lexicon_words import known
from mersal.bench.labelled import rows
from mersal.bench.table import Table

KINDS = ("lexicon", "rules", "as it is")


@dataclass(frozen=True, slots=True)
class Pair:
    """A text in one script, and in the other as a person writes it."""

    source: str
    expected: str


@dataclass(frozen=True, slots=True)
class Rates:
    """Errors over a file; of each kind of word, how many there were and how many were wrong."""

    characters: int
    character_errors: int
    words: int
    word_errors: int
    of_kind: Counter[str]
    wrong_of_kind: Counter[str]

    @property
    def cer(self) -> float:
        """Character error rate."""
        return self.character_errors / self.characters

    @property
    def wer(self) -> float:
        """Word error rate."""
        return self.word_errors / self.words


def read_pairs(path: Path, source: Side) -> list[Pair]:
    """The pairs of a file, from the script that is named."""
    return [Pair(a, b) if source == "latin" else Pair(b, a) for a, b in rows(path)]


def measure(
    pairs: Sequence[Pair],
    source: Side,
    write: Callable[[str], str],
    heard: Callable[[str], str] = str,
) -> Rates:
    """Write them all; `heard` brings to one what counts as the same."""
    characters, words = [0, 0], [0, 0]
    of_kind: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for pair in pairs:
        written = write(pair.source)
        for count, got, wanted in (
            (characters, heard(written), heard(pair.expected)),
            (words, heard(written).split(), heard(pair.expected).split()),
        ):
            count[0] += len(wanted)
            count[1] += edits(got, wanted)
        # Only where the words of both stand opposite each other is it known which is wrong.
        columns = (pair.source.split(), written.split(), pair.expected.split())
        if len({len(column) for column in columns}) == 1:
            for word, got, wanted in zip(*columns, strict=True):
                kind = _kind(word, got, source)
                of_kind[kind] += 1
                wrong[kind] += heard(got) != heard(wanted)
    return Rates(characters[0], characters[1], words[0], words[1], of_kind, wrong)


def same_sound(text: str) -> str:
    """Latin text without the spellings among which writers choose: kteb ktéb, chno shnou."""
    return " ".join(collapse(fold_latin(word)) for word in text.split())


def table(title: str, pairs_of: Callable[[Side], list[Pair]]) -> Table:
    """Both directions of one file; into Latin letters also by sound."""
    rows = (
        ("to Arabic script", measure(pairs_of("latin"), "latin", to_arabic)),
        ("to Latin letters", measure(pairs_of("arabic"), "arabic", to_latin)),
        ("… by sound", measure(pairs_of("arabic"), "arabic", to_latin, same_sound)),
    )
    head = (title, "words", "CER", "WER", *(f"WER {kind} (words)" for kind in KINDS))
    return Table("", head, tuple((name, *_cells(rates)) for name, rates in rows))


def main(paths: Sequence[str]) -> Iterator[str]:
    """The tables of the files, and the processor time of a message once its words have been met."""
    for path in map(Path, paths):
        found = table(path.stem, lambda side, path=path: read_pairs(path, side))  # type: ignore[misc]
        yield found.to_markdown().removeprefix("### \n\n")
    messages = [pair.source for path in paths for pair in read_pairs(Path(path), "latin")]
    start = time.process_time()
    for message in messages:
        to_arabic(message)
    each_ms = (time.process_time() - start) / len(messages) * 1000
    yield f"A message to Arabic script: {each_ms:.2f} ms."


def _kind(word: str, written: str, source: Side) -> str:
    if word == written:
        return "as it is"
    return "lexicon" if known(word, source) else "rules"


def _cells(rates: Rates) -> tuple[str, ...]:
    kinds = (
        f"{rates.wrong_of_kind[kind] / rates.of_kind[kind]:.1%} ({rates.of_kind[kind]})"
        if rates.of_kind[kind]
        else "–"
        for kind in KINDS
    )
    return str(rates.words), f"{rates.cer:.1%}", f"{rates.wer:.1%}", *kinds


if __name__ == "__main__":
    for line in main(sys.argv[1:]):
        print(line)  # noqa: T201 - what the module is run for
